package mansio.state.mailbox;

import mansio.state.store.AccountId;
import mansio.state.store.Content;
import mansio.state.store.ContentReader;
import mansio.state.store.Entry;
import mansio.state.store.Partition.Listener;
import mansio.state.store.Partition.Subscription;
import mansio.state.store.Reads;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * The mail of one account: docs/design/mailbox.md. There is one object for an account at a time
 * ({@link Accounts}); let go of it by forgetting it. Safe for use by any thread. What returns is
 * durable; an IOException means that it cannot be told whether a change was made, which is asked
 * again or shows in the next view.
 */
public final class MailAccount {
    /** Placements of one e-mail that are looked at. */
    private static final int MAX_PLACES = 1_000;

    private final Ledger ledger;
    private final Runnable sweepLater;

    /**
     * @param sweepLater starts a sweep in the background
     */
    MailAccount(Ledger ledger, Runnable sweepLater) {
        this.ledger = ledger;
        this.sweepLater = sweepLater;
    }

    public AccountId id() {
        return ledger.id();
    }

    /** All mailboxes with their counts. */
    public MailboxList mailboxes() throws IOException {
        return ledger.shown().read(MailboxTree::list);
    }

    /** One mailbox with its counts; cheap. Empty when it was deleted. */
    public Optional<MailboxInfo> mailbox(long mailboxId) throws IOException {
        return ledger.shown().read(catalog -> catalog.get(mailboxId).map(catalog::info));
    }

    /** The mailbox of that name. */
    public Optional<MailboxInfo> mailbox(MailboxName name) throws IOException {
        return ledger.shown().read(catalog -> catalog.find(name).map(catalog::info));
    }

    /** What the account takes now; cheap. For RCPT and for QUOTA. */
    public QuotaUse quota() throws IOException {
        return ledger.shown().read(catalog -> catalog.account().use());
    }

    /** Makes a mailbox, and its superiors where they are missing (RFC 9051 section 6.3.4). */
    public MailboxChange create(MailboxName name, Optional<SpecialUse> use) throws IOException {
        return ledger.write(work -> MailboxTree.create(work, name, use));
    }

    /** Deletes a mailbox and all in it (RFC 9051 section 6.3.5). */
    public MailboxChange delete(MailboxName name) throws IOException {
        MailboxChange change = ledger.writeFreeing(work -> MailboxTree.delete(work, name));
        if (change instanceof MailboxChange.Done) sweepLater.run();
        return change;
    }

    /**
     * Renames a mailbox; its inferiors come along. Renaming INBOX moves its messages to a new
     * mailbox and leaves its inferiors (RFC 9051 section 6.3.6).
     */
    public MailboxChange rename(MailboxName from, MailboxName to) throws IOException {
        if (from.isInbox()) return renameInbox(to);
        return ledger.writeFreeing(work -> MailboxTree.rename(work, from, to));
    }

    private MailboxChange renameInbox(MailboxName to) throws IOException {
        long inbox = mailbox(MailboxName.INBOX).orElseThrow().id();
        MailboxChange change =
                pinned(
                        inbox,
                        () -> ledger.writeFreeing(work -> beginRenamingInbox(work, inbox, to)),
                        new MailboxChange.Refused(MailboxChange.Reason.NONEXISTENT));
        if (!(change instanceof MailboxChange.Done(MailboxInfo made))) return change;
        UidSet rest = view(inbox).orElseThrow().uids();
        if (!rest.isEmpty()) move(new Transfer(inbox, rest, made.id()));
        return new MailboxChange.Done(mailbox(made.id()).orElse(made));
    }

    /** One batch makes the mailbox and moves what one command may move: usually all. */
    private MailboxChange beginRenamingInbox(Work work, long inbox, MailboxName to)
            throws IOException {
        MailboxChange change = MailboxTree.create(work, to, Optional.empty());
        if (!(change instanceof MailboxChange.Done(MailboxInfo made))) return change;
        UidSet all = UidSet.range(1, UidSet.MAX_UID);
        new Transfers(ledger, new Transfer(inbox, all, made.id())).moveFirst(work);
        return change;
    }

