package mansio.codec.imap;

import java.io.IOException;

/**
 * Where a command's octets come from: a connection, or an array in a test. Used by the thread that
 * owns the connection.
 */
public interface CommandFeed {
    /**
     * The next line without its CRLF.
     *
     * @param limitBytes the longest line allowed
     * @throws LineTooLongException when the line was longer; it has been read and thrown away
     * @throws IOException at the end of the stream, or when the peer cannot be read
     */
    byte[] line(int limitBytes) throws IOException, LineTooLongException;

    /** Reads exactly {@code length} octets of a literal. */
    void read(byte[] to, int offset, int length) throws IOException;

    /** Asks the peer to go on with a synchronizing literal: RFC 9051 section 7.6. */
    void goAhead() throws IOException;

    /** A line above its limit, thrown away whole. */
    final class LineTooLongException extends Exception {
        private static final long serialVersionUID = 1L;

        public LineTooLongException() {
            super("Line too long", null, false, false);
        }
    }
}
