package mansio.codec.message;

import mansio.codec.text.Ascii;
import mansio.codec.text.MailCharset;

import java.util.Arrays;

/**
 * One header field as it stands in a message, folded lines included. Immutable; it shares the bytes
 * of its {@link Header}.
 */
public final class HeaderField {
    private final byte[] bytes;
    private final int start;
    private final int colon;
    private final int end;
    private final long offset;

    /**
     * @param colon index of the colon, or -1 for a line that is no field
     * @param offset of {@code start} in the message
     */
    HeaderField(byte[] bytes, int start, int colon, int end, long offset) {
        this.bytes = bytes;
        this.start = start;
        this.colon = colon;
        this.end = end;
        this.offset = offset;
    }

    /** The name as spelled, without white space before the colon; empty for a malformed line. */
    public String name() {
        return colon < 0 ? "" : ascii(start, nameEnd());
    }

    /** True when the field has this name, in any case. */
    public boolean is(String name) {
        return matches(bytes, start, colon, name);
    }

    static boolean matches(byte[] bytes, int start, int colon, String name) {
        int length = name.length();
        if (colon - start < length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (Ascii.lower((char) (bytes[start + i] & 0xff)) != Ascii.lower(name.charAt(i))) {
                return false;
            }
        }
        for (int i = start + length; i < colon; i++) {
            if (bytes[i] != ' ' && bytes[i] != '\t') {
                return false;
            }
        }
        return true;
    }

    /** False for a line that has no field name and colon. */
    public boolean isField() {
        return colon >= 0;
    }

    /** Bytes from the start of the message. */
    public long offset() {
        return offset;
    }

    /** Bytes, the final line break included. */
    public int length() {
        return end - start;
    }

    /** Bytes from the start of the field to its value, the colon included. */
    public int valueOffset() {
        return colon < 0 ? 0 : colon + 1 - start;
    }

    /** The field as it stands, with its final line break. */
    public byte[] raw() {
        return Arrays.copyOfRange(bytes, start, end);
    }

    /** What follows the colon as it stands, folded, without the final line break. */
    public byte[] rawValue() {
        return Arrays.copyOfRange(bytes, start + valueOffset(), contentEnd());
    }

    /**
     * The value without line breaks and outer white space, encoded words left as they are. UTF-8
     * (RFC 6532), or windows-1252 when it is not.
     */
    public String unfolded() {
        int from = start + valueOffset();
        int to = contentEnd();
        while (from < to && isSpace(bytes[from])) {
            from++;
        }
        while (to > from && isSpace(bytes[to - 1])) {
            to--;
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\n') {
                return MailCharset.guess(withoutBreaks(from, to));
            }
        }
        return MailCharset.guess(bytes, from, to - from);
    }

    /** The value for people: unfolded, encoded words of RFC 2047 decoded. */
    public String decoded() {
        return EncodedWords.decode(unfolded());
    }

    private byte[] withoutBreaks(int from, int to) {
        byte[] out = new byte[to - from];
        int length = 0;
        for (int i = from; i < to; i++) {
            boolean lineBreak =
                    bytes[i] == '\n' || (bytes[i] == '\r' && i + 1 < to && bytes[i + 1] == '\n');
            if (!lineBreak) {
                out[length++] = bytes[i];
            }
        }
        return Arrays.copyOf(out, length);
    }

    private int nameEnd() {
        int nameEnd = colon;
        while (nameEnd > start && (bytes[nameEnd - 1] == ' ' || bytes[nameEnd - 1] == '\t')) {
            nameEnd--;
        }
        return nameEnd;
    }

    private int contentEnd() {
        int contentEnd = end;
        if (contentEnd > start && bytes[contentEnd - 1] == '\n') {
            contentEnd--;
            if (contentEnd > start && bytes[contentEnd - 1] == '\r') {
                contentEnd--;
            }
        }
        return Math.max(contentEnd, start + valueOffset());
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private String ascii(int from, int to) {
        return MailCharset.guess(bytes, from, to - from);
    }

    @Override
    public String toString() {
        return name() + ": " + unfolded();
    }
}
