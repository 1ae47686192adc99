package mansio.trust.dkim;

import mansio.codec.text.Ascii;
import mansio.codec.text.MailCharset;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One field of a {@link RawHeader}, byte for byte, and what signatures need of it. Immutable; it
 * shares the bytes of its header.
 */
public final class RawField {
    private final byte[] bytes;
    private final int start;
    private final int colon;
    private final int end;

    /**
     * @param colon index of the colon, or -1 for a line that is no field
     * @param end behind the line break
     */
    RawField(byte[] bytes, int start, int colon, int end) {
        this.bytes = bytes;
        this.start = start;
        this.colon = colon;
        this.end = end;
    }

    /** A field that stands alone, such as one of ours that is being made. */
    public static RawField of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new RawField(bytes, 0, text.indexOf(':'), bytes.length);
    }

    /** The name in lower case; empty for a line that is no field. */
    public String name() {
        if (colon < 0) {
            return "";
        }
        int to = colon;
        while (to > start && isSpace(bytes[to - 1])) {
            to--;
        }
        return Ascii.lower(new String(bytes, start, to - start, StandardCharsets.ISO_8859_1));
    }

    /** What follows the colon, folded as it stands; UTF-8, or windows-1252 when it is not. */
    public String value() {
        return MailCharset.guess(bytes, colon + 1, end - colon - 1);
    }

    /** The canonical form, ended by CRLF (RFC 6376 sections 3.4.1 and 3.4.2). */
    public byte[] canonical(Canonicalization how) {
        return switch (how) {
            case SIMPLE -> simple(end);
            case RELAXED -> relaxed();
        };
    }

    /**
     * The same field with the value of its b= tag cut out, white space around it included (RFC 6376
     * section 3.5), and without its final line break: so a signature field signs itself.
     */
    public RawField withoutSignature() {
        int contentEnd = contentEnd();
        int at = colon + 1;
        while (at < contentEnd) {
            int tagEnd = at;
            int equals = -1;
            while (tagEnd < contentEnd && bytes[tagEnd] != ';') {
                if (bytes[tagEnd] == '=' && equals < 0) {
                    equals = tagEnd;
                }
                tagEnd++;
            }
            if (equals >= 0 && isNamedB(at, equals)) {
                return cut(equals + 1, tagEnd, contentEnd);
            }
            at = tagEnd + 1;
        }
        return cut(contentEnd, contentEnd, contentEnd);
    }

    private boolean isNamedB(int from, int equals) {
        int found = 0;
        for (int i = from; i < equals; i++) {
            if (!isBlank(bytes[i])) {
                if (bytes[i] != 'b') {
                    return false;
                }
                found++;
            }
        }
        return found == 1;
    }

    private RawField cut(int from, int to, int contentEnd) {
        byte[] out = new byte[from - start + contentEnd - to];
        System.arraycopy(bytes, start, out, 0, from - start);
        System.arraycopy(bytes, to, out, from - start, contentEnd - to);
        return new RawField(out, 0, colon - start, out.length);
    }

    private byte[] simple(int to) {
        byte[] out = Arrays.copyOfRange(bytes, start, to);
        boolean ended = out.length > 1 && out[out.length - 1] == '\n';
        return ended ? out : withCrlf(out, out.length);
    }

    private byte[] relaxed() {
        byte[] out = new byte[end - start + 2];
        int length = 0;
        for (int i = start; i < colon; i++) {
            if (!isBlank(bytes[i])) {
                out[length++] = (byte) Ascii.lower((char) (bytes[i] & 0xff));
            }
        }
        out[length++] = ':';
        int valueStart = length;
        boolean space = false;
        int contentEnd = contentEnd();
        for (int i = colon + 1; i < contentEnd; i++) {
            byte b = bytes[i];
            if (isSpace(b)) {
                space = true;
            } else if (!isLineBreak(i)) {
                if (space && length > valueStart) {
                    out[length++] = ' ';
                }
                space = false;
                out[length++] = b;
            }
        }
        return withCrlf(out, length);
    }

    private boolean isLineBreak(int i) {
        return bytes[i] == '\n' || (bytes[i] == '\r' && i + 1 < end && bytes[i + 1] == '\n');
    }

    private static byte[] withCrlf(byte[] from, int length) {
        byte[] out = Arrays.copyOf(from, length + 2);
        out[length] = '\r';
        out[length + 1] = '\n';
        return out;
    }

    private int contentEnd() {
        int to = end;
        if (to > colon + 1 && bytes[to - 1] == '\n') {
            to--;
            if (to > colon + 1 && bytes[to - 1] == '\r') {
                to--;
            }
        }
        return to;
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    private static boolean isBlank(byte b) {
        return isSpace(b) || b == '\r' || b == '\n';
    }

    @Override
    public String toString() {
        return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    }
}
