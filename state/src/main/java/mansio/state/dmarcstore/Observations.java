package mansio.state.dmarcstore;

import mansio.net.time.Time;
import mansio.trust.dmarcreport.AggregateReport.Row;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Counts what is seen of others' domains. It is counted in memory, so that nobody who waits for a
 * 250 waits for it; {@link #flush}, called each minute, brings it to the disk. What was counted
 * since then is lost in a crash: a report that is short of a minute harms nobody.
 *
 * <p>Memory is bounded: what is too much is counted without saying what it was. Safe for use by any
 * thread.
 */
public final class Observations {
    /** Kinds of messages of all domains together, between two flushes. */
    static final int MAX_ROWS = 20_000;

    /** Domains between two flushes. */
    static final int MAX_DOMAINS = 2_000;

    private static final Logger log = LoggerFactory.getLogger(Observations.class);

    private final OwedReports owed;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    /** One flush at a time; taken before {@link #lock}. */
    private final ReentrantLock flushing = new ReentrantLock();

    /** Guarded by the lock. */
    private Map<DomainDay, Tally> tallies = new HashMap<>();

    /** Rows in all tallies. Guarded by the lock. */
    private int rows;

    /** Messages of domains that were too many. Guarded by the lock. */
    private long dropped;

    public Observations(OwedReports owed, Time time) {
        this.owed = owed;
        this.time = time;
    }

    /** Counts a message that came just now. Waits for nothing. */
    public void record(Observation seen) {
        int day = DomainDay.dayOf(time.now());
        DomainDay of = new DomainDay(day, seen.published().domain());
        lock.lock();
        try {
            Tally tally = tally(of, seen);
            if (tally == null) {
                dropped++;
            } else {
                tally.renew(seen.published(), seen.destinations());
                add(tally, seen.row(), 1);
            }
        } finally {
            lock.unlock();
        }
    }

    private @Nullable Tally tally(DomainDay of, Observation seen) {
        Tally known = tallies.get(of);
        if (known == null && tallies.size() < MAX_DOMAINS) {
            known = new Tally(seen.published(), seen.destinations());
            tallies.put(of, known);
        }
        return known;
    }

    private void add(Tally tally, Row row, long count) {
        if (!tally.has(row)) {
            if (rows == MAX_ROWS) {
                tally.fold(count);
                return;
            }
            rows++;
        }
        tally.add(row, count);
    }

    /**
     * Writes what was counted.
     *
     * @throws IOException when not all could be written; the rest is still counted
     */
    public void flush() throws IOException {
        flushing.lock();
        try {
            Map<DomainDay, Tally> taken = take();
            try {
                var each = taken.entrySet().iterator();
                while (each.hasNext()) {
                    Map.Entry<DomainDay, Tally> one = each.next();
                    if (!owed.add(one.getKey(), one.getValue())) {
                        log.atWarn()
                                .addKeyValue("domain", one.getKey().domain())
                                .log("too many domains want DMARC reports; this one gets none");
                    }
                    each.remove();
                }
            } finally {
                giveBack(taken);
            }
        } finally {
            flushing.unlock();
        }
    }

    private Map<DomainDay, Tally> take() {
        lock.lock();
        try {
            Map<DomainDay, Tally> taken = tallies;
            tallies = new HashMap<>();
            rows = 0;
            if (dropped > 0) {
                log.atWarn()
                        .addKeyValue("messages", dropped)
                        .log("too many domains at once: messages are in no DMARC report");
                dropped = 0;
            }
            return taken;
        } finally {
            lock.unlock();
        }
    }

    private void giveBack(Map<DomainDay, Tally> left) {
        if (left.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            left.forEach(
                    (of, old) -> {
                        Tally tally = tallies.get(of);
                        if (tally == null) {
                            tally = new Tally(old.published(), old.destinations());
                            tallies.put(of, tally);
                        }
                        for (Map.Entry<Row, Long> row : old.rows().entrySet()) {
                            add(tally, row.getKey(), row.getValue());
                        }
                        tally.fold(old.folded());
                    });
        } finally {
            lock.unlock();
        }
    }
}
