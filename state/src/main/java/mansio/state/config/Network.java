package mansio.state.config;

import java.net.InetAddress;

/**
 * Addresses that begin alike, written as {@code 192.0.2.0/24}, {@code 2001:db8::/32} or one
 * address.
 *
 * @param prefixLength how many bits of {@code base} count
 */
public record Network(InetAddress base, int prefixLength) {
    public Network {
        if (prefixLength < 0 || prefixLength > base.getAddress().length * 8) {
            throw new IllegalArgumentException("a prefix of " + prefixLength + " bits");
        }
    }

    /**
     * Reads a network. Bits behind the prefix must be zero: {@code 192.0.2.7/24} is a slip.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        try {
            InetAddress base = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            int bits = base.getAddress().length * 8;
            Network network =
                    new Network(
                            base, slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1)));
            if (network.restIsZero()) {
                return network;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new IllegalArgumentException(
                "not a network such as 192.0.2.0/24 or 2001:db8::/32, or one address");
    }

    private boolean restIsZero() {
        byte[] bytes = base.getAddress();
        for (int bit = prefixLength; bit < bytes.length * 8; bit++) {
            if ((bytes[bit / 8] & (0x80 >> (bit % 8))) != 0) {
                return false;
            }
        }
        return true;
    }

    /** True for addresses of this network; an IPv4 address is never in an IPv6 network. */
    public boolean contains(InetAddress address) {
        byte[] ours = base.getAddress();
        byte[] theirs = address.getAddress();
        if (ours.length != theirs.length) {
            return false;
        }
        for (int bit = 0; bit < prefixLength; bit++) {
            if (((ours[bit / 8] ^ theirs[bit / 8]) & (0x80 >> (bit % 8))) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public String toString() {
        boolean whole = prefixLength == base.getAddress().length * 8;
        return base.getHostAddress() + (whole ? "" : "/" + prefixLength);
    }
}
