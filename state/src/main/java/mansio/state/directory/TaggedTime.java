package mansio.state.directory;

import mansio.net.time.Time;
import mansio.state.store.Partition;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;
import mansio.trust.srs.Batv;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * For how long mail of own senders has left with signed reverse-paths (BATV), without a break.
 * Until that is as long as a bounce may take, bounces of mail from before come to the plain
 * addresses. It is counted while the server runs and never read off the clock, so that a clock that
 * is wrong, or set right, changes nothing. Kept in the directory's partition. Safe for use by any
 * thread.
 */
public final class TaggedTime {
    /** After it, bounces of mail that left unsigned are not waited for. */
    static final Duration ENOUGH = Duration.ofDays(Batv.LIFETIME_DAYS);

    private static final String SETTING = "tagged-time";

    private final Partition partition;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock; false until {@link #begin} says otherwise. */
    private boolean counting;

    /** Guarded by the lock: up to {@link #sinceNanos}. */
    private Duration counted = Duration.ZERO;

    private long sinceNanos;

    TaggedTime(Partition partition, Time time) {
        this.partition = partition;
        this.time = time;
    }

    /**
     * The server starts: counting goes on where it stood, or it is forgotten what was counted.
     *
     * @param tagging whether mail of own senders leaves with signed reverse-paths from now on
     */
    public void begin(boolean tagging) throws IOException {
        lock.lock();
        try {
            Optional<byte[]> stored = partition.get(Rows.setting(SETTING));
            if (!tagging && stored.isPresent()) {
                partition.writeFreeing(
                        turn -> {
                            turn.delete(Rows.setting(SETTING));
                            return true;
                        });
            }
            counting = tagging;
            counted = stored.filter(_ -> tagging).map(TaggedTime::decode).orElse(Duration.ZERO);
            sinceNanos = time.nanos();
        } finally {
            lock.unlock();
        }
    }

    /** Writes down what was counted. Called now and then: what is not written a crash forgets. */
    public void keep() throws IOException {
        lock.lock();
        try {
            if (!counting || counted.compareTo(ENOUGH) >= 0) return;
            long now = time.nanos();
            Duration all = counted.plusNanos(now - sinceNanos);
            byte[] row = new ValueWriter().u8(1).varint(all.toSeconds()).toBytes();
            partition.write(
                    turn -> {
                        turn.put(Rows.setting(SETTING), row);
                        return true;
                    });
            counted = all;
            sinceNanos = now;
        } finally {
            lock.unlock();
        }
    }

    /** True when all bounces that still come are of mail that left signed. */
    public boolean isEnough() {
        lock.lock();
        try {
            return counting && counted.plusNanos(time.nanos() - sinceNanos).compareTo(ENOUGH) >= 0;
        } finally {
            lock.unlock();
        }
    }

    private static Duration decode(byte[] value) {
        ValueReader in = new ValueReader(value);
        in.u8();
        return Duration.ofSeconds(in.varint());
    }
}
