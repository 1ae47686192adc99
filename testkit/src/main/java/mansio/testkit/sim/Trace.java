package mansio.testkit.sim;

import java.util.ArrayDeque;

/**
 * What happened in a simulation: a hash over every (step, thread, event), and the last events as
 * text for a report.
 */
public final class Trace {
    private static final int KEPT = 60;
    private static final long PRIME = 0x100000001b3L;

    private final ArrayDeque<String> last = new ArrayDeque<>(KEPT);
    private long hash = 0xcbf29ce484222325L;
    private long steps;

    void step() {
        steps++;
    }

    void add(String thread, String event) {
        mix(steps);
        mix(thread.hashCode());
        mix(event.hashCode());
        if (last.size() == KEPT) {
            last.removeFirst();
        }
        last.addLast(steps + " " + thread + ": " + event);
    }

    /** Equal for two runs that did the same in the same order. */
    public long hash() {
        return hash;
    }

    /** How many times a thread was given the carrier. */
    public long steps() {
        return steps;
    }

    /** The last events, one a line. */
    public String tail() {
        return String.join("\n", last);
    }

    private void mix(long value) {
        hash = (hash ^ value) * PRIME;
        hash ^= hash >>> 29;
    }
}