    /**
     * Remembers a name as subscribed to, whether it exists or not (RFC 9051 section 6.3.7).
     *
     * @return false when there are too many names that do not exist
     */
    public boolean subscribe(MailboxName name) throws IOException {
        return ledger.writeFreeing(work -> MailboxTree.subscribe(work, name));
    }

    /** Forgets a subscription; nothing happens when there was none. */
    public void unsubscribe(MailboxName name) throws IOException {
        ledger.writeFreeing(work -> MailboxTree.unsubscribe(work, name));
    }

    /** The mailbox as it is now; empty when there is none. */
    public Optional<MailboxView> view(long mailboxId) throws IOException {
        return ledger.shown().view(mailboxId);
    }

    /**
     * What a client that knows the mailbox at {@code modSeq} must learn to know it as {@code view}
     * shows it.
     */
    public Changes changesSince(MailboxView view, long modSeq) throws IOException {
        long mailboxId = view.mailboxId();
        UidSet vanished =
                GoneTable.between(ledger, mailboxId, modSeq, view.counts().highestModSeq());
        // Asked for afterwards: what was purged meanwhile has lifted the floor.
        boolean exact =
                ledger.shown()
                        .read(
                                catalog ->
                                        catalog.get(mailboxId)
                                                .filter(r -> r.counts().goneFloor() <= modSeq)
                                                .isPresent());
        if (!exact) vanished = UidSet.range(1, view.counts().uidNext() - 1).andNot(view.uids());
        return new Changes(view.changedAfter(modSeq), vanished, exact);
    }

    /**
     * The lowest UID that no session has been told of as {@code \Recent} before (RFC 3501 section
     * 2.3.2); those from there to the view's UIDNEXT are the caller's now. Kept in memory only: a
     * restart leaves nothing recent.
     */
    public long claimRecent(MailboxView view) {
        return ledger.shown().claimRecent(view.mailboxId(), view.counts().uidNext());
    }

    /** The same without claiming: for EXAMINE and STATUS. */
    public long firstRecent(long mailboxId) {
        return ledger.shown().recentFrom(mailboxId);
    }

    /**
     * A page of placements in the order of UIDs: at most {@code max} of those in {@code uids}.
     * Expunged ones are found as long as they are kept; those not found are left out. For the next
     * page drop what is not above the last UID.
     */
    public List<Placement> placements(long mailboxId, UidSet uids, int max) throws IOException {
        return FactReader.read(ledger.partition(), mailboxId, uids, max);
    }

    /** E-mails by id, in the order asked for; those that are gone for good are left out. */
    public List<Email> emails(List<Long> emailIds) throws IOException {
        return EmailTable.read(ledger.partition(), emailIds);
    }

    /** The packed header caches of e-mails, in the order asked for; empty arrays where none is. */
    public List<byte[]> headers(List<Long> emailIds) throws IOException {
        return EmailTable.readHeaders(ledger.partition(), emailIds);
    }

    /** Where an e-mail is now. */
    public List<MailboxUid> whereabouts(long emailId) throws IOException {
        List<MailboxUid> live = new ArrayList<>();
        for (Entry entry :
                ledger.partition()
                        .scan(
                                Tables.placesOf(emailId),
                                Reads.Direction.FORWARD,
                                MAX_PLACES,
                                Reads.MAX_SCAN_BYTES)
                        .entries()) {
            MailboxUid place = new MailboxUid(entry.key().u32At(9), entry.key().u32At(13));
            if (FactReader.isLive(ledger, place)) live.add(place);
        }
        return live;
    }

    /** Reads the bytes of an e-mail. */
    public ContentReader open(Content content) {
        return new ContentReader(ledger.blobs(), content);
    }

    /**
     * Delivers a message from the queue: placements, counts, quota and the receipt in one batch.
     * When the receipt is there, nothing is done. Quota may overrun, a missing mailbox means INBOX.
     */
    public Delivered deliver(Delivery delivery) throws IOException {
        return Deliveries.deliver(ledger, delivery);
    }

    /** The receipt of a delivery, if it is still kept. */
    public Optional<Receipt> receipt(long queueId, Instant madeAt) throws IOException {
        return Deliveries.receipt(ledger.partition(), madeAt, queueId);
    }

