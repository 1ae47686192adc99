package mansio.codec.line;

import java.nio.charset.StandardCharsets;

/** What {@link LineReader#readLine} found. */
public sealed interface Line {
    /**
     * A whole line.
     *
     * @param bytes without the line's end; they may hold any octet but LF, a bare CR too
     */
    record Text(byte[] bytes) implements Line {
        /** Each octet as the character of the same number; loses nothing. */
        public String latin1() {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * A line longer than the limit. All of it has been read and thrown away; the dialogue can go on
     * with the next.
     *
     * @param beginning the first bytes, as many as the limit, at most {@link
     *     LineReader#KEPT_OF_TOO_LONG}: enough for a verb, or an IMAP tag to answer to
     */
    record TooLong(byte[] beginning) implements Line {}

    /** A line that ended in a bare LF where that is {@link BareLf#REFUSED}. */
    record BareLineFeed(byte[] bytes) implements Line {}

    /** The peer has closed its side. A line it left unfinished is not told: it was never sent. */
    record End() implements Line {}
}
