package mansio.codec.message;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes header fields that we add: folded at 78 chars where spaces allow it (RFC 5322 section
 * 2.1.1), ended by CRLF. A name or value with a control character is refused: no text that came
 * from outside can begin another field or line.
 */
public final class FieldPrinter {
    private static final int SOFT_LIMIT = 78;

    private FieldPrinter() {}

    /**
     * A structured field, made of pieces that are not broken; a space, or a fold, stands between
     * two of them. The pieces are written as they are (UTF-8 when not ASCII, RFC 6532).
     *
     * @throws IllegalArgumentException when the name is no field name or a piece has a control
     *     character
     */
    public static byte[] structured(String name, List<String> pieces) {
        checkName(name);
        StringBuilder out = new StringBuilder(name).append(':');
        int column = out.length();
        boolean first = true;
        for (String piece : pieces) {
            checkPiece(piece);
            if (piece.isEmpty()) {
                continue;
            }
            if (!first && column + 1 + piece.length() > SOFT_LIMIT) {
                out.append("\r\n");
                column = 0;
            }
            out.append(' ').append(piece);
            column += 1 + piece.length();
            first = false;
        }
        return out.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    /** An unstructured field: text that is not plain ASCII becomes encoded words (RFC 2047). */
    public static byte[] unstructured(String name, String text) {
        checkPiece(text);
        return structured(name, List.of(EncodedWords.encode(text).split(" ")));
    }

    /** A mailbox for {@link #structured}: display name as phrase or encoded words, and address. */
    public static String mailbox(String displayName, Address address) {
        checkPiece(displayName);
        String angle = "<" + address.toWire() + ">";
        if (displayName.isEmpty()) {
            return angle;
        }
        String encoded = EncodedWords.encode(displayName);
        boolean plain = encoded.equals(displayName);
        return (plain ? phrase(displayName) : encoded) + " " + angle;
    }

    // RFC 5322 3.2.5: phrase = 1*word; 3.2.4: quoted-string
    private static String phrase(String text) {
        if (text.chars().allMatch(c -> Ascii.isAtext(c) || c == ' ')) {
            return text;
        }
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    // RFC 5322 2.2: printable US-ASCII except colon.
    private static void checkName(String name) {
        boolean ok = !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ':');
        if (!ok) {
            throw new IllegalArgumentException("not a field name");
        }
    }

    private static void checkPiece(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            char c = piece.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                throw new IllegalArgumentException("control character in a header field");
            }
        }
    }
}
