package mansio.state.queue;

import mansio.codec.text.Address;
import mansio.net.time.Time;
import mansio.state.queue.Carrier.Lane;
import mansio.state.queue.DueHeap.Item;
import mansio.state.queue.Passage.Dispatch;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Makes a transaction of a due item: reads the entry and picks the recipients the item stands for.
 * Items are hints; what is stored decides. Safe for use by any thread.
 */
final class Picker {
    private static final Duration BUSY = Duration.ofSeconds(5);

    /** An entry that cannot be read is looked at again after this, doubled each time. */
    private static final Duration UNREADABLE = Duration.ofMinutes(1);

    private static final int MAX_DOUBLINGS = 5;

    /** Entries whose doublings are remembered; all others wait the longest. */
    private static final int MAX_UNREADABLE = 1_000;

    /** After so many in a row it is the disk, not the entries. */
    private static final int MAX_IN_A_ROW = 10;

    private static final Logger log = LoggerFactory.getLogger(Picker.class);

    private final Bookkeeping books;
    private final Suppressions suppressions;
    private final Settlement settlement;
    private final Time time;

    /** How often entries could not be read, by their ids. */
    private final Map<Long, Integer> unreadable = new ConcurrentHashMap<>();

    Picker(Bookkeeping books, Suppressions suppressions, Settlement settlement, Time time) {
        this.books = books;
        this.suppressions = suppressions;
        this.settlement = settlement;
        this.time = time;
    }

    /**
     * The next transaction of a worker: of the item it has, then of others.
     *
     * @param fits which other lanes the worker's connection serves
     *     <p>An entry that cannot be read waits, and the next one is taken.
     * @throws IOException when one after the other cannot be read now
     */
    Optional<Dispatch> pick(Lease lease, Predicate<Lane> fits) throws IOException {
        int faults = 0;
        while (lease.item.isPresent() || books.lanes().takeNext(lease, fits)) {
            Item item = lease.item.orElseThrow();
            try {
                Optional<Dispatch> dispatch = pick(item, lease);
                if (!unreadable.isEmpty()) unreadable.remove(item.id());
                if (dispatch.isPresent()) return dispatch;
                books.lanes().done(lease);
            } catch (IOException | RuntimeException e) {
                passOver(item, lease, e);
                if (++faults == MAX_IN_A_ROW) throw new IOException("the queue cannot be read", e);
            }
        }
        return Optional.empty();
    }

    private Optional<Dispatch> pick(Item item, Lease lease) throws IOException {
        QueueId id = new QueueId(item.id());
        Optional<Dispatch> dispatch = dispatch(books.glance(id), lease);
        // An item can be ahead of the disk: what made it may still be on its way there.
        return dispatch.isPresent() ? dispatch : dispatch(books.read(id), lease);
    }

    private void passOver(Item item, Lease lease, Exception why) {
        int times = MAX_DOUBLINGS + 1;
        if (unreadable.size() < MAX_UNREADABLE || unreadable.containsKey(item.id()))
            times =
                    unreadable.merge(
                            item.id(), 1, (was, one) -> Math.min(MAX_DOUBLINGS + 1, was + one));
        Duration wait = UNREADABLE.multipliedBy(1L << (times - 1));
        log.atWarn()
                .addKeyValue("qid", new QueueId(item.id()))
                .addKeyValue("again", wait)
                .setCause(why)
                .log("cannot be read: waits");
        books.lanes().putBack(lease, wait);
    }

    private Optional<Dispatch> dispatch(Optional<QueueEntry> found, Lease lease)
            throws IOException {
        if (found.isEmpty()) return Optional.empty();
        QueueEntry entry = found.get();
        Item item = lease.item.orElseThrow();
        List<Integer> due = due(entry, lease.lane.lane, item);
        List<Integer> wanted = new ArrayList<>();
        Map<Integer, Suppression> suppressed = new LinkedHashMap<>();
        for (int i : due) {
            Address to = entry.recipients().get(i).destination();
            suppressions.find(to).ifPresentOrElse(it -> suppressed.put(i, it), () -> wanted.add(i));
        }
        if (!suppressed.isEmpty() && lease.home) {
            return Optional.of(new Dispatch(entry, lease.lane.lane, due));
        }
        if (!suppressed.isEmpty()) settlement.suppressed(entry, suppressed);
        if (wanted.isEmpty()) return Optional.empty();
        Optional<Address> sender = reversePath(entry, wanted.getFirst());
        List<Integer> together = new ArrayList<>();
        boolean more = false;
        for (int i : wanted) {
            boolean same = reversePath(entry, i).equals(sender);
            if (same && together.size() < Dispatch.MAX_RECIPIENTS) together.add(i);
            else more = true;
        }
        if (more && lease.home) {
            // In one go, so that an account behind several of the addresses gets it once.
            return Optional.of(new Dispatch(entry, lease.lane.lane, wanted));
        }
        if (more) books.lanes().add(lease.lane.lane, item.id(), Duration.ZERO, item.flags());
        return Optional.of(new Dispatch(entry, lease.lane.lane, together));
    }

    private List<Integer> due(QueueEntry entry, Lane lane, Item item) {
        List<Integer> due = new ArrayList<>();
        Set<Lane> elsewhere = new LinkedHashSet<>();
        boolean belongs = false;
        for (int i = 0; i < entry.recipients().size(); i++) {
            Recipient recipient = entry.recipients().get(i);
            if (recipient.isLocal()) continue;
            Lane now = books.laneOf(entry, recipient);
            belongs |= now.equals(lane);
            if (!isDue(recipient.progress(), item.flags())) continue;
            if (now.equals(lane)) due.add(i);
            else elsewhere.add(now);
        }
        if (!belongs) { // The routes have changed.
            for (Lane now : elsewhere)
                books.lanes().add(now, item.id(), Duration.ZERO, item.flags());
        }
        return withoutUnanswered(entry, lane, item, due);
    }

    /** While somebody may still get an answer for the entry, those that wait for one wait on. */
    private List<Integer> withoutUnanswered(
            QueueEntry entry, Lane lane, Item item, List<Integer> due) {
        List<Integer> unanswered =
                due.stream()
                        .filter(
                                i ->
                                        entry.recipients().get(i).progress()
                                                instanceof Progress.DotSent)
                        .toList();
        if (unanswered.isEmpty() || !books.lanes().isBusyElsewhere(entry.id(), lane)) return due;
        books.lanes().add(lane, item.id(), BUSY, item.flags());
        return due.stream().filter(i -> !unanswered.contains(i)).toList();
    }

    /** By the item's mark: the wall clock may have been set back since. */
    private boolean isDue(Progress progress, int flags) {
        Instant now = time.now();
        return switch (progress) {
            case Progress.Waiting waiting ->
                    ItemFlags.isMadeFor(flags, waiting.notBefore())
                            || !waiting.notBefore().isAfter(now);
            case Progress.DotSent sent ->
                    ItemFlags.isMadeFor(flags, sent.at())
                            || !sent.at().plus(books.settings().dotSentWait()).isAfter(now);
            case Progress.Held _, Progress.Done _ -> false;
        };
    }

    /** What goes out with a recipient. */
    private static Optional<Address> reversePath(QueueEntry entry, int recipient) {
        return entry.recipients().get(recipient).action() instanceof Action.Forward forward
                ? forward.reversePath()
                : entry.envelope().reversePath();
    }
}
