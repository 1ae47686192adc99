package mansio.codec.text;

import java.util.Base64;

/**
 * The modified UTF-7 of IMAP mailbox names, RFC 3501 section 5.1.3. Inside the server names are
 * Unicode; only the wire of IMAP4rev1 sees this form. Only the one canonical encoding of a name is
 * decoded: other spellings would let two names be one.
 */
public final class MailboxNameUtf7 {
    /** Chars of the encoded form. */
    public static final int MAX_LENGTH = 4096;

    private MailboxNameUtf7() {}

    /** The ASCII form of a name. Lone surrogates are encoded as they are. */
    public static String encode(String name) {
        StringBuilder out = new StringBuilder(name.length() + 16);
        int i = 0;
        while (i < name.length()) {
            char c = name.charAt(i);
            if (c == '&') {
                out.append("&-");
                i++;
            } else if (isDirect(c)) {
                out.append(c);
                i++;
            } else {
                int start = i;
                while (i < name.length() && !isDirect(name.charAt(i))) {
                    i++;
                }
                shift(name, start, i, out);
            }
        }
        return out.toString();
    }

    private static boolean isDirect(char c) {
        return c >= ' ' && c < 0x7f;
    }

    private static void shift(String name, int start, int end, StringBuilder out) {
        byte[] utf16 = new byte[2 * (end - start)];
        for (int i = start; i < end; i++) {
            utf16[2 * (i - start)] = (byte) (name.charAt(i) >> 8);
            utf16[2 * (i - start) + 1] = (byte) name.charAt(i);
        }
        String base64 = Base64.getEncoder().withoutPadding().encodeToString(utf16);
        out.append('&').append(base64.replace('/', ',')).append('-');
    }

    /**
     * The name of its ASCII form.
     *
     * @throws SyntaxException when it is not the canonical form of a name
     */
    public static String decode(String encoded) {
        if (encoded.length() > MAX_LENGTH) {
            throw new SyntaxException("mailbox name is too long", MAX_LENGTH);
        }
        StringBuilder out = new StringBuilder(encoded.length());
        int i = 0;
        while (i < encoded.length()) {
            char c = encoded.charAt(i);
            if (!isDirect(c)) {
                throw new SyntaxException("mailbox name is not modified UTF-7", i);
            }
            if (c != '&') {
                out.append(c);
                i++;
                continue;
            }
            int end = encoded.indexOf('-', i);
            if (end < 0) {
                throw new SyntaxException("mailbox name is not modified UTF-7", i);
            }
            unshift(encoded, i + 1, end, out);
            i = end + 1;
        }
        String name = out.toString();
        if (!encode(name).equals(encoded)) {
            throw new SyntaxException("mailbox name is not in canonical modified UTF-7", 0);
        }
        return name;
    }

    private static void unshift(String encoded, int start, int end, StringBuilder out) {
        if (start == end) {
            out.append('&');
            return;
        }
        byte[] utf16;
        try {
            utf16 = Base64.getDecoder().decode(encoded.substring(start, end).replace(',', '/'));
        } catch (IllegalArgumentException e) {
            throw new SyntaxException("mailbox name is not modified UTF-7", start);
        }
        if (utf16.length % 2 != 0) {
            throw new SyntaxException("mailbox name is not modified UTF-7", start);
        }
        int from = out.length();
        for (int i = 0; i < utf16.length; i += 2) {
            out.append((char) ((utf16[i] & 0xff) << 8 | (utf16[i + 1] & 0xff)));
        }
        checkPairs(out, from, start);
    }

    private static void checkPairs(StringBuilder out, int from, int offset) {
        for (int i = from; i < out.length(); i++) {
            int c = out.codePointAt(i);
            if (c >= 0xd800 && c <= 0xdfff) {
                throw new SyntaxException("mailbox name has a lone surrogate", offset);
            }
            if (c > 0xffff) {
                i++;
            }
        }
    }
}
