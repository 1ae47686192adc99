package mansio.trust.spf;

/**
 * How many leading bits of looked-up addresses count (RFC 7208 section 5.6, dual-cidr-length).
 *
 * @param ip4 0 to 32
 * @param ip6 0 to 128
 */
public record Cidr(int ip4, int ip6) {
    /** All bits: the very address. */
    public static final Cidr EXACT = new Cidr(32, 128);

    public Cidr {
        if (ip4 < 0 || ip4 > 32 || ip6 < 0 || ip6 > 128) {
            throw new IllegalArgumentException("prefix length");
        }
    }
}
