package mansio.serve.imapserver;

import mansio.codec.imap.NumberRanges;
import mansio.codec.imap.SequenceSet;
import mansio.state.mailbox.Flags;
import mansio.state.mailbox.MailboxView;
import mansio.state.mailbox.UidSet;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * The selected mailbox as this client knows it. Its messages and their sequence numbers are those
 * that were announced, which may be some that are gone already: an EXPUNGE must wait for a command
 * that allows it (RFC 9051 section 7.5.1). Of those the flags are in an older view, and the rest is
 * still found in the mailbox room as long as expunged messages are kept.
 *
 * <p>Owned by the session; during IDLE the notifier uses it under the session's lock.
 */
final class SelectedMailbox {
    /** Older views kept for messages that are gone and not yet told of. */
    private static final int OLDER_VIEWS = 8;

    private final boolean readOnly;
    private final Deque<MailboxView> older = new ArrayDeque<>();
    private MailboxView view;
    private UidSet announced;
    private UidSet gone = UidSet.EMPTY;
    private UidSet saved = UidSet.EMPTY;
    private long firstRecent;

    /**
     * @param firstRecent UIDs from here on are {@code \Recent} in this session
     */
    SelectedMailbox(MailboxView view, boolean readOnly, long firstRecent) {
        this.view = view;
        this.readOnly = readOnly;
        this.announced = view.uids();
        this.firstRecent = firstRecent;
    }

    long mailboxId() {
        return view.mailboxId();
    }

    boolean readOnly() {
        return readOnly;
    }

    /** What the client was last told of, but for expunges that wait. */
    MailboxView view() {
        return view;
    }

    /** Every message that has a sequence number. */
    UidSet announced() {
        return announced;
    }

    /** Those of them that are gone. */
    UidSet gone() {
        return gone;
    }

    int count() {
        return announced.size();
    }

    int sequenceNumber(long uid) {
        return announced.rank(uid);
    }

    boolean isRecent(long uid) {
        return uid >= firstRecent;
    }

    /** How many messages are {@code \Recent}. */
    int recent() {
        return announced.isEmpty() || firstRecent > announced.last()
                ? 0
                : announced.size() - (firstRecent <= 1 ? 0 : announced.rank(firstRecent - 1));
    }

    /** The newest view that has the message: an older one for a message that is gone. */
    Optional<MailboxView> viewOf(long uid) {
        if (view.indexOf(uid) >= 0) {
            return Optional.of(view);
        }
        for (MailboxView each : older) {
            if (each.indexOf(uid) >= 0) {
                return Optional.of(each);
            }
        }
        return Optional.empty();
    }

    Flags flags(long uid) {
        return viewOf(uid).map(found -> found.flags(found.indexOf(uid))).orElse(Flags.NONE);
    }

    /**
     * Goes on to a newer view. Messages that came get the next sequence numbers; those that went
     * keep theirs until {@link #forget}.
     */
    void show(MailboxView newer, UidSet arrived, UidSet nowGone) {
        if (!nowGone.isEmpty()) {
            older.addFirst(view);
            if (older.size() > OLDER_VIEWS) {
                older.removeLast();
            }
            gone = gone.or(nowGone);
        }
        announced = nowGone.isEmpty() && gone.isEmpty() ? newer.uids() : announced.or(arrived);
        view = newer;
    }

    /** The client has been told that these are gone. */
    void forget(UidSet expunged) {
        announced = announced.andNot(expunged);
        gone = gone.andNot(expunged);
        saved = saved.andNot(expunged); // RFC 5182 section 2.1.
        if (gone.isEmpty()) {
            older.clear();
            announced = view.uids();
        }
    }

    /** New messages are this session's recent ones from {@code uid} on, if it had none so far. */
    void recentFrom(long uid) {
        firstRecent = Math.min(firstRecent, uid);
    }

    /** RFC 5182: what {@code $} stands for. */
    UidSet saved() {
        return saved;
    }

    void save(UidSet found) {
        saved = found;
    }

    /**
     * The messages that a client means.
     *
     * @return empty when a sequence number is higher than there are messages
     */
    Optional<UidSet> resolve(SequenceSet set, boolean uid) {
        return switch (set) {
            case SequenceSet.Saved _ -> Optional.of(saved);
            case SequenceSet.Ranges ranges ->
                    uid ? Optional.of(resolveUids(ranges)) : resolveNumbers(ranges);
        };
    }

    private UidSet resolveUids(SequenceSet.Ranges ranges) {
        return UidRanges.set(ranges.resolve(largestUid())).and(announced);
    }

    /** RFC 9051 section 9, seq-number: what {@code *} means among UIDs. */
    long largestUid() {
        return announced.isEmpty() ? view.counts().uidNext() : announced.last();
    }

    private Optional<UidSet> resolveNumbers(SequenceSet.Ranges ranges) {
        if (announced.isEmpty() && ranges.hasStar() && ranges.largest() <= 1) {
            // RFC 9051 section 9 would have BAD for "1:*" in an empty mailbox. Clients send it
            // without looking at EXISTS, and get what is there.
            return Optional.of(UidSet.EMPTY);
        }
        if (ranges.largest() > count()) {
            return Optional.empty();
        }
        NumberRanges numbers = ranges.resolve(count());
        UidSet.Builder uids = new UidSet.Builder();
        for (int i = 0; i < numbers.rangeCount(); i++) {
            if (numbers.last(i) > count() || numbers.first(i) < 1) {
                return Optional.empty();
            }
            uids.addRange(
                    announced.select((int) numbers.first(i) - 1),
                    announced.select((int) numbers.last(i) - 1));
        }
        return Optional.of(uids.build().and(announced));
    }

    /** The numbers by which this client speaks of messages. */
    NumberRanges numbers(UidSet uids, boolean uid) {
        if (uid) {
            return UidRanges.of(uids);
        }
        NumberRanges.Builder numbers = new NumberRanges.Builder();
        uids.forEach(each -> numbers.add(sequenceNumber(each)));
        return numbers.build();
    }
}
