package mansio.codec.text;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;

/**
 * An address literal, RFC 5321 section 4.1.3: {@code [192.0.2.1]} or {@code [IPv6:2001:db8::1]}. No
 * other tag was ever registered, so others are refused. An IPv4-mapped IPv6 address becomes the
 * IPv4 address: nothing can hide behind the other spelling.
 */
public record AddressLiteral(InetAddress address) implements Host {
    /** Longest text between the brackets that is looked at. */
    private static final int MAX_LENGTH = 64;

    private static final String IPV6_TAG = "IPv6:";

    public AddressLiteral {
        if (address instanceof Inet6Address six && six.getScopeId() != 0) {
            throw new IllegalArgumentException("scoped address");
        }
    }

    /**
     * @param text with its brackets
     * @throws SyntaxException when it is no literal
     */
    public static AddressLiteral parse(String text) {
        if (text.length() < 2
                || text.length() > MAX_LENGTH
                || text.charAt(0) != '['
                || text.charAt(text.length() - 1) != ']') {
            throw new SyntaxException("expected an address literal", 0);
        }
        String inner = text.substring(1, text.length() - 1);
        if (Ascii.startsWithIgnoreCase(inner, IPV6_TAG)) {
            return new AddressLiteral(ipv6(inner.substring(IPV6_TAG.length())));
        }
        return new AddressLiteral(ipv4(inner));
    }

    @Override
    public String text() {
        return address instanceof Inet4Address
                ? "[" + address.getHostAddress() + "]"
                : "[" + IPV6_TAG + ipv6Text(address.getAddress()) + "]";
    }

    @Override
    public String toString() {
        return text();
    }

    // RFC 5321 4.1.3: IPv4-address-literal = Snum 3("." Snum)
    private static InetAddress ipv4(String text) {
        Cursor in = new Cursor(text);
        long bits = 0;
        for (int i = 0; i < 4; i++) {
            if (i > 0) {
                in.expect('.');
            }
            int start = in.offset();
            bits = bits << 8 | in.expectNumber(255);
            if (in.offset() - start > 3) {
                throw in.fail("expected Snum");
            }
        }
        in.expectEnd();
        String plain =
                (bits >> 24)
                        + "."
                        + (bits >> 16 & 255)
                        + "."
                        + (bits >> 8 & 255)
                        + "."
                        + (bits & 255);
        return Inet4Address.ofLiteral(plain);
    }

    private static InetAddress ipv6(String text) {
        // A scope ("%eth0") would make the JDK look at the interfaces of this machine.
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Ascii.hexValue(c) < 0 && c != ':' && c != '.') {
                throw new SyntaxException("expected an IPv6 address", i);
            }
        }
        try {
            // Gives an Inet4Address for an IPv4-mapped one.
            return Inet6Address.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw new SyntaxException("expected an IPv6 address", 0);
        }
    }

    /** The form of RFC 5952. */
    private static String ipv6Text(byte[] a) {
        int bestStart = -1;
        int bestLength = 1; // One group of zeros is not shortened: RFC 5952 section 4.2.2.
        for (int i = 0; i < 8; i++) {
            int j = i;
            while (j < 8 && group(a, j) == 0) {
                j++;
            }
            if (j - i > bestLength) {
                bestStart = i;
                bestLength = j - i;
            }
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            if (i == bestStart) {
                out.append("::");
                i += bestLength - 1;
                continue;
            }
            if (!out.isEmpty() && out.charAt(out.length() - 1) != ':') {
                out.append(':');
            }
            out.append(Integer.toHexString(group(a, i)));
        }
        return out.toString();
    }

    private static int group(byte[] a, int i) {
        return (a[2 * i] & 0xff) << 8 | (a[2 * i + 1] & 0xff);
    }
}
