package mansio.net.time;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The pauses of threads that do something again and again until they are told to end:
 *
 * <pre>{@code
 * while (rounds.pause(EVERY)) round();
 * }</pre>
 *
 * <p>Safe for use by any thread.
 */
public final class Rounds implements AutoCloseable {
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();

    /** Guarded by the lock. */
    private boolean closed;

    public Rounds(Time time) {
        this.time = time;
    }

    /**
     * Waits for the given time, or until this is closed.
     *
     * @return false when it is closed: there is to be no other round
     */
    public boolean pause(Duration duration) {
        lock.lock();
        try {
            long deadline = time.deadline(duration);
            while (!closed && time.await(lock, closing, deadline)) {
                // Woken early: wait on.
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Whether a round that is under way is to end early. */
    public boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Ends the pause that is under way, and all rounds. It does not wait for their threads. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
