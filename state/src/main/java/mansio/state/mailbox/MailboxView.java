package mansio.state.mailbox;

import java.util.OptionalLong;

/**
 * A mailbox at one durable version: its UIDs in order with flags, sizes and MODSEQs. Immutable and
 * shared by all who look at the same version; a newer version shares what did not change. Safe for
 * use by any thread.
 *
 * <p>Sequence numbers are the session's: it keeps the UIDs it has announced and ranks in that set.
 * An index here is 0 for the lowest UID.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class MailboxView {
    MailboxView() {}

    public long mailboxId() {
        throw new UnsupportedOperationException();
    }

    /** As STATUS gives it, at this version. */
    public MailboxCounts counts() {
        throw new UnsupportedOperationException();
    }

    /** The number of messages. */
    public int size() {
        throw new UnsupportedOperationException();
    }

    /** The UIDs as a set; made once and shared. */
    public UidSet uids() {
        throw new UnsupportedOperationException();
    }

    /** The index of a UID; -1 when it is not here. */
    public int indexOf(long uid) {
        throw new UnsupportedOperationException();
    }

    public long uid(int index) {
        throw new UnsupportedOperationException();
    }

    public Flags flags(int index) {
        throw new UnsupportedOperationException();
    }

    public long modSeq(int index) {
        throw new UnsupportedOperationException();
    }

    /** RFC822.SIZE. */
    public long messageSize(int index) {
        throw new UnsupportedOperationException();
    }

    /** The lowest UID without {@code \Seen}. */
    public OptionalLong firstUnseen() {
        throw new UnsupportedOperationException();
    }

    /** Every flag that some message here has: FLAGS of SELECT. */
    public Flags flagsInUse() {
        throw new UnsupportedOperationException();
    }

    /** What came, went and changed since {@code older}, a view of the same mailbox. */
    public ViewDiff since(MailboxView older) {
        throw new UnsupportedOperationException();
    }
}
