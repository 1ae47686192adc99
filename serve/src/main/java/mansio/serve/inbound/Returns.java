package mansio.serve.inbound;

import mansio.codec.text.Address;
import mansio.net.time.Time;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds what goes home to one sender through the reverse-paths that we signed: somebody who has
 * seen one must not be able to send through us with it without end. Safe for use by any thread.
 */
final class Returns {
    /** To one sender within an hour. */
    static final int MAX_AN_HOUR = 100;

    private static final int MAX_SENDERS = 10_000;
    private static final Duration WINDOW = Duration.ofHours(1);

    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    /** The longest known first. */
    private final Map<Address, Count> counts =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Address, Count> eldest) {
                    return size() > MAX_SENDERS;
                }
            };

    private record Count(long sinceNanos, int taken) {}

    Returns(Time time) {
        this.time = time;
    }

    /** Takes one, if there is one left. */
    boolean take(Address to) {
        lock.lock();
        try {
            long now = time.nanos();
            Count known = counts.getOrDefault(to, new Count(now, 0));
            Count count = now - known.sinceNanos > WINDOW.toNanos() ? new Count(now, 0) : known;
            Count next = new Count(count.sinceNanos, count.taken + 1);
            if (next.taken > MAX_AN_HOUR) {
                return false;
            }
            counts.put(to, next);
            return true;
        } finally {
            lock.unlock();
        }
    }
}
