package mansio.state.store;

import mansio.net.time.SystemTime;
import mansio.net.time.Time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** The machine's time, with a wall clock that a test may move. */
final class RealTime implements Time {
    private final Time system = new SystemTime();
    private final AtomicReference<Duration> moved = new AtomicReference<>(Duration.ZERO);

    private final AtomicLong ahead = new AtomicLong();

    void moveWallClock(Duration by) {
        moved.updateAndGet(before -> before.plus(by));
    }

    /** Moves the clock that deadlines are values of. */
    void moveNanos(Duration by) {
        ahead.addAndGet(by.toNanos());
    }

    @Override
    public Instant now() {
        return system.now().plus(moved.get());
    }

    @Override
    public long nanos() {
        return system.nanos() + ahead.get();
    }

    @Override
    public void sleep(Duration duration) {
        system.sleep(duration);
    }

    @Override
    public boolean await(Lock lock, Condition condition, long deadlineNanos) {
        return system.await(lock, condition, deadlineNanos - ahead.get());
    }
}
