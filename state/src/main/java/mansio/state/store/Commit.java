package mansio.state.store;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/** Changes on their way to the disk, and the threads that wait for them. */
final class Commit {
    /** How soon it must be on disk. */
    enum Urgency {
        /** Written soon but not synced by itself: pieces of a blob that nothing refers to yet. */
        AHEAD,
        /** Synced together with whatever comes next. */
        LAZY,
        /** Somebody waits for it. */
        SYNCED
    }

    /** A stack of waiting threads; or, without a thread, how it ended. */
    private static final class Waiter {
        private final @Nullable Thread thread;
        private final @Nullable Waiter next;

        Waiter(@Nullable Thread thread, @Nullable Waiter next) {
            this.thread = thread;
            this.next = next;
        }
    }

    private static final Waiter DONE = new Waiter(null, null);
    private static final Waiter LOST = new Waiter(null, null);

    private final List<Op> ops;
    private final int bytes;
    private final Urgency urgency;
    private final Runnable whenDone;
    private final AtomicReference<@Nullable Waiter> waiters = new AtomicReference<>();

    /**
     * @param whenDone called by the committer when the changes are written (AHEAD) or durable (the
     *     others), before any waiter wakes; it must be quick
     */
    Commit(List<Op> ops, Urgency urgency, Runnable whenDone) {
        this.ops = ops;
        this.urgency = urgency;
        this.whenDone = whenDone;
        int sum = 0;
        for (Op op : ops) sum += op.bytes();
        bytes = sum;
    }

    List<Op> ops() {
        return ops;
    }

    int bytes() {
        return bytes;
    }

    Urgency urgency() {
        return urgency;
    }

    boolean isDone() {
        return waiters.get() == DONE;
    }

    /** Called by the committer: wakes all who wait. */
    void done() {
        whenDone.run();
        finish(DONE);
    }

    /** Called when the store has stopped: who waits gets {@link StoreStoppedError}. */
    void lost() {
        finish(LOST);
    }

    private void finish(Waiter end) {
        Waiter waiter = waiters.getAndSet(end);
        while (waiter != null && waiter != DONE && waiter != LOST) {
            LockSupport.unpark(waiter.thread);
            waiter = waiter.next;
        }
    }

    /**
     * Waits until {@link #done()}. An interrupt does not end the wait: what is on its way cannot be
     * called back.
     *
     * @throws StoreStoppedError when nobody can know whether it was done
     */
    void await() {
        Waiter seen = waiters.get();
        while (seen != DONE && seen != LOST) {
            if (waiters.compareAndSet(seen, new Waiter(Thread.currentThread(), seen))) {
                park();
            }
            seen = waiters.get();
        }
        if (seen == LOST) throw new StoreStoppedError("the store has stopped");
    }

    private void park() {
        boolean interrupted = false;
        Waiter seen = waiters.get();
        while (seen != DONE && seen != LOST) {
            LockSupport.park(this);
            interrupted |= Thread.interrupted();
            seen = waiters.get();
        }
        if (interrupted) Thread.currentThread().interrupt();
    }
}
