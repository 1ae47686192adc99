package mansio.state.queue;

import java.util.PriorityQueue;

/** What is to be looked at again at a point of the clock. Guarded by {@link Lanes}. */
final class Wakes {
    private record Wake(long nanos, Runnable look) implements Comparable<Wake> {
        @Override
        public int compareTo(Wake other) {
            return Long.compare(nanos, other.nanos);
        }
    }

    private final PriorityQueue<Wake> wakes = new PriorityQueue<>();

    void at(long nanos, Runnable look) {
        wakes.add(new Wake(nanos, look));
    }

    boolean isEmpty() {
        return wakes.isEmpty();
    }

    /** The first point of the clock; there is one. */
    long first() {
        return wakes.element().nanos;
    }

    /** Looks at all whose time has come. */
    void run(long nanos) {
        while (!wakes.isEmpty() && wakes.element().nanos - nanos <= 0) wakes.remove().look.run();
    }
}
