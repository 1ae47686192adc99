package mansio.state.mailbox;

import java.util.Optional;

/**
 * A mailbox at one version of its account.
 *
 * @param id never reused in its account; stays through renaming. MAILBOXID (RFC 8474)
 */
public record MailboxInfo(
        long id,
        MailboxName name,
        Optional<SpecialUse> use,
        boolean subscribed,
        long parentId,
        boolean hasChildren,
        MailboxCounts counts) {
    /** {@link #parentId} of a mailbox at the top. */
    public static final long NO_PARENT = 0;
}
