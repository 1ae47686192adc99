package mansio.codec.text;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Makes the two transfer encodings of RFC 2045 section 6, in lines of at most 76 chars. */
public final class TransferEncoder {
    private static final int MAX_LINE = 76;
    private static final byte[] CRLF = {'\r', '\n'};
    private static final String HEX = "0123456789ABCDEF";

    private TransferEncoder() {}

    /** Base64 without a line break after the last line. */
    public static byte[] base64(byte[] body) {
        return Base64.getMimeEncoder(MAX_LINE, CRLF).encode(body);
    }

    /**
     * A stream that writes base64 to another one, for bodies of any size. Close it to write the
     * last line; that closes {@code out} too.
     */
    public static OutputStream base64(OutputStream out) {
        return Base64.getMimeEncoder(MAX_LINE, CRLF).wrap(out);
    }

    /** Quoted-printable of a text whose line breaks are CRLF; any other CR or LF is escaped. */
    public static byte[] quotedPrintable(byte[] text) {
        StringBuilder out = new StringBuilder(text.length + text.length / 8 + 16);
        int column = 0;
        for (int i = 0; i < text.length; i++) {
            int b = text[i] & 0xff;
            if (b == '\r' && i + 1 < text.length && text[i + 1] == '\n') {
                out.append("\r\n");
                i++;
                column = 0;
                continue;
            }
            boolean plain = (b > ' ' && b < 0x7f && b != '=') || isInnerSpace(text, i);
            // A leading dot or "From " would be touched by older transports.
            if (column == 0 && (b == '.' || b == 'F')) {
                plain = false;
            }
            int width = plain ? 1 : 3;
            if (column + width > MAX_LINE - 1) {
                out.append("=\r\n");
                column = 0;
            }
            if (plain) {
                out.append((char) b);
            } else {
                out.append('=').append(HEX.charAt(b >> 4)).append(HEX.charAt(b & 15));
            }
            column += width;
        }
        return out.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static boolean isInnerSpace(byte[] text, int i) {
        boolean space = text[i] == ' ' || text[i] == '\t';
        return space && i + 1 < text.length && text[i + 1] != '\r' && text[i + 1] != '\n';
    }
}
