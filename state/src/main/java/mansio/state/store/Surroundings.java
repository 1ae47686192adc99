package mansio.state.store;

import mansio.net.time.Threads;
import mansio.net.time.Time;

import java.util.random.RandomGenerator;

/**
 * What a store needs from outside.
 *
 * @param random used under a lock; need not be safe for several threads
 * @param halt ends the process after a failed write
 * @param stagingLimitBytes how much memory blobs in the making may use in all
 */
public record Surroundings(
        Time time, Threads threads, RandomGenerator random, Halt halt, long stagingLimitBytes) {
    /** The usual bound of memory for blobs in the making: 256 MiB. */
    public static final long STAGING_LIMIT_BYTES = 256L << 20;

    public Surroundings(Time time, Threads threads, RandomGenerator random, Halt halt) {
        this(time, threads, random, halt, STAGING_LIMIT_BYTES);
    }
}
