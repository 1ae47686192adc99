package mansio.trust.dmarc;

/** How organizational domains are found. */
public enum Discovery {
    /** By DMARC records on the way to the root (RFC 9989 section 4.10). */
    TREE_WALK,
    /**
     * By tree walk; and where no record on the way says that it is, or is not, of a public suffix,
     * domains that the Public Suffix List counts to one organization are aligned too. Records at a
     * registry's domain are taken to be the registry's, even when they do not say so.
     */
    TREE_WALK_AND_LIST,
    /** By the Public Suffix List alone (RFC 7489 section 3.2). */
    LIST
}
