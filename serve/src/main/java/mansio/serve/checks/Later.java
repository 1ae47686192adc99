package mansio.serve.checks;

import mansio.net.time.Threads;
import mansio.net.time.Time;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * A value that a thread of its own works out, for one that has something else to do meanwhile. Safe
 * for use by any thread.
 */
final class Later<T> {
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition came = lock.newCondition();

    /** Guarded by the lock; what stands for the value until it is there. */
    private T value;

    private boolean there;

    private Later(Time time, T otherwise) {
        this.time = time;
        this.value = otherwise;
    }

    /**
     * Begins to work.
     *
     * @param otherwise what {@link #get} gives when the value does not come in time
     * @param work should end by itself about when {@link #get} gives up
     */
    static <T> Later<T> start(Time time, Threads threads, T otherwise, Supplier<T> work) {
        Later<T> later = new Later<>(time, otherwise);
        threads.start("check", () -> later.set(work.get()));
        return later;
    }

    /** A value that is there already. */
    static <T> Later<T> known(Time time, T value) {
        Later<T> later = new Later<>(time, value);
        later.there = true;
        return later;
    }

    private void set(T found) {
        lock.lock();
        try {
            value = found;
            there = true;
            came.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The value; waits for it until the deadline of {@link Time#nanos()}. */
    T get(long deadlineNanos) {
        lock.lock();
        try {
            boolean early = true;
            while (early && !there) {
                early = time.await(lock, came, deadlineNanos);
            }
            return value;
        } finally {
            lock.unlock();
        }
    }
}
