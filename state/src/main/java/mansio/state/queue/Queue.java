package mansio.state.queue;

import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.state.queue.Courier.Arrival;
import mansio.state.queue.EntryTable.Listed;
import mansio.state.store.Partition;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.story.StoryHead;
import mansio.state.story.StoryLine;
import mansio.state.story.StoryTables;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Mail that was accepted and is not yet where it belongs. An entry on disk is the promise behind a
 * 250; memory only says what is being worked on.
 *
 * <p>Safe for use by any thread.
 */
public final class Queue implements AutoCloseable {
    private final List<Partition> shards;
    private final List<QueueIds> ids;

    /** Where this run's ids begin: what has an earlier one was left by another run. */
    private final List<QueueId> firstIds;

    private final LocalDeliveries local;
    private final RemoteDeliveries remote;
    private final Bookkeeping books;
    private final FreshEntries fresh;
    private final Suppressions suppressions;
    private final QueueOperations operations;
    private final Time time;
    private final AtomicInteger turn = new AtomicInteger();

    /** A queue that delivers here only; mail for other domains stays in it. */
    public Queue(Store store, int shardCount, Courier courier, Around around) throws IOException {
        this(store, shardCount, Means.local(courier), around);
    }

    /**
     * Opens the queue; nothing is delivered before {@link #start()}.
     *
     * @param shardCount how many partitions share the entries, 1 to 64
     */
    public Queue(Store store, int shardCount, Means means, Around around) throws IOException {
        time = around.time();
        shards = shardPartitions(store, shardCount);
        List<QueueIds> made = new ArrayList<>(shardCount);
        for (int i = 0; i < shardCount; i++)
            made.add(new QueueIds(i, shards.get(i), around.time()));
        ids = List.copyOf(made);
        firstIds = ids.stream().map(QueueIds::next).toList();
        Lanes lanes = new Lanes(time, means.settings());
        fresh = FreshEntries.usual(time);
        books =
                new Bookkeeping(
                        new Bookkeeping.Parts(shards, ids, lanes, fresh, time), means, this::begin);
        local = new LocalDeliveries(books, means.courier(), time, around.threads());
        suppressions = new Suppressions(shards.getFirst(), time, means.settings().keepSuppressed());
        remote =
                new RemoteDeliveries(
                        books,
                        shards,
                        suppressions,
                        new RemoteDeliveries.Surroundings(means.carrier(), time, around.threads()));
        operations = new QueueOperations(books, shards, local, time);
    }

    /** What the queue runs on. */
    public record Around(Time time, Threads threads) {}

    /** Who does the work. */
    public record Means(Courier courier, Carrier carrier, Reports reports, QueueSettings settings) {
        /** Delivery here, and nothing leaves. */
        public static Means local(Courier courier) {
            return new Means(
                    courier,
                    new NoCarrier("this server does not send to other servers"),
                    Reports.NONE,
                    QueueSettings.USUAL);
        }
    }

    /** The partitions that a queue of that many shards uses. */
    public static List<Partition> shardPartitions(Store store, int shardCount) {
        List<Partition> shards = new ArrayList<>(shardCount);
        for (int i = 0; i < shardCount; i++) shards.add(store.partition(PartitionId.queueShard(i)));
        return List.copyOf(shards);
    }

    /** Takes up what an earlier run left behind, oldest first: read in the background. */
    public void start() {
        local.start();
        remote.start();
        remote.load(firstIds, this::begin);
    }

    /** Computes all lanes anew: the routes have changed. */
    public void reroute() {
        books.lanes().clear();
        remote.loadAgain(ids.stream().map(QueueIds::next).toList(), books::take);
    }

    /** An id for a message that is coming in. An id that is not used is no harm. */
    public QueueId newId() {
        int shard = Math.floorMod(turn.getAndIncrement(), shards.size());
        return ids.get(shard).next();
    }

    /**
     * Takes responsibility for a message: when this returns, the entry and its blobs are synced,
     * and the client may be told so. Local recipients are served at once by other threads.
     *
     * @param lines the story so far
     * @param arrival what was derived on the way in
     * @throws IOException when it is not certain that the entry is durable: a temporary failure for
     *     the client
     */
    public void accept(QueueEntry entry, List<StoryLine> lines, Optional<Arrival> arrival)
            throws IOException {
        QueueEntry accepted = entry.acceptedAt(time.now());
        if (!entry.waitsForLocal()) {
            write(accepted, lines);
        } else {
            local.enter();
            boolean durable = false;
            try {
                write(accepted, lines);
                durable = true;
            } finally {
                if (!durable) local.leave();
            }
            local.now(accepted, arrival);
        }
        books.take(accepted);
    }

    private void write(QueueEntry entry, List<StoryLine> lines) throws IOException {
        int shard = entry.id().shard();
        StoryHead head = Bookkeeping.headOf(entry);
        long version =
                shards.get(shard)
                        .write(
                                turn -> {
                                    fresh.inserting(entry, turn.version());
                                    EntryTable.insert(turn, entry);
                                    StoryTables.begin(turn, head, lines);
                                    ids.get(shard).cover(turn, entry.id());
                                    return turn.version();
                                });
        fresh.written(entry, version);
    }

    /** Takes up what is durable already. */
    private void begin(QueueEntry entry) {
        if (entry.waitsForLocal()) local.later(entry.id(), 0);
        books.take(entry);
    }

    /** For administrators. */
    public QueueOperations operations() {
        return operations;
    }

    /** Addresses that are not tried. */
    public Suppressions suppressions() {
        return suppressions;
    }

    /** Called now and then. */
    public void maintain() throws IOException {
        suppressions.forgetOld();
    }

    /** Entries behind {@code after}, oldest first within a shard; begin with {@link #FIRST}. */
    public List<QueueEntry> list(QueueId after, int max) throws IOException {
        List<QueueEntry> found = new ArrayList<>();
        QueueId from = after;
        while (found.size() < max) {
            Listed page = EntryTable.page(shards.get(from.shard()), from, max - found.size());
            found.addAll(page.entries());
            if (page.last().isPresent()) from = page.last().get();
            else if (from.shard() + 1 < shards.size()) from = QueueId.of(from.shard() + 1, 0);
            else break;
        }
        return found;
    }

    /** Where a listing begins. */
    public static final QueueId FIRST = QueueId.of(0, 0);

    /** When the oldest entry's id was made; empty when there is none. */
    public Optional<Instant> oldest() throws IOException {
        Optional<Instant> oldest = Optional.empty();
        for (int shard = 0; shard < shards.size(); shard++) {
            Optional<Instant> made =
                    EntryTable.page(shards.get(shard), QueueId.of(shard, 0), 1)
                            .last()
                            .map(QueueId::madeAt);
            if (made.isEmpty()) continue;
            if (oldest.isEmpty() || made.get().isBefore(oldest.get())) oldest = made;
        }
        return oldest;
    }

    /** One entry, while it is in the queue. */
    public Optional<QueueEntry> find(QueueId id) throws IOException {
        return id.shard() < shards.size()
                ? EntryTable.find(shards.get(id.shard()), id)
                : Optional.empty();
    }

    /** Waits for the deliveries under way; what has not begun stays on disk for the next start. */
    @Override
    public void close() {
        remote.close();
        local.close();
    }
}
