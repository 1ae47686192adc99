package mansio.testkit.sim;

import mansio.net.listen.ConnectionEnding;
import mansio.net.time.Time;

import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * One direction of a fake connection: bytes in pieces that travel for a while and arrive in order.
 * Its lock is never held together with another pipe's.
 */
final class Pipe {
    private static final int WINDOW_BYTES = 64 * 1024;

    /** A piece under way. */
    private static final class Piece {
        final byte[] bytes;
        final long arrivalNanos;
        int at;

        Piece(byte[] bytes, long arrivalNanos) {
            this.bytes = bytes;
            this.arrivalNanos = arrivalNanos;
        }
    }

    private enum State {
        OPEN,
        /** The writer has closed: an end comes after the last piece. */
        ENDING,
        /** The reader has closed: nobody wants what is written. */
        UNWANTED,
        RESET
    }

    private final Simulation simulation;
    private final Time time;
    private final RandomGenerator random;
    private final long maxDelayNanos;
    private final Lock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Piece> pieces = new ArrayDeque<>();
    private State state = State.OPEN;
    private int underWay;
    private long lastArrival;
    private long readDeadline = Long.MAX_VALUE;
    private long writeDeadline = Long.MAX_VALUE;
    private boolean readerIdle;
    private boolean readerStops;
    private boolean silent;
    private FakeConnection.Budget budget = new FakeConnection.Budget(0, () -> {});

    Pipe(Simulation simulation, RandomGenerator random, Duration maxDelay) {
        this.simulation = simulation;
        this.time = simulation.time();
        this.random = random;
        this.maxDelayNanos = maxDelay.toNanos();
    }

    int read(byte[] to, int offset, int length) throws IOException {
        simulation.maybeYield();
        lock.lock();
        try {
            while (true) {
                check(readDeadline, State.UNWANTED);
                if (readerIdle && readerStops) {
                    throw new ConnectionEnding(ConnectionEnding.Why.STOPPING);
                }
                Piece head = pieces.peek();
                long arrival = head == null ? lastArrival : head.arrivalNanos;
                boolean something = head != null || state == State.ENDING;
                if (something && arrival <= time.nanos()) {
                    return head == null ? -1 : take(head, to, offset, length);
                }
                long until = something ? Math.min(arrival, readDeadline) : readDeadline;
                time.await(lock, changed, until);
            }
        } finally {
            lock.unlock();
        }
    }

    private int take(Piece head, byte[] to, int offset, int length) {
        int most = Math.min(length, head.bytes.length - head.at);
        int count = random.nextBoolean() ? most : 1 + random.nextInt(most);
        System.arraycopy(head.bytes, head.at, to, offset, count);
        head.at += count;
        if (head.at == head.bytes.length) {
            pieces.remove();
        }
        underWay -= count;
        changed.signalAll();
        return count;
    }

    void write(byte[] from, int offset, int length) throws IOException {
        simulation.maybeYield();
        // Before the lock is taken: a fault locks both pipes, one after the other.
        budget.spend(length);
        lock.lock();
        try {
            int at = offset;
            int end = offset + length;
            while (at < end) {
                check(writeDeadline, State.ENDING);
                if (state == State.UNWANTED) {
                    throw new IOException("Broken pipe");
                }
                int room = Math.min(WINDOW_BYTES - underWay, end - at);
                if (room == 0) {
                    time.await(lock, changed, writeDeadline);
                    continue;
                }
                int count = random.nextBoolean() ? room : 1 + random.nextInt(room);
                send(Arrays.copyOfRange(from, at, at + count));
                at += count;
            }
        } finally {
            lock.unlock();
        }
    }

    private void send(byte[] bytes) {
        underWay += bytes.length;
        if (!silent) {
            pieces.add(new Piece(bytes, nextArrival()));
            changed.signalAll();
        }
    }

    private long nextArrival() {
        long travel = maxDelayNanos == 0 ? 0 : random.nextLong(maxDelayNanos);
        lastArrival = Math.max(lastArrival, time.nanos() + travel);
        return lastArrival;
    }

    private void check(long deadline, State closedByMe) throws IOException {
        if (state == State.RESET) {
            throw new IOException("Connection reset");
        }
        if (state == closedByMe) {
            throw new EOFException("closed");
        }
        if (deadline - time.nanos() <= 0) {
            throw new ConnectionEnding(ConnectionEnding.Why.DEADLINE);
        }
    }

    void spend(FakeConnection.Budget shared) {
        budget = shared;
    }

    /** From now on bytes vanish on their way. */
    void silence() {
        change(() -> silent = true);
    }

    void reset() {
        change(() -> state = State.RESET);
    }

    void closeByWriter() {
        change(
                () -> {
                    if (state == State.OPEN) {
                        state = State.ENDING;
                        // Where bytes vanish, the end does too.
                        lastArrival = silent ? Long.MAX_VALUE : nextArrival();
                    }
                });
    }

    void closeByReader() {
        change(
                () -> {
                    if (state != State.RESET) {
                        state = State.UNWANTED;
                        pieces.clear();
                    }
                });
    }

    /**
     * @param idle whether the reader waits for a command
     */
    void readDeadline(long deadlineNanos, boolean idle) {
        change(
                () -> {
                    readDeadline = deadlineNanos;
                    readerIdle = idle;
                });
    }

    /** From now on the reader waits for no command. */
    void readerStops() {
        change(() -> readerStops = true);
    }

    void writeDeadline(long deadlineNanos) {
        change(() -> writeDeadline = deadlineNanos);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
