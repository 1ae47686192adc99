package mansio.state.mailbox;

/**
 * What was expunged.
 *
 * @param uids empty when there was nothing, or no such mailbox
 * @param modSeq the mailbox's HIGHESTMODSEQ after it
 */
public record Expunged(UidSet uids, long modSeq) {}
