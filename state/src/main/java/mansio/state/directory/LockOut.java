package mansio.state.directory;

import mansio.net.time.Time;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Slows guessing down, for each pair of network and name. From the {@value #DELAYED_FROM}th failure
 * within ten minutes on, the next attempt has to wait: a second, then twice as long each time, up
 * to a minute. After {@value #LOCKED_FROM} failures nothing is looked at for 15 minutes. A success
 * forgets the failures.
 *
 * <p>Safe for use by any thread. Holds at most {@value #MAX_PAIRS} pairs; the one without a failure
 * for the longest time makes room.
 */
final class LockOut {
    static final int DELAYED_FROM = 5;
    static final int LOCKED_FROM = 20;
    static final int MAX_PAIRS = 20_000;
    static final Duration WINDOW = Duration.ofMinutes(10);
    static final Duration LOCKED = Duration.ofMinutes(15);
    static final Duration LONGEST_DELAY = Duration.ofSeconds(30);

    /**
     * Who is counted.
     *
     * @param name the account's id, or the folded name when there is no such account
     */
    record Pair(NetworkOrigin origin, String name) {}

    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Pair, Failures> pairs = new LinkedHashMap<>();

    LockOut(Time time) {
        this.time = time;
    }

    /** How long the pair has to wait; empty when it may try now. */
    Optional<Duration> mustWait(Pair pair) {
        lock.lock();
        try {
            Failures failures = pairs.get(pair);
            long left = failures == null ? 0 : failures.openFrom - time.nanos();
            return left > 0 ? Optional.of(Duration.ofNanos(left)) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    void failed(Pair pair) {
        lock.lock();
        try {
            Failures failures = pairs.remove(pair);
            if (failures == null) {
                failures = new Failures();
            }
            failures.add(time.nanos());
            pairs.put(pair, failures); // At the end: the first in order is the oldest.
            if (pairs.size() > MAX_PAIRS) {
                pairs.remove(pairs.keySet().iterator().next());
            }
        } finally {
            lock.unlock();
        }
    }

    void succeeded(Pair pair) {
        lock.lock();
        try {
            pairs.remove(pair);
        } finally {
            lock.unlock();
        }
    }

    /** The last failures of one pair, as many as matter. */
    private static final class Failures {
        private final long[] times = new long[LOCKED_FROM];
        private int count;
        private long openFrom;

        void add(long now) {
            int kept = 0;
            for (int i = 0; i < count; i++) {
                if (now - times[i] < WINDOW.toNanos()) {
                    times[kept++] = times[i];
                }
            }
            if (kept == LOCKED_FROM) {
                System.arraycopy(times, 1, times, 0, --kept);
            }
            times[kept++] = now;
            count = kept;
            openFrom = now + delay(count).toNanos();
        }

        private static Duration delay(int failures) {
            if (failures >= LOCKED_FROM) {
                return LOCKED;
            }
            if (failures < DELAYED_FROM) {
                return Duration.ZERO;
            }
            Duration delay = Duration.ofSeconds(1L << (failures - DELAYED_FROM));
            return delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY;
        }
    }
}
