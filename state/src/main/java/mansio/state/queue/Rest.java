package mansio.state.queue;

import java.time.Duration;
import java.util.Optional;

/** A pause after failures, doubled by each further one. Guarded by {@link Lanes}. */
final class Rest {
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration MAX = Duration.ofMinutes(30);
    private static final int MAX_DOUBLINGS = 5;

    private int failures;
    private long untilNanos;
    private Optional<Failure> why = Optional.empty();

    void failed(long nowNanos, Failure failure) {
        Duration pause = FIRST.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
        failures++;
        untilNanos = nowNanos + (pause.compareTo(MAX) < 0 ? pause : MAX).toNanos();
        why = Optional.of(failure);
    }

    void end() {
        failures = 0;
        why = Optional.empty();
    }

    /** The next attempt need not wait, and the next failure counts as before. */
    void cutShort(long nowNanos) {
        untilNanos = nowNanos;
    }

    boolean lasts(long nowNanos) {
        return failures > 0 && untilNanos - nowNanos > 0;
    }

    /** True from a failure to the next success. */
    boolean isInDoubt() {
        return failures > 0;
    }

    long untilNanos() {
        return untilNanos;
    }

    /** The last failure, until the next success. */
    Optional<Failure> why() {
        return why;
    }
}
