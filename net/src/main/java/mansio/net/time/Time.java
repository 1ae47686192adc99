package mansio.net.time;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/**
 * The only source of time, and the only way to wait for it. Everything from codec to serve receives
 * it in a constructor, so that a simulation can own time (docs/design/simulation.md).
 *
 * <p>Safe for use by any thread.
 */
public interface Time {
    /** The wall clock, for what people and protocols see. It may jump in either direction. */
    Instant now();

    /**
     * A clock that never goes back, in nanoseconds from an arbitrary origin. Deadlines are values
     * of this clock.
     */
    long nanos();

    /** Waits for the given time. A time of zero or less returns at once. */
    void sleep(Duration duration);

    /**
     * Waits on {@code condition} until it is signalled or {@link #nanos()} reaches {@code
     * deadlineNanos}. Like every condition it may wake for no reason: call it in a loop.
     *
     * @param lock the lock that made {@code condition}, held by the caller; it is given up while
     *     waiting
     * @return false when the deadline has passed
     */
    boolean await(Lock lock, Condition condition, long deadlineNanos);

    /** The deadline that is {@code duration} from now. */
    default long deadline(Duration duration) {
        return nanos() + duration.toNanos();
    }
}
