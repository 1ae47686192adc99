package mansio.net.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.net.listen.ConnectionLimits.Bounds;
import mansio.net.listen.ConnectionLimits.Entry;
import mansio.net.time.Time;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

class ConnectionLimitsTest {
    /** Stands still until it is told to go on. */
    private static final class StandingTime implements Time {
        long nanos;

        @Override
        public Instant now() {
            return Instant.EPOCH;
        }

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public void sleep(Duration duration) {
            throw new UnsupportedOperationException();
        }

        @Override
        public boolean await(Lock lock, Condition condition, long deadlineNanos) {
            throw new UnsupportedOperationException();
        }
    }

    private final StandingTime time = new StandingTime();

    private ConnectionLimits<String> limits(int open, int openOfOne, int perMinute) {
        return new ConnectionLimits<>(time, new Bounds(open, openOfOne, perMinute));
    }

    @Test
    void ofOneAndInAll() {
        ConnectionLimits<String> limits = limits(3, 2, Bounds.UNBOUNDED);
        assertThat(limits.enter("a")).isEqualTo(Entry.LET_IN);
        assertThat(limits.enter("a")).isEqualTo(Entry.LET_IN);
        assertThat(limits.enter("a")).isEqualTo(Entry.TOO_MANY_OF_ONE);
        assertThat(limits.enter("b")).isEqualTo(Entry.LET_IN);
        assertThat(limits.enter("c")).isEqualTo(Entry.TOO_MANY_IN_ALL);
        limits.leave("a");
        assertThat(limits.enter("c")).isEqualTo(Entry.LET_IN);
    }

    @Test
    void withinAMinute() {
        ConnectionLimits<String> limits = limits(Bounds.UNBOUNDED, 9, 2);
        for (int i = 0; i < 2; i++) {
            assertThat(limits.enter("a")).isEqualTo(Entry.LET_IN);
            limits.leave("a");
        }
        assertThat(limits.enter("a")).isEqualTo(Entry.TOO_MANY_OF_ONE);
        time.nanos += Duration.ofSeconds(61).toNanos();
        assertThat(limits.enter("a")).isEqualTo(Entry.LET_IN);
    }

    @Test
    void whoHasLeftIsForgotten() {
        ConnectionLimits<String> limits = limits(9, 9, Bounds.UNBOUNDED);
        limits.enter("a");
        limits.leave("a");
        assertThat(limits.keys()).isZero();
        assertThatThrownBy(() -> limits.leave("a")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void onlySoManyIdleOnesAreRemembered() {
        ConnectionLimits<Integer> limits =
                new ConnectionLimits<>(time, new Bounds(Bounds.UNBOUNDED, 9, 9));
        limits.enter(-1);
        for (int i = 0; i < ConnectionLimits.MAX_KEYS + 100; i++) {
            limits.enter(i);
            limits.leave(i);
        }
        assertThat(limits.keys()).isLessThanOrEqualTo(ConnectionLimits.MAX_KEYS);
        limits.leave(-1);
    }
}
