package mansio.trust.spf;

/**
 * How much a sender may make us ask (RFC 7208 section 4.6.4). The ten hosts of an {@code mx} and
 * the ten names of a client are fixed.
 *
 * @param lookups terms of all records together that need the DNS
 * @param voidLookups terms for which nothing was found
 */
public record SpfLimits(int lookups, int voidLookups) {
    /** What the RFC says. */
    public static final SpfLimits STANDARD = new SpfLimits(10, 2);

    /** MX records of a domain, and PTR records of an address. */
    static final int NAMES = 10;

    public SpfLimits {
        // An include goes one level deeper: the stack is bounded by the look-ups.
        if (lookups < 1 || lookups > 100 || voidLookups < 0 || voidLookups > 100) {
            throw new IllegalArgumentException("SPF limits");
        }
    }
}
