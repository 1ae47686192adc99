package mansio.testkit.time;

import mansio.net.time.Time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * A clock that stands still until a test moves it. Waiting moves it too: {@link #sleep} and {@link
 * #await} return at once, with the clock at their end. That suits tests of one thread; code with
 * several is tested in a {@link mansio.testkit.sim.Simulation}.
 *
 * <p>Safe for use by any thread.
 */
public final class FakeTime implements Time {
    /** Where every fake clock starts: the day of the first example of RFC 5322 appendix A.1.1. */
    public static final Instant START = Instant.parse("1997-11-21T15:55:06Z");

    private Instant now = START;
    private long nanos = Duration.ofHours(1).toNanos();

    /** Moves both clocks on. */
    public synchronized void advance(Duration duration) {
        now = now.plus(duration);
        nanos += duration.toNanos();
    }

    /** Sets the wall clock only, as an administrator or a time server would: it may go back. */
    public synchronized void setNow(Instant instant) {
        now = instant;
    }

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public synchronized long nanos() {
        return nanos;
    }

    @Override
    public void sleep(Duration duration) {
        if (duration.isPositive()) {
            advance(duration);
        }
    }

    @Override
    public synchronized boolean await(Lock lock, Condition condition, long deadlineNanos) {
        long left = deadlineNanos - nanos;
        if (left > 0) {
            advance(Duration.ofNanos(left));
        }
        return false;
    }
}
