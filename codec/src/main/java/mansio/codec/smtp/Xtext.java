package mansio.codec.smtp;

import mansio.codec.text.Ascii;
import mansio.codec.text.SyntaxException;

/** The encoding of values in SMTP parameters: RFC 3461 section 4. */
final class Xtext {
    private static final String HEX = "0123456789ABCDEF";

    private Xtext() {}

    /**
     * The decoded text.
     *
     * @throws SyntaxException when it is no xtext, or encodes anything but printable ASCII and
     *     space: no line break or NUL gets into a queue file or a report this way
     */
    static String decode(String xtext, int offset) {
        StringBuilder text = new StringBuilder(xtext.length());
        for (int i = 0; i < xtext.length(); i++) {
            char c = xtext.charAt(i);
            if (c == '+') {
                c = hexChar(xtext, i, offset);
                i += 2;
            } else if (c <= ' ' || c > '~' || c == '=') {
                throw new SyntaxException("expected xtext", offset + i);
            }
            text.append(c);
        }
        return text.toString();
    }

    // RFC 3461 section 4: hexchar = ASCII "+" immediately followed by two upper case hex digits
    private static char hexChar(String xtext, int at, int offset) {
        int high = at + 2 < xtext.length() ? Ascii.hexValue(xtext.charAt(at + 1)) : -1;
        int low = high < 0 ? -1 : Ascii.hexValue(xtext.charAt(at + 2));
        int value = low < 0 ? -1 : high << 4 | low;
        if (value < ' ' || value > '~') {
            throw new SyntaxException("expected xtext of printable ASCII", offset + at);
        }
        return (char) value;
    }

    /** The reverse of {@link #decode}. */
    static String encode(String text) {
        StringBuilder xtext = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c > '~' || c == '+' || c == '=') {
                xtext.append('+').append(HEX.charAt(c >> 4 & 15)).append(HEX.charAt(c & 15));
            } else {
                xtext.append(c);
            }
        }
        return xtext.toString();
    }
}
