package mansio.state.mailbox;

/**
 * What STATUS tells (RFC 9051 section 6.3.11, RFC 7162 section 3.1.2.1, RFC 9208 section 4.1.4).
 *
 * @param unseen without {@code \Seen}
 * @param deleted with {@code \Deleted}
 * @param sizeBytes the sum of RFC822.SIZE
 * @param deletedSizeBytes the part of it that has {@code \Deleted}
 * @param uidNext greater than every UID assigned so far
 * @param highestModSeq the version of the last change of this mailbox's messages
 */
public record MailboxCounts(
        int messages,
        int unseen,
        int deleted,
        long sizeBytes,
        long deletedSizeBytes,
        long uidNext,
        long uidValidity,
        long highestModSeq) {}