    /**
     * Drops the receipts of queue ids made before {@code madeBefore}. The queue calls this when
     * every such entry has been gone for 24 hours.
     */
    public void dropReceipts(Instant madeBefore) throws IOException {
        Deliveries.drop(ledger, madeBefore);
    }

    /** APPEND, and MULTIAPPEND: all or nothing (RFC 3502). */
    public Placed append(long mailboxId, List<NewMessage> messages, QuotaLimit limit)
            throws IOException {
        return new Appends(ledger, mailboxId, messages, limit).run();
    }

    /** COPY: all or nothing, flags and INTERNALDATE kept (RFC 9051 section 6.4.7). */
    public Placed copy(Transfer transfer, QuotaLimit limit) throws IOException {
        return pinned(
                transfer.fromMailboxId(),
                () -> new Transfers(ledger, transfer).copy(limit),
                new Placed.Refused(Placed.Reason.NO_MAILBOX));
    }

    /** MOVE: each message is in one of the two at any moment (RFC 6851). Takes no quota. */
    public Placed move(Transfer transfer) throws IOException {
        Optional<MailboxView> source = view(transfer.fromMailboxId());
        if (source.isEmpty()) return new Placed.Refused(Placed.Reason.NO_MAILBOX);
        UidSet there = transfer.uids().and(source.get().uids());
        return pinned(
                transfer.fromMailboxId(),
                () -> new Transfers(ledger, transfer).move(there),
                new Placed.Refused(Placed.Reason.NO_MAILBOX));
    }

    /**
     * STORE. Large sets may be done in several steps; {@code unchangedSince} is then the same in
     * each.
     *
     * @param unchangedSince leaves alone what changed after this MODSEQ (RFC 7162 section 3.1.3)
     */
    public Stored store(long mailboxId, UidSet uids, FlagChange change, OptionalLong unchangedSince)
            throws IOException {
        return pinned(
                mailboxId,
                () -> new FlagStore(ledger, mailboxId, uids, change).run(unchangedSince),
                new Stored.NoMailbox());
    }

    /** EXPUNGE: all that have {@code \Deleted}. */
    public Expunged expungeDeleted(long mailboxId) throws IOException {
        return expunge(mailboxId, row -> row.flags().has(SystemFlag.DELETED));
    }

    /** UID EXPUNGE: those of {@code uids} that have {@code \Deleted} (RFC 4315). */
    public Expunged expungeDeleted(long mailboxId, UidSet uids) throws IOException {
        return expunge(
                mailboxId, row -> uids.contains(row.uid()) && row.flags().has(SystemFlag.DELETED));
    }

    /** Removes placements whatever their flags: POP3 DELE, JMAP. */
    public Expunged remove(long mailboxId, UidSet uids) throws IOException {
        return expunge(mailboxId, row -> uids.contains(row.uid()));
    }

    private Expunged expunge(long mailboxId, Predicate<Block.Row> chosen) throws IOException {
        return pinned(
                mailboxId,
                () -> new Expunges(ledger, mailboxId, chosen).run(),
                new Expunged(UidSet.EMPTY, 0));
    }

    private interface Pinned<R> {
        R run() throws IOException;
    }

    /** Runs a command that needs the blocks of a mailbox in memory. */
    private <R> R pinned(long mailboxId, Pinned<R> command, R noMailbox) throws IOException {
        if (!ledger.shown().pin(mailboxId)) return noMailbox;
        try {
            return command.run();
        } finally {
            ledger.shown().unpin(mailboxId);
        }
    }

    /**
     * Calls {@code listener} when something of this account has changed and is durable, several
     * changes perhaps as one call, on a thread that must not be held up: wake somebody who then
     * asks {@link #mailbox} or {@link #view}.
     */
    public Subscription listen(Listener listener) {
        return ledger.partition().listen(listener);
    }

    /** Purges what is due, and finishes what was interrupted. */
    void sweep() throws IOException {
        Sweeper.sweep(ledger);
    }

    Ledger ledger() {
        return ledger;
    }
}
