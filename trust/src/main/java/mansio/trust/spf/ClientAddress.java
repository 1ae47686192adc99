package mansio.trust.spf;

import mansio.codec.text.AddressLiteral;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The forms of an address that SPF knows. */
final class ClientAddress {
    private ClientAddress() {}

    /**
     * The address without a scope; an IPv4-mapped IPv6 address becomes the IPv4 address (RFC 7208
     * section 5).
     */
    static InetAddress plain(InetAddress address) {
        return of(address.getAddress());
    }

    private static InetAddress of(byte[] octets) {
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("neither 4 nor 16 octets", e);
        }
    }

    /** For people, and the "c" macro: {@code 192.0.2.1}, {@code 2001:db8::1}. */
    static String text(InetAddress address) {
        String literal = new AddressLiteral(address).text();
        String inner = literal.substring(1, literal.length() - 1);
        return inner.startsWith("IPv6:") ? inner.substring("IPv6:".length()) : inner;
    }

    /** As {@link #text(InetAddress)}. */
    static String text(byte[] octets) {
        return text(of(octets));
    }

    /** The "i" macro: the octets of IPv4, the nibbles of IPv6, with dots between them. */
    static String dotted(InetAddress address) {
        byte[] octets = address.getAddress();
        StringBuilder out = new StringBuilder(64);
        for (byte octet : octets) {
            if (!out.isEmpty()) {
                out.append('.');
            }
            if (octets.length == 4) {
                out.append(octet & 0xff);
            } else {
                out.append(Character.forDigit(octet >> 4 & 15, 16)).append('.');
                out.append(Character.forDigit(octet & 15, 16));
            }
        }
        return out.toString();
    }
}
