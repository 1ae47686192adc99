package mansio.net.dns;

/** How far DNSSEC vouches for an answer (RFC 4033 section 5). */
public enum Security {
    /** Signed, and the chain of signatures up to the root holds. What DANE asks for. */
    SECURE,
    /** Proven to come from a part of the DNS that is not signed. */
    INSECURE,
    /** Nobody looked, or nobody who is trusted: to be treated like {@link #INSECURE}. */
    UNCHECKED;

    /** What holds for both of two answers that lean on each other, such as the steps of a chain. */
    public Security and(Security other) {
        return compareTo(other) > 0 ? this : other;
    }
}
