package mansio.state.mailbox;

/** How STORE ended. */
public sealed interface Stored {
    /**
     * @param changed those that have other flags now; their MODSEQ is between the old HIGHESTMODSEQ
     *     and {@code modSeq}
     * @param modified those that were left alone because they changed after UNCHANGEDSINCE: the
     *     MODIFIED response code (RFC 7162 section 3.1.3)
     * @param modSeq the mailbox's HIGHESTMODSEQ after it
     */
    record Done(UidSet changed, UidSet modified, long modSeq) implements Stored {}

    /** More keywords than the account can have: NO [LIMIT]. */
    record TooManyKeywords() implements Stored {}

    /** The mailbox is gone. */
    record NoMailbox() implements Stored {}
}
