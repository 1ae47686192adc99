package mansio.codec.smtp;

import mansio.codec.line.ByteSink;

import java.io.IOException;

/**
 * Takes apart what follows DATA: RFC 5321 section 4.5.2. Only CRLF "." CRLF ends a message, where
 * the first CRLF may be the one of the DATA line; whatever else looks like an end is content. The
 * bytes go on to the sink in pieces of the caller's array, without a copy.
 *
 * <p>Used by one thread, for one message.
 */
public final class DotReader {
    private static final byte[] CR = {'\r'};

    private final ByteSink content;
    private State state = State.LINE_START;

    /** Whether the last byte seen of the line was a CR; only meaningful in {@link State#LINE}. */
    private boolean afterCr;

    private enum State {
        /** After a CRLF. */
        LINE_START,
        LINE,
        /** After a "." that began a line, which is held back. */
        DOT,
        /** After "." CR at the beginning of a line; both are held back. */
        DOT_CR,
        END
    }

    public DotReader(ByteSink content) {
        this.content = content;
    }

    /** Whether the final dot has been seen. */
    public boolean ended() {
        return state == State.END;
    }

    /**
     * Takes bytes up to the message's end.
     *
     * @return how many it took: all of them, unless the message ended before
     * @throws IOException when the sink fails
     */
    public int read(byte[] from, int offset, int length) throws IOException {
        int end = offset + length;
        int at = offset;
        int pieceStart = offset;
        while (at < end && state != State.END) {
            switch (state) {
                case LINE_START -> {
                    afterCr = false;
                    if (from[at] == '.') {
                        content.write(from, pieceStart, at - pieceStart);
                        at++;
                        pieceStart = at;
                        state = State.DOT;
                    } else {
                        state = State.LINE;
                    }
                }
                case DOT -> {
                    if (from[at] == '\r') {
                        at++;
                        pieceStart = at;
                        state = State.DOT_CR;
                    } else {
                        state = State.LINE; // The dot was stuffing.
                    }
                }
                case DOT_CR -> {
                    if (from[at] == '\n') {
                        at++;
                        pieceStart = at;
                        state = State.END;
                    } else {
                        content.write(CR, 0, 1);
                        state = State.LINE;
                    }
                }
                case LINE -> at = line(from, at, end);
                case END -> throw new IllegalStateException();
            }
        }
        content.write(from, pieceStart, at - pieceStart);
        return at - offset;
    }

    /** Goes to the end of the line, or as far as the bytes go. */
    private int line(byte[] from, int at, int end) {
        int lineFeed = ByteScan.lineFeed(from, at, end);
        if (lineFeed < 0) {
            afterCr = from[end - 1] == '\r';
            return end;
        }
        boolean crlf = lineFeed > at ? from[lineFeed - 1] == '\r' : afterCr;
        afterCr = false;
        if (crlf) {
            state = State.LINE_START;
        }
        return lineFeed + 1;
    }
}
