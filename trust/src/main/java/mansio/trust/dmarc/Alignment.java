package mansio.trust.dmarc;

/** How alike two domains must be (RFC 9989, the tags adkim and aspf). */
public enum Alignment {
    /** The same organizational domain. */
    RELAXED,
    /** The same domain. */
    STRICT
}
