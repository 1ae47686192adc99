package mansio.codec.text;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Lenient quoted-printable (RFC 2045 section 6.7): white space at the end of a line is dropped, an
 * "=" that begins no escape stays as it is, lower-case digits are taken, bare LF ends a line.
 */
final class QuotedPrintableDecoder implements TransferDecoder {
    /** Longer runs of white space are no longer held back to see whether the line ends. */
    private static final int MAX_HELD = 1000;

    private static final int CHUNK = 4096;

    private enum State {
        TEXT,
        EQUALS,
        FIRST_DIGIT,
        SOFT_BREAK
    }

    private final Set<Oddity> oddities = EnumSet.noneOf(Oddity.class);
    private final byte[] chunk = new byte[CHUNK];
    private final byte[] held = new byte[MAX_HELD];
    private State state = State.TEXT;
    private int filled;
    private int heldCount;
    private int firstDigit;

    @Override
    public void decode(byte[] in, int offset, int length, OutputStream out) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            int b = in[i] & 0xff;
            switch (state) {
                case TEXT -> text(b, out);
                case EQUALS -> afterEquals(b, out);
                case FIRST_DIGIT -> afterFirstDigit(b, out);
                case SOFT_BREAK -> softBreak(b, out);
            }
        }
        writeChunk(out);
    }

    private void text(int b, OutputStream out) throws IOException {
        if (b == '=') {
            putHeld(out);
            state = State.EQUALS;
        } else if ((b == ' ' || b == '\t') && heldCount < MAX_HELD) {
            held[heldCount++] = (byte) b;
        } else if (b == '\r') {
            // May be the line end that makes the held white space vanish.
            if (heldCount > 0 && heldCount < MAX_HELD) {
                held[heldCount++] = (byte) b;
            } else {
                putHeld(out);
                put(b, out);
            }
        } else if (b == '\n') {
            endOfLine(out);
        } else {
            putHeld(out);
            put(b, out);
        }
    }

    private void endOfLine(OutputStream out) throws IOException {
        if (heldCount > 0) {
            boolean cr = held[heldCount - 1] == '\r';
            heldCount = 0;
            if (cr) {
                put('\r', out);
            }
        }
        put('\n', out);
    }

    private void afterEquals(int b, OutputStream out) throws IOException {
        if (Ascii.hexValue(b) >= 0) {
            firstDigit = b;
            state = State.FIRST_DIGIT;
        } else if (b == '\n') {
            state = State.TEXT;
        } else if (b == '\r' || b == ' ' || b == '\t') {
            state = State.SOFT_BREAK;
            held[heldCount++] = (byte) b;
        } else {
            literalEquals(out);
            text(b, out);
        }
    }

    /** White space after "=": a soft break when nothing else follows before the line ends. */
    private void softBreak(int b, OutputStream out) throws IOException {
        if (b == '\n') {
            heldCount = 0;
            state = State.TEXT;
        } else if ((b == ' ' || b == '\t' || b == '\r') && heldCount < MAX_HELD) {
            held[heldCount++] = (byte) b;
        } else {
            literalEquals(out);
            putHeld(out);
            text(b, out);
        }
    }

    private void afterFirstDigit(int b, OutputStream out) throws IOException {
        int low = Ascii.hexValue(b);
        if (low >= 0) {
            put(Ascii.hexValue(firstDigit) << 4 | low, out);
            state = State.TEXT;
        } else {
            literalEquals(out);
            put(firstDigit, out);
            text(b, out);
        }
    }

    private void literalEquals(OutputStream out) throws IOException {
        oddities.add(Oddity.FOREIGN_CHARACTER);
        state = State.TEXT;
        put('=', out);
    }

    private void putHeld(OutputStream out) throws IOException {
        for (int i = 0; i < heldCount; i++) {
            put(held[i], out);
        }
        heldCount = 0;
    }

    private void put(int b, OutputStream out) throws IOException {
        if (filled == CHUNK) {
            writeChunk(out);
        }
        chunk[filled++] = (byte) b;
    }

    private void writeChunk(OutputStream out) throws IOException {
        out.write(chunk, 0, filled);
        filled = 0;
    }

    @Override
    public void finish(OutputStream out) throws IOException {
        if (state == State.FIRST_DIGIT) {
            oddities.add(Oddity.TRUNCATED);
            put('=', out);
            put(firstDigit, out);
        }
        // White space that ends the body, and a soft break there, mean nothing.
        heldCount = 0;
        writeChunk(out);
    }

    @Override
    public Set<Oddity> oddities() {
        return Collections.unmodifiableSet(oddities);
    }
}
