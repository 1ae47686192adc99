package mansio.state.mailbox;

import mansio.state.store.AccountId;
import mansio.state.store.Content;
import mansio.state.store.ContentReader;
import mansio.state.store.Partition.Listener;
import mansio.state.store.Partition.Subscription;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The mail of one account: docs/design/mailbox.md. There is one object for an account at a time
 * ({@link Accounts}); let go of it by forgetting it. Safe for use by any thread. What returns is
 * durable; an IOException means that it cannot be told whether a change was made, which is asked
 * again or shows in the next view.
 */
@SuppressWarnings("DoNotCallSuggester")
public final class MailAccount {
    MailAccount() {}

    public AccountId id() {
        throw new UnsupportedOperationException();
    }

    /** All mailboxes with their counts. */
    public MailboxList mailboxes() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** One mailbox with its counts; cheap. Empty when it was deleted. */
    public Optional<MailboxInfo> mailbox(long mailboxId) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The mailbox of that name. */
    public Optional<MailboxInfo> mailbox(MailboxName name) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** What the account takes now; cheap. For RCPT and for QUOTA. */
    public QuotaUse quota() throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Makes a mailbox, and its superiors where they are missing (RFC 9051 section 6.3.4). */
    public MailboxChange create(MailboxName name, Optional<SpecialUse> use) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Deletes a mailbox and all in it (RFC 9051 section 6.3.5). */
    public MailboxChange delete(MailboxName name) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Renames a mailbox; its inferiors come along. Renaming INBOX moves its messages to a new
     * mailbox and leaves its inferiors (RFC 9051 section 6.3.6).
     */
    public MailboxChange rename(MailboxName from, MailboxName to) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Remembers a name as subscribed to, whether it exists or not (RFC 9051 section 6.3.7).
     *
     * @return false when there are too many names that do not exist
     */
    public boolean subscribe(MailboxName name) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Forgets a subscription; nothing happens when there was none. */
    public void unsubscribe(MailboxName name) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The mailbox as it is now; empty when there is none. */
    public Optional<MailboxView> view(long mailboxId) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * What a client that knows the mailbox at {@code modSeq} must learn to know it as {@code view}
     * shows it.
     */
    public Changes changesSince(MailboxView view, long modSeq) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * The lowest UID that no session has been told of as {@code \Recent} before (RFC 3501 section
     * 2.3.2); those from there to the view's UIDNEXT are the caller's now. Kept in memory only: a
     * restart leaves nothing recent.
     */
    public long claimRecent(MailboxView view) {
        throw new UnsupportedOperationException();
    }

    /** The same without claiming: for EXAMINE and STATUS. */
    public long firstRecent(long mailboxId) {
        throw new UnsupportedOperationException();
    }

    /**
     * A page of placements in the order of UIDs: at most {@code max} of those in {@code uids}.
     * Expunged ones are found as long as they are kept; those not found are left out. For the next
     * page drop what is not above the last UID.
     */
    public List<Placement> placements(long mailboxId, UidSet uids, int max) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** E-mails by id, in the order asked for; those that are gone for good are left out. */
    public List<Email> emails(List<Long> emailIds) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The packed header caches of e-mails, in the order asked for; empty arrays where none is. */
    public List<byte[]> headers(List<Long> emailIds) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Where an e-mail is now. */
    public List<MailboxUid> whereabouts(long emailId) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Reads the bytes of an e-mail. */
    public ContentReader open(Content content) {
        throw new UnsupportedOperationException();
    }

    /**
     * Delivers a message from the queue: placements, counts, quota and the receipt in one batch.
     * When the receipt is there, nothing is done. Quota may overrun, a missing mailbox means INBOX.
     */
    public Delivered deliver(Delivery delivery) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** The receipt of a delivery, if it is still kept. */
    public Optional<Receipt> receipt(long queueId, Instant madeAt) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Drops the receipts of queue ids made before {@code madeBefore}. The queue calls this when
     * every such entry has been gone for 24 hours.
     */
    public void dropReceipts(Instant madeBefore) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** APPEND, and MULTIAPPEND: all or nothing (RFC 3502). */
    public Placed append(long mailboxId, List<NewMessage> messages, QuotaLimit limit)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    /** COPY: all or nothing, flags and INTERNALDATE kept (RFC 9051 section 6.4.7). */
    public Placed copy(Transfer transfer, QuotaLimit limit) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** MOVE: each message is in one of the two at any moment (RFC 6851). Takes no quota. */
    public Placed move(Transfer transfer) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * STORE. Large sets may be done in several steps; {@code unchangedSince} is then the same in
     * each.
     *
     * @param unchangedSince leaves alone what changed after this MODSEQ (RFC 7162 section 3.1.3)
     */
    public Stored store(long mailboxId, UidSet uids, FlagChange change, OptionalLong unchangedSince)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    /** EXPUNGE: all that have {@code \Deleted}. */
    public Expunged expungeDeleted(long mailboxId) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** UID EXPUNGE: those of {@code uids} that have {@code \Deleted} (RFC 4315). */
    public Expunged expungeDeleted(long mailboxId, UidSet uids) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Removes placements whatever their flags: POP3 DELE, JMAP. */
    public Expunged remove(long mailboxId, UidSet uids) throws IOException {
        throw new UnsupportedOperationException();
    }

    /**
     * Calls {@code listener} when something of this account has changed and is durable, several
     * changes perhaps as one call, on a thread that must not be held up: wake somebody who then
     * asks {@link #mailbox} or {@link #view}.
     */
    public Subscription listen(Listener listener) {
        throw new UnsupportedOperationException();
    }
}
