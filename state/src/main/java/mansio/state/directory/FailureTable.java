package mansio.state.directory;

import mansio.net.time.Time;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Counts the failures of each key within {@link #WINDOW}, and says how long it has to wait.
 * Bounded: of those that need not wait, the one without a failure for the longest time makes room,
 * and only when all of them wait the one that would wait no longer first. So nobody gets out by
 * flooding the table with invented names.
 *
 * <p>Guarded by the lock of its owner, {@link LockOut}.
 */
final class FailureTable<K> {
    static final Duration WINDOW = Duration.ofMinutes(10);
    static final Duration LOCKED = Duration.ofMinutes(15);

    private static final long[] NONE = {};

    /** Wrong passwords that are told apart, the last ones of a key. */
    private static final int MARKS = 8;

    private final Time time;
    private final int maxKeys;
    private final Rules rules;
    private final Map<K, Failures> keys = new LinkedHashMap<>();

    /**
     * From when on a key has to wait.
     *
     * @param delayedFrom failures within the window
     * @param lockedFrom failures within the window, for {@link #LOCKED}
     * @param delay for so many failures beyond {@code delayedFrom}
     * @param looks allowed within {@link #LOCKED}
     */
    record Rules(int delayedFrom, int lockedFrom, IntFunction<Duration> delay, int looks) {}

    FailureTable(Time time, int maxKeys, Rules rules) {
        this.time = time;
        this.maxKeys = maxKeys;
        this.rules = rules;
    }

    /** How long the key has to wait; 0 or less when it need not. */
    long waitNanos(K key) {
        Failures failures = keys.get(key);
        return failures == null ? 0 : failures.openFrom - time.nanos();
    }

    void failed(K key) {
        Failures failures = keys.remove(key);
        if (failures == null) {
            failures = new Failures();
        }
        long now = time.nanos();
        failures.recent.add(now, WINDOW, rules.lockedFrom);
        failures.openFrom = now + delay(failures.recent.count).toNanos();
        put(key, failures);
    }

    void forget(K key) {
        keys.remove(key);
    }

    /** Whether the key failed with this password. */
    boolean hasMark(K key, long mark) {
        Failures failures = keys.get(key);
        return failures != null && failures.wrong.contains(mark);
    }

    /** Remembers a wrong password of a key that has failed. */
    void addMark(K key, long mark) {
        Failures failures = keys.get(key);
        if (failures != null) {
            failures.wrong.add(mark);
        }
    }

    /** Whether a password may still be compared while the key waits. */
    boolean mayLook(K key) {
        Failures failures = keys.get(key);
        return failures == null
                || failures.looks.countSince(time.nanos() - LOCKED.toNanos()) < rules.looks;
    }

    /**
     * Counts a password that was compared in vain; the same again is not counted. In vain is not
     * wrong: it may not have been remembered.
     *
     * @return whether it was counted
     */
    boolean looked(K key, long mark) {
        Failures failures = keys.get(key);
        if (failures == null) {
            failures = new Failures();
            failures.openFrom = time.nanos();
            put(key, failures);
        }
        if (failures.compared.contains(mark)) {
            return false;
        }
        failures.compared.add(mark);
        failures.looks.add(time.nanos(), LOCKED, rules.looks);
        return true;
    }

    int size() {
        return keys.size();
    }

    private Duration delay(int failures) {
        if (failures >= rules.lockedFrom) {
            return LOCKED;
        }
        return failures < rules.delayedFrom
                ? Duration.ZERO
                : rules.delay.apply(failures - rules.delayedFrom);
    }

    private void put(K key, Failures failures) {
        if (keys.size() >= maxKeys) {
            makeRoom();
        }
        keys.put(key, failures); // At the end: the first in order is the oldest.
    }

    /** Looks at few: those that wait have failed often, and gather slowly. */
    private void makeRoom() {
        long now = time.nanos();
        Map.Entry<K, Failures> soonest = null;
        Iterator<Map.Entry<K, Failures>> oldestFirst = keys.entrySet().iterator();
        while (oldestFirst.hasNext()) {
            Map.Entry<K, Failures> entry = oldestFirst.next();
            if (entry.getValue().openFrom - now <= 0) {
                oldestFirst.remove();
                return;
            }
            if (soonest == null || entry.getValue().openFrom - soonest.getValue().openFrom < 0) {
                soonest = entry;
            }
        }
        if (soonest != null) {
            keys.remove(soonest.getKey());
        }
    }

    /** What is known of one key. */
    private static final class Failures {
        final Moments recent = new Moments();
        final Moments looks = new Moments();
        final Marks wrong = new Marks();
        final Marks compared = new Marks();
        long openFrom;
    }

    /** The last few of something. */
    private static final class Marks {
        private long[] marks = NONE;

        boolean contains(long mark) {
            for (long known : marks) {
                if (known == mark) {
                    return true;
                }
            }
            return false;
        }

        void add(long mark) {
            int kept = Math.min(marks.length, MARKS - 1);
            long[] added = Arrays.copyOfRange(marks, marks.length - kept, marks.length + 1);
            added[kept] = mark;
            marks = added;
        }
    }

    /** The last moments of something, as many as matter, in order. */
    private static final class Moments {
        private long[] nanos = NONE;
        private int count;

        /** Adds one, and forgets those before the window, and those beyond {@code max}. */
        void add(long now, Duration window, int max) {
            int kept = countSince(now - window.toNanos());
            kept = Math.min(kept, max - 1);
            System.arraycopy(nanos, count - kept, nanos, 0, kept);
            if (kept == nanos.length) {
                nanos = Arrays.copyOf(nanos, Math.min(max, Math.max(4, 2 * kept)));
            }
            nanos[kept] = now;
            count = kept + 1;
        }

        int countSince(long from) {
            int before = 0;
            while (before < count && nanos[before] - from <= 0) {
                before++;
            }
            return count - before;
        }
    }
}
