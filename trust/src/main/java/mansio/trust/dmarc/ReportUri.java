package mansio.trust.dmarc;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where reports go, as in {@code mailto:reports@example.org!10m} (RFC 7489 section 6.4).
 *
 * @param uri without the size
 * @param address the recipient of a {@code mailto:} URI, without its header fields; empty for
 *     another scheme, to which nothing is sent
 * @param maxBytes the largest report that is wanted. RFC 9989 no longer has it
 */
public record ReportUri(String uri, Optional<Address> address, OptionalLong maxBytes) {
    private static final String MAILTO = "mailto:";
    private static final int MAX_LENGTH = 1000;

    /** Reads one, with its size; empty when it is none. */
    public static Optional<ReportUri> parse(String text) {
        int mark = text.lastIndexOf('!');
        String uri = mark < 0 ? text : text.substring(0, mark);
        Optional<Long> size = mark < 0 ? Optional.of(-1L) : size(text.substring(mark + 1));
        if (size.isEmpty() || uri.length() > MAX_LENGTH || !isUri(uri)) {
            return Optional.empty();
        }
        OptionalLong max = mark < 0 ? OptionalLong.empty() : OptionalLong.of(size.get());
        if (!Ascii.startsWithIgnoreCase(uri, MAILTO)) {
            return Optional.of(new ReportUri(uri, Optional.empty(), max));
        }
        return recipient(uri).map(it -> new ReportUri(uri, Optional.of(it), max));
    }

    /** Whose permission a report to this place needs, when it is known. */
    public Optional<Domain> host() {
        return address.flatMap(Address::domain);
    }

    // dmarc-uri = URI [ "!" 1*DIGIT [ "k" / "m" / "g" / "t" ] ]; units are powers of 1024.
    private static Optional<Long> size(String text) {
        if (text.isEmpty()) {
            return Optional.empty();
        }
        int unit = "kmgt".indexOf(Ascii.lower(text.charAt(text.length() - 1))) + 1;
        String digits = unit > 0 ? text.substring(0, text.length() - 1) : text;
        if (digits.isEmpty() || digits.length() > 20 || !digits.chars().allMatch(Ascii::isDigit)) {
            return Optional.empty();
        }
        // What does not fit is no limit in practice.
        long number = digits.length() > 18 ? Long.MAX_VALUE : Long.parseLong(digits);
        int shift = 10 * unit;
        return Optional.of(number > Long.MAX_VALUE >> shift ? Long.MAX_VALUE : number << shift);
    }

    // RFC 3986 3.1: scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
    private static boolean isUri(String text) {
        int colon = text.indexOf(':');
        return colon > 0
                && colon < text.length() - 1
                && Ascii.isLetter(text.charAt(0))
                && text.chars().limit(colon).allMatch(ReportUri::isSchemeChar)
                && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private static boolean isSchemeChar(int c) {
        return Ascii.isLetter(c) || Ascii.isDigit(c) || c == '+' || c == '-' || c == '.';
    }

    // RFC 6068 2: mailtoURI = "mailto:" [ to ] [ hfields ]
    private static Optional<Address> recipient(String uri) {
        int end = uri.indexOf('?');
        String to = uri.substring(MAILTO.length(), end < 0 ? uri.length() : end);
        return decoded(to).flatMap(Address::tryParse);
    }

    private static Optional<String> decoded(String text) {
        byte[] out = new byte[text.length()];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            int octet = text.charAt(i);
            if (octet == '%') {
                int high = i + 2 < text.length() ? Ascii.hexValue(text.charAt(i + 1)) : -1;
                int low = high < 0 ? -1 : Ascii.hexValue(text.charAt(i + 2));
                if (low < 0) {
                    return Optional.empty();
                }
                octet = high << 4 | low;
                i += 2;
            }
            out[length++] = (byte) octet;
        }
        return Optional.of(new String(out, 0, length, StandardCharsets.UTF_8));
    }
}
