package mansio.codec.imap;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Mailbox names of IMAP4rev1: RFC 3501 section 5.1.3. */
final class ModifiedUtf7 {
    private ModifiedUtf7() {}

    /**
     * Empty when the octets are not what {@link #encode} would have made: a name has one form, so
     * that two clients cannot mean one mailbox by two names.
     */
    static Optional<String> decode(byte[] octets) {
        StringBuilder text = new StringBuilder(octets.length);
        String coded = new String(octets, StandardCharsets.ISO_8859_1);
        int at = 0;
        while (at < coded.length()) {
            char c = coded.charAt(at);
            int end = c == '&' ? coded.indexOf('-', at) : at;
            if (end < 0) {
                return Optional.empty();
            }
            if (c != '&') {
                text.append(c);
            } else if (end == at + 1) {
                text.append('&');
            } else {
                try {
                    text.append(shifted(coded.substring(at + 1, end)));
                } catch (IllegalArgumentException e) {
                    return Optional.empty();
                }
            }
            at = end + 1;
        }
        String name = text.toString();
        boolean exact = Arrays.equals(encode(name).getBytes(StandardCharsets.ISO_8859_1), octets);
        return exact ? Optional.of(name) : Optional.empty();
    }

    private static String shifted(String base64) {
        byte[] utf16 = Base64.getDecoder().decode(base64.replace(',', '/'));
        return new String(utf16, StandardCharsets.UTF_16BE);
    }

    static String encode(String name) {
        StringBuilder coded = new StringBuilder(name.length() + 8);
        int at = 0;
        while (at < name.length()) {
            char c = name.charAt(at);
            if (isDirect(c)) {
                coded.append(c == '&' ? "&-" : String.valueOf(c));
                at++;
                continue;
            }
            int end = at;
            while (end < name.length() && !isDirect(name.charAt(end))) {
                end++;
            }
            byte[] utf16 = name.substring(at, end).getBytes(StandardCharsets.UTF_16BE);
            String base64 = Base64.getEncoder().withoutPadding().encodeToString(utf16);
            coded.append('&').append(base64.replace('/', ',')).append('-');
            at = end;
        }
        return coded.toString();
    }

    private static boolean isDirect(char c) {
        return c >= 0x20 && c <= 0x7E;
    }
}
