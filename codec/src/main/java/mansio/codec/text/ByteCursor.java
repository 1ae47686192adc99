package mansio.codec.text;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * A position in a run of bytes, for hand-written parsers of wire grammars. It does not copy the
 * array, which must not change while it reads. <em>take</em> tries and moves nothing on failure;
 * <em>expect</em> throws {@link SyntaxException} with the offset. Used by one thread.
 *
 * @see Cursor the same over text
 */
public final class ByteCursor {
    /** What {@link #peek()} gives at the end; no byte has this value. */
    public static final int END = -1;

    /** Tells which bytes (0 to 255) belong to a token. */
    @FunctionalInterface
    public interface ByteTest {
        boolean test(int b);
    }

    private final byte[] bytes;
    private final int start;
    private final int end;
    private int at;

    public ByteCursor(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    public ByteCursor(byte[] bytes, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        this.bytes = bytes;
        this.start = offset;
        this.at = offset;
        this.end = offset + length;
    }

    /** Bytes from the start of the run. */
    public int offset() {
        return at - start;
    }

    /** Bytes not yet taken. */
    public int remaining() {
        return end - at;
    }

    public boolean atEnd() {
        return at == end;
    }

    /** The next byte (0 to 255) without moving, or {@link #END}. */
    public int peek() {
        return at < end ? bytes[at] & 0xff : END;
    }

    /** The byte {@code ahead} places after the next one, or {@link #END}. */
    public int peek(int ahead) {
        return ahead < end - at ? bytes[at + ahead] & 0xff : END;
    }

    /** The next byte (0 to 255), moving past it. */
    public int next() {
        if (atEnd()) {
            throw fail("unexpected end");
        }
        return bytes[at++] & 0xff;
    }

    /** Goes back (or on) to an offset had from {@link #offset()}. */
    public void reset(int offset) {
        Objects.checkIndex(offset, end - start + 1);
        at = start + offset;
    }

    public boolean take(char ascii) {
        if (peek() != ascii) {
            return false;
        }
        at++;
        return true;
    }

    /** Takes this ASCII text in any case of the letters. */
    public boolean takeIgnoreCase(String word) {
        if (word.length() > end - at) {
            return false;
        }
        for (int i = 0; i < word.length(); i++) {
            if (Ascii.lower(word.charAt(i)) != Ascii.lower((char) (bytes[at + i] & 0xff))) {
                return false;
            }
        }
        at += word.length();
        return true;
    }

    /** Skips as many bytes as pass and tells how many. */
    public int skipWhile(ByteTest test) {
        int from = at;
        while (at < end && test.test(bytes[at] & 0xff)) {
            at++;
        }
        return at - from;
    }

    /** Takes as many bytes as pass, perhaps none; each byte becomes the char of its value. */
    public String takeWhile(ByteTest test) {
        int from = at;
        skipWhile(test);
        return new String(bytes, from, at - from, StandardCharsets.ISO_8859_1);
    }

    /** Takes exactly {@code length} bytes as a copy. */
    public byte[] expectBytes(int length) {
        if (length < 0 || length > end - at) {
            throw fail("unexpected end");
        }
        byte[] copy = new byte[length];
        System.arraycopy(bytes, at, copy, 0, length);
        at += length;
        return copy;
    }

    public void expect(char ascii) {
        if (!take(ascii)) {
            throw fail("expected '" + ascii + "'");
        }
    }

    public void expectIgnoreCase(String word) {
        if (!takeIgnoreCase(word)) {
            throw fail("expected \"" + word + "\"");
        }
    }

    /** Takes one or more bytes that pass. {@code what} names the production for the error. */
    public String expectWhile(String what, ByteTest test) {
        String taken = takeWhile(test);
        if (taken.isEmpty()) {
            throw fail("expected " + what);
        }
        return taken;
    }

    /**
     * Takes a decimal number of ASCII digits.
     *
     * @param max the largest value allowed, not negative
     */
    public long expectNumber(long max) {
        int from = at;
        long value = 0;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            int digit = bytes[at] - '0';
            if (value > (max - digit) / 10) {
                at = from;
                throw fail("number too large");
            }
            value = value * 10 + digit;
            at++;
        }
        if (at == from) {
            throw fail("expected a number");
        }
        return value;
    }

    public void expectEnd() {
        if (!atEnd()) {
            throw fail("unexpected text");
        }
    }

    /** The bytes between two offsets; each byte becomes the char of its value. */
    public String latin1(int from, int to) {
        Objects.checkFromToIndex(from, to, end - start);
        return new String(bytes, start + from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** An exception for the current offset, to be thrown. */
    public SyntaxException fail(String message) {
        return new SyntaxException(message, offset());
    }
}
