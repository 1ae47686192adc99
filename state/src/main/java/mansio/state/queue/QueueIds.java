package mansio.state.queue;

import mansio.net.time.Time;
import mansio.state.store.Key;
import mansio.state.store.Partition;
import mansio.state.store.Turn;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Hands out queue ids that are never used twice, not even when the process is killed or the clock
 * is set back: a receipt in an account speaks of a queue id, and a second message under that id
 * would be taken for the first and not be delivered.
 *
 * <p>Ids follow the clock while it goes forward. A mark on disk says below which sequence ids may
 * have been used; it is moved a minute ahead with the write that accepts a message. After a start
 * ids begin at the mark.
 *
 * <p>Safe for use by any thread; {@link #lock} is held for a few instructions only.
 */
final class QueueIds {
    private static final Key MARK = Key.table(0x03);
    private static final long AHEAD = Duration.ofMinutes(1).toMillis() << QueueId.COUNTER_BITS;

    private final int shard;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private long next;

    /** What the disk says, as of the last turn that looked; only turns of the shard touch it. */
    private long mark;

    QueueIds(int shard, Partition partition, Time time) throws IOException {
        this.shard = shard;
        this.time = time;
        Optional<byte[]> stored = partition.get(MARK);
        mark = stored.map(value -> new ValueReader(value).u64()).orElse(0L);
        next = mark;
    }

    QueueId next() {
        lock.lock();
        try {
            next = Math.max(next + 1, time.now().toEpochMilli() << QueueId.COUNTER_BITS);
            return QueueId.of(shard, next);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Called in the turn that writes {@code id} down: the mark is durable together with the entry.
     */
    void cover(Turn turn, QueueId id) {
        if (id.sequence() < mark) return;
        long ahead = id.sequence() + AHEAD;
        turn.put(MARK, new ValueWriter().u64(ahead).toBytes());
        mark = ahead;
    }
}
