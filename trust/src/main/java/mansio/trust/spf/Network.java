package mansio.trust.spf;

import java.net.InetAddress;
import java.util.Arrays;

/** The addresses that begin with the same bits (RFC 7208 section 5.6). Immutable. */
public final class Network {
    private final byte[] octets;
    private final int bits;

    /**
     * @param octets 4 or 16 of them; those of an IPv4-mapped address stay 16
     * @param bits how many count, 0 to all
     */
    Network(byte[] octets, int bits) {
        if (bits < 0 || bits > octets.length * 8) {
            throw new IllegalArgumentException("prefix length " + bits);
        }
        this.octets = octets.clone();
        this.bits = bits;
    }

    /** The network of an address that was looked up. */
    static Network around(InetAddress address, Cidr cidr) {
        byte[] octets = address.getAddress();
        return new Network(octets, octets.length == 4 ? cidr.ip4() : cidr.ip6());
    }

    /** How many leading bits count. */
    public int bits() {
        return bits;
    }

    /** True when the address is of the same family and lies within. */
    public boolean contains(InetAddress address) {
        byte[] other = address.getAddress();
        if (other.length != octets.length) {
            return false;
        }
        int whole = bits / 8;
        if (!Arrays.equals(other, 0, whole, octets, 0, whole)) {
            return false;
        }
        int left = bits % 8;
        return left == 0 || ((other[whole] ^ octets[whole]) & 0xff) >> (8 - left) == 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Network that
                && bits == that.bits
                && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets) * 31 + bits;
    }

    @Override
    public String toString() {
        return ClientAddress.text(octets) + "/" + bits;
    }
}
