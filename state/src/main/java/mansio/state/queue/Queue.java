package mansio.state.queue;

import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.state.queue.Courier.Arrival;
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
    private static final int PAGE = 200;

    private final List<Partition> shards;
    private final List<QueueIds> ids;
    private final LocalDeliveries deliveries;
    private final AtomicInteger turn = new AtomicInteger();

    /**
     * Opens the queue; nothing is delivered before {@link #start()}.
     *
     * @param shardCount how many partitions share the entries, 1 to 64
     */
    public Queue(Store store, int shardCount, Courier courier, Around around) throws IOException {
        shards = shardPartitions(store, shardCount);
        List<QueueIds> made = new ArrayList<>(shardCount);
        for (int i = 0; i < shardCount; i++)
            made.add(new QueueIds(i, shards.get(i), around.time()));
        ids = List.copyOf(made);
        deliveries = new LocalDeliveries(shards, courier, around.time(), around.threads());
    }

    /** What the queue runs on. */
    public record Around(Time time, Threads threads) {}

    /** The partitions that a queue of that many shards uses. */
    public static List<Partition> shardPartitions(Store store, int shardCount) {
        List<Partition> shards = new ArrayList<>(shardCount);
        for (int i = 0; i < shardCount; i++) shards.add(store.partition(PartitionId.queueShard(i)));
        return List.copyOf(shards);
    }

    /** Takes up what an earlier run left behind, oldest first. */
    public void start() throws IOException {
        for (int shard = 0; shard < shards.size(); shard++) {
            QueueId last = QueueId.of(shard, 0);
            while (true) {
                List<QueueEntry> page = EntryTable.page(shards.get(shard), last, PAGE);
                if (page.isEmpty()) break;
                for (QueueEntry entry : page) {
                    if (entry.waitsForLocal()) deliveries.later(entry.id(), 0);
                }
                last = page.getLast().id();
            }
        }
        deliveries.start();
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
        if (!entry.waitsForLocal()) {
            write(entry, lines);
            return;
        }
        deliveries.enter();
        boolean durable = false;
        try {
            write(entry, lines);
            durable = true;
        } finally {
            if (!durable) deliveries.leave();
        }
        deliveries.now(entry, arrival);
    }

    private void write(QueueEntry entry, List<StoryLine> lines) throws IOException {
        int shard = entry.id().shard();
        StoryHead head = headOf(entry);
        shards.get(shard)
                .write(
                        turn -> {
                            EntryTable.insert(turn, entry);
                            StoryTables.begin(turn, head, lines);
                            ids.get(shard).cover(turn, entry.id());
                            return entry.id();
                        });
    }

    /** Entries behind {@code after}, oldest first within a shard; begin with {@link #FIRST}. */
    public List<QueueEntry> list(QueueId after, int max) throws IOException {
        List<QueueEntry> found = new ArrayList<>();
        QueueId from = after;
        while (found.size() < max && from.shard() < shards.size()) {
            List<QueueEntry> page =
                    EntryTable.page(shards.get(from.shard()), from, max - found.size());
            found.addAll(page);
            if (!page.isEmpty()) from = page.getLast().id();
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
            List<QueueEntry> first = EntryTable.page(shards.get(shard), QueueId.of(shard, 0), 1);
            if (first.isEmpty()) continue;
            Instant made = first.getFirst().id().madeAt();
            if (oldest.isEmpty() || made.isBefore(oldest.get())) oldest = Optional.of(made);
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
        deliveries.close();
    }

    private static StoryHead headOf(QueueEntry entry) {
        return new StoryHead(
                entry.id().value(),
                entry.received(),
                entry.messageId(),
                entry.envelope().reversePath().map(Object::toString).orElse("<>"),
                entry.recipients().stream()
                        .limit(StoryHead.MAX_RECIPIENTS)
                        .map(recipient -> recipient.forwardPath().toString())
                        .toList(),
                entry.recipients().size(),
                entry.content().length());
    }
}
