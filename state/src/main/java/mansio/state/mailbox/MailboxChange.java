package mansio.state.mailbox;

/** How a command on mailboxes ended. */
public sealed interface MailboxChange {
    /** The mailbox as it is now; for a deletion, as it was. */
    record Done(MailboxInfo mailbox) implements MailboxChange {}

    /** Nothing was changed. */
    record Refused(Reason reason) implements MailboxChange {}

    /** Why not; the response codes are those of RFC 5530, RFC 9051 and RFC 6154. */
    enum Reason {
        /** ALREADYEXISTS. */
        ALREADY_EXISTS,
        /** NONEXISTENT. */
        NONEXISTENT,
        /** CANNOT: INBOX cannot go away, a mailbox cannot move below itself, a path too long. */
        CANNOT,
        /** HASCHILDREN: its inferiors have to go first. */
        HAS_CHILDREN,
        /** USEATTR: another mailbox has this special use, or it cannot be given. */
        USE_TAKEN,
        /** LIMIT: {@link MailLimits}. */
        TOO_MANY
    }
}
