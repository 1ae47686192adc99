package mansio.state.store;

import mansio.net.time.Time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** The machine's time, with a wall clock that a test may move. */
final class RealTime implements Time {
    private final AtomicReference<Duration> moved = new AtomicReference<>(Duration.ZERO);

    void moveWallClock(Duration by) {
        moved.updateAndGet(before -> before.plus(by));
    }

    @Override
    public Instant now() {
        return Instant.now().plus(moved.get());
    }

    @Override
    public long nanos() {
        return System.nanoTime();
    }

    @Override
    public void sleep(Duration duration) {
        throw new UnsupportedOperationException("tests do not sleep");
    }

    @Override
    @SuppressWarnings("AwaitNotInLoop")
    public boolean await(Lock lock, Condition condition, long deadlineNanos) {
        try {
            return condition.await(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
