package mansio.state.mailbox;

/** A placement's name. */
public record MailboxUid(long mailboxId, long uid) {}
