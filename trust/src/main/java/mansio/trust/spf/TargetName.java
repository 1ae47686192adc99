package mansio.trust.spf;

import mansio.net.dns.DnsName;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Makes the name to be asked of what macros expanded to (RFC 7208 sections 4.8 and 7.3). */
final class TargetName {
    /** Octets of a name as text; what is longer loses labels on the left. */
    static final int MAX_LENGTH = 253;

    private TargetName() {}

    /**
     * @param expanded of any length; every char stands for itself, so that no backslash of a local
     *     part escapes anything
     * @return empty when no name comes of it: empty labels, or ones that are too long
     */
    static Optional<DnsName> of(String expanded) {
        String octets =
                new String(expanded.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        int end = octets.endsWith(".") ? octets.length() - 1 : octets.length();
        int start = 0;
        while (end - start > MAX_LENGTH) {
            int dot = octets.indexOf('.', start);
            if (dot < 0 || dot >= end) {
                return Optional.empty();
            }
            start = dot + 1;
        }
        StringBuilder name = new StringBuilder(end - start + 16);
        for (int i = start; i < end; i++) {
            char c = octets.charAt(i);
            if (c > ' ' && c < 0x7f && c != '\\') {
                name.append(c);
            } else {
                name.append('\\')
                        .append((char) ('0' + c / 100))
                        .append((char) ('0' + c / 10 % 10))
                        .append((char) ('0' + c % 10));
            }
        }
        // A dot alone would be the root.
        return name.toString().equals(".") ? Optional.empty() : DnsName.tryParse(name.toString());
    }

    /** The text that gives this name: what the "d" macro stands for. */
    static String expandable(DnsName name) {
        String text = name.text();
        if (text.indexOf('\\') < 0) {
            return text;
        }
        ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                octets.write(Integer.parseInt(text.substring(i + 1, i + 4)));
                i += 3;
            } else {
                octets.write(text.charAt(i));
            }
        }
        return octets.toString(StandardCharsets.UTF_8);
    }
}
