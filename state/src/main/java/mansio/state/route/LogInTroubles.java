package mansio.state.route;

import mansio.net.time.Time;
import mansio.state.store.Entry;
import mansio.state.store.Key;
import mansio.state.store.Page;
import mansio.state.store.Partition;
import mansio.state.store.Range;
import mansio.state.store.Reads;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * When an administrator was last told that a relay host refuses the log-in of a route: once a day
 * for each route, over restarts too, and so often a day in all.
 *
 * <p>Safe for use by any thread. The lock is held around the disk write.
 */
public final class LogInTroubles {
    /** Within this time nobody is told again of the same route. */
    public static final Duration PAUSE = Duration.ofDays(1);

    /** Within that time no more are told: a service that changes is one cause for many routes. */
    public static final int MAX_TOLD = 20;

    private static final int FORMAT = 1;

    private final Partition directory;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock for changes. */
    private final Map<Key, Instant> told = new ConcurrentHashMap<>();

    private LogInTroubles(Partition directory, Time time) {
        this.directory = directory;
        this.time = time;
    }

    /**
     * Reads what is known.
     *
     * @param directory the directory partition
     */
    public static LogInTroubles open(Partition directory, Time time) throws IOException {
        LogInTroubles troubles = new LogInTroubles(directory, time);
        Page page =
                directory.scan(
                        Range.prefix(RouteRows.TROUBLES),
                        Reads.Direction.FORWARD,
                        Routes.MAX_ROUTES,
                        Reads.MAX_SCAN_BYTES);
        for (Entry entry : page.entries()) troubles.told.put(entry.key(), decode(entry.value()));
        return troubles;
    }

    /**
     * Whether somebody is to be told now; if so, it is noted that they are, and lasting when this
     * returns: rather a notice too few after a crash than one at each start.
     */
    public boolean tellNow(RemoteRoute route) throws IOException {
        lock.lock();
        try {
            Instant now = time.now();
            forgetOld(now);
            Key key = key(route);
            if (told.containsKey(key) || told.size() >= MAX_TOLD) return false;
            byte[] value = new ValueWriter().u8(FORMAT).instant(now).toBytes();
            directory.write(
                    turn -> {
                        turn.put(key, value);
                        return true;
                    });
            told.put(key, now);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** What is over, and what a clock that was set back has put into the future. */
    private void forgetOld(Instant now) throws IOException {
        List<Key> over =
                told.entrySet().stream()
                        .filter(
                                it ->
                                        !now.isBefore(it.getValue().plus(PAUSE))
                                                || it.getValue().isAfter(now.plus(PAUSE)))
                        .map(Map.Entry::getKey)
                        .toList();
        if (over.isEmpty()) return;
        directory.writeLazily(
                turn -> {
                    over.forEach(turn::delete);
                    return true;
                });
        over.forEach(told::remove);
    }

    private static Key key(RemoteRoute route) {
        return RouteRows.TROUBLES.text(route.name());
    }

    private static Instant decode(byte[] value) {
        ValueReader in = new ValueReader(value);
        int format = in.u8();
        if (format != FORMAT) throw new IllegalStateException("trouble of format " + format);
        return in.instant();
    }
}
