package mansio.state.store;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Tells listeners of durable versions, one call at a time, on one thread. A partition waits here at
 * most once, however many versions it has had since: a slow listener delays others but grows
 * nothing.
 */
final class Announcer implements Runnable {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final ArrayDeque<StoredPartition> changed = new ArrayDeque<>();
    private boolean closed;

    /** Notes that a partition has something to tell; called only while it is not noted. */
    void add(StoredPartition partition) {
        lock.lock();
        try {
            changed.add(partition);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        while (true) {
            StoredPartition next;
            lock.lock();
            try {
                while (changed.isEmpty() && !closed) work.awaitUninterruptibly();
                if (closed) return;
                next = changed.remove();
            } finally {
                lock.unlock();
            }
            next.announce();
        }
    }
}
