package mansio.codec.text;

/** Reads the UTF-7 of RFC 2152, which old mail still bears. Never written. */
final class Utf7 {
    private static final String DIGITS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private Utf7() {}

    static MailCharset.Decoded decode(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean wellFormed = true;
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i++);
            if (c != '+') {
                out.append(c);
                wellFormed &= c < 0x80;
                continue;
            }
            int start = i;
            int bits = 0;
            int count = 0;
            while (i < text.length() && DIGITS.indexOf(text.charAt(i)) >= 0) {
                bits = (bits << 6 | DIGITS.indexOf(text.charAt(i++))) & 0x3fffff;
                count += 6;
                if (count >= 16) {
                    count -= 16;
                    out.append((char) (bits >> count));
                }
            }
            boolean empty = i == start;
            if (i < text.length() && text.charAt(i) == '-') {
                i++;
                if (empty) {
                    out.append('+');
                }
            } else if (empty) {
                out.append('+');
                wellFormed = false;
            }
        }
        return new MailCharset.Decoded(out.toString(), true, wellFormed);
    }
}
