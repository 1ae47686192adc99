package mansio.codec.smtp;

import mansio.codec.line.ByteSink;

import java.io.IOException;

/**
 * Puts a message into the form that follows DATA: RFC 5321 section 4.5.2. Lines that begin with a
 * dot get another one. A CR or LF that is not part of a CRLF becomes a CRLF: nothing we send can be
 * taken for the end of a message by anyone but the end. BDAT (RFC 3030) wants the same lines
 * without the dots.
 *
 * <p>Used by one thread, for one message.
 */
public final class DotWriter implements ByteSink {
    private static final byte[] CRLF = {'\r', '\n'};
    private static final byte[] DOT = {'.'};
    private static final byte[] END = {'.', '\r', '\n'};

    private final ByteSink out;
    private final boolean dots;
    private boolean atLineStart = true;

    /** A CR was seen and not yet written. */
    private boolean afterCr;

    /** For DATA. */
    public DotWriter(ByteSink out) {
        this(out, true);
    }

    private DotWriter(ByteSink out, boolean dots) {
        this.out = out;
        this.dots = dots;
    }

    /** For BDAT: line ends only. {@link #endLine} ends the message. */
    public static DotWriter withoutDots(ByteSink out) {
        return new DotWriter(out, false);
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            if (afterCr) {
                afterCr = false;
                lineBreak();
                at += from[at] == '\n' ? 1 : 0;
                continue;
            }
            if (dots && atLineStart && from[at] == '.') {
                out.write(DOT, 0, 1);
            }
            int lineBreak = ByteScan.lineBreak(from, at, end);
            int textEnd = lineBreak < 0 ? end : lineBreak;
            if (textEnd > at) {
                out.write(from, at, textEnd - at);
                atLineStart = false;
            }
            at = textEnd;
            if (lineBreak >= 0) {
                at++;
                if (from[lineBreak] == '\r') {
                    afterCr = true;
                } else {
                    lineBreak();
                }
            }
        }
    }

    private void lineBreak() throws IOException {
        out.write(CRLF, 0, 2);
        atLineStart = true;
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    /** Writes a CRLF when the last line has none. Does not flush. */
    public void endLine() throws IOException {
        if (afterCr) {
            afterCr = false;
            lineBreak();
        }
        if (!atLineStart) {
            lineBreak();
        }
    }

    /** Writes the final dot, after a CRLF when the last line has none. Does not flush. */
    public void end() throws IOException {
        endLine();
        out.write(END, 0, 3);
    }
}
