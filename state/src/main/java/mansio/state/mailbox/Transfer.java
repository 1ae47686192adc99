package mansio.state.mailbox;

/** Messages that go from one mailbox to another, which may be the same. */
public record Transfer(long fromMailboxId, UidSet uids, long toMailboxId) {}
