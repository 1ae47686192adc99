package mansio.serve.smtpserver;

import mansio.net.time.Time;
import mansio.state.directory.NetworkOrigin;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts connections for each network: how many are open, and how many came within a minute. One
 * object may serve several listeners. Safe for use by any thread.
 */
public final class ConnectionLimits {
    /** Networks remembered; when more come, those that are idle are forgotten early. */
    static final int MAX_NETWORKS = 50_000;

    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

    private final Time time;
    private final int maxOpen;
    private final int maxPerMinute;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<NetworkOrigin, Use> uses = new HashMap<>();

    private static final class Use {
        int open;
        int begun;
        long windowStart;
    }

    /**
     * @param maxOpen open connections of one network
     * @param maxPerMinute new connections of one network within a minute
     */
    public ConnectionLimits(Time time, int maxOpen, int maxPerMinute) {
        this.time = time;
        this.maxOpen = maxOpen;
        this.maxPerMinute = maxPerMinute;
    }

    /**
     * Counts a new connection; false when it is one too many, and then {@link #leave} is not due.
     */
    boolean enter(NetworkOrigin network) {
        lock.lock();
        try {
            long now = time.nanos();
            if (uses.size() >= MAX_NETWORKS && !uses.containsKey(network)) {
                forgetIdle(now);
            }
            Use use = uses.computeIfAbsent(network, _ -> new Use());
            if (use.begun == 0 || now - use.windowStart >= WINDOW_NANOS) {
                use.windowStart = now;
                use.begun = 0;
            }
            if (use.open >= maxOpen || use.begun >= maxPerMinute) {
                return false;
            }
            use.open++;
            use.begun++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** A connection that was let in has ended. */
    void leave(NetworkOrigin network) {
        lock.lock();
        try {
            Use use = uses.get(network);
            if (use != null) {
                use.open--;
                if (use.open == 0 && time.nanos() - use.windowStart >= WINDOW_NANOS) {
                    uses.remove(network);
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /** How many networks are remembered. */
    int networks() {
        lock.lock();
        try {
            return uses.size();
        } finally {
            lock.unlock();
        }
    }

    private void forgetIdle(long now) {
        uses.values().removeIf(use -> use.open == 0 && now - use.windowStart >= WINDOW_NANOS);
        if (uses.size() >= MAX_NETWORKS) {
            uses.values().removeIf(use -> use.open == 0);
        }
    }
}
