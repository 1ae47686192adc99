package mansio.net.listen;

import mansio.net.time.Time;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts connections in all and for each whom they belong to, a network or an account: how many are
 * open, and how many came within a minute. One object may serve several listeners. Safe for use by
 * any thread.
 *
 * @param <K> whom connections belong to; a value
 */
public final class ConnectionLimits<K> {
    /** Keys remembered; when more come, those that are idle are forgotten early. */
    static final int MAX_KEYS = 50_000;

    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

    private final Time time;
    private final Bounds bounds;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<K, Use> uses = new HashMap<>();
    private int openInAll;

    /**
     * How many there may be; {@link #UNBOUNDED} for any number.
     *
     * @param open in all, at once
     * @param openOfOne of one key, at once
     * @param perMinute new ones of one key within a minute
     */
    public record Bounds(int open, int openOfOne, int perMinute) {
        public static final int UNBOUNDED = Integer.MAX_VALUE;
    }

    /** What becomes of a new connection. */
    public enum Entry {
        /** It is counted; {@link ConnectionLimits#leave} is due when it ends. */
        LET_IN,
        /** Those whom it belongs to have as many as they may have. */
        TOO_MANY_OF_ONE,
        /** There are as many as there may be in all. */
        TOO_MANY_IN_ALL
    }

    private static final class Use {
        int open;
        int begun;
        long windowStart;
    }

    public ConnectionLimits(Time time, Bounds bounds) {
        this.time = time;
        this.bounds = bounds;
    }

    /** Counts a new connection, unless it is one too many. */
    public Entry enter(K key) {
        lock.lock();
        try {
            if (openInAll >= bounds.open) {
                return Entry.TOO_MANY_IN_ALL;
            }
            long now = time.nanos();
            if (uses.size() >= MAX_KEYS && !uses.containsKey(key)) {
                forgetIdle(now);
            }
            Use use = uses.computeIfAbsent(key, _ -> new Use());
            if (use.begun == 0 || now - use.windowStart >= WINDOW_NANOS) {
                use.windowStart = now;
                use.begun = 0;
            }
            if (use.open >= bounds.openOfOne || use.begun >= bounds.perMinute) {
                return Entry.TOO_MANY_OF_ONE;
            }
            use.open++;
            use.begun++;
            openInAll++;
            return Entry.LET_IN;
        } finally {
            lock.unlock();
        }
    }

    /** A connection that was let in has ended. */
    public void leave(K key) {
        lock.lock();
        try {
            Use use = uses.get(key);
            if (use == null || use.open == 0) {
                throw new IllegalStateException(key + " left without having entered");
            }
            use.open--;
            openInAll--;
            boolean remembered = bounds.perMinute < Bounds.UNBOUNDED && !isOver(use, time.nanos());
            if (use.open == 0 && !remembered) {
                uses.remove(key);
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many keys are remembered. */
    int keys() {
        lock.lock();
        try {
            return uses.size();
        } finally {
            lock.unlock();
        }
    }

    private static boolean isOver(Use use, long now) {
        return now - use.windowStart >= WINDOW_NANOS;
    }

    private void forgetIdle(long now) {
        uses.values().removeIf(use -> use.open == 0 && isOver(use, now));
        if (uses.size() >= MAX_KEYS) {
            uses.values().removeIf(use -> use.open == 0);
        }
    }
}
