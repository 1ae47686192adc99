package mansio.net.time;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Ends what knows no deadline itself, a connect or a datagram that does not come, by closing it
 * from another thread. One thread for each watch: for short work, not for idle connections. Safe
 * for use by any thread.
 */
public final class Deadlines {
    private final Time time;
    private final Threads threads;

    public Deadlines(Time time, Threads threads) {
        this.time = time;
        this.threads = threads;
    }

    /**
     * Closes {@code channel} when the deadline passes before the watch is closed.
     *
     * @param name of the thread, for logs and dumps
     * @param channel whose blocked calls end with an {@code IOException} when it is closed
     * @param deadlineNanos of {@link Time#nanos()}
     */
    public Watch watch(String name, Closeable channel, long deadlineNanos) {
        Watch watch = new Watch(channel, deadlineNanos);
        threads.start(name, watch::run);
        return watch;
    }

    /** A deadline that is being watched. Closing it leaves the channel open. */
    public final class Watch implements AutoCloseable {
        private final Closeable channel;
        private final long deadlineNanos;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();

        /** Guarded by the lock. */
        private boolean done;

        private Watch(Closeable channel, long deadlineNanos) {
            this.channel = channel;
            this.deadlineNanos = deadlineNanos;
        }

        private void run() {
            lock.lock();
            try {
                while (!done && time.await(lock, changed, deadlineNanos)) {
                    // Woken early: wait on.
                }
                if (!done) {
                    channel.close();
                }
            } catch (IOException e) {
                // Closed it is.
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            lock.lock();
            try {
                done = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }
}
