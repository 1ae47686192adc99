package mansio.net.listen;

import mansio.net.listen.ConnectionEnding.Why;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Says whether a read (or a write) is going on, so that the reaper ends just that one: it cannot
 * hit the next, which has a new deadline.
 *
 * <p>Even: nothing goes on. Odd: a read goes on, each with its own number. Negative: ended for
 * ever.
 */
final class Turn {
    private static final long DEADLINE = -2;
    private static final long STOPPING = -4;

    private final AtomicLong state = new AtomicLong();

    /** Begins a read; throws when there are to be no more. */
    long begin() throws ConnectionEnding {
        long now = state.get();
        if (busy(now)) {
            throw new IllegalStateException("two threads use one side of a connection");
        }
        if (now < 0 || !state.compareAndSet(now, now + 1)) {
            throw ending();
        }
        return now + 1;
    }

    /** Ends a read; throws when the reaper was there first. */
    void end(long turn) throws ConnectionEnding {
        if (!state.compareAndSet(turn, turn + 1)) {
            throw ending();
        }
    }

    /** Looks at the read that goes on; a number for {@link #reap}. */
    long look() {
        return state.get();
    }

    static boolean busy(long turn) {
        return turn > 0 && turn % 2 == 1;
    }

    /** Ends the read that was seen, unless it is over. */
    boolean reap(long turn, Why why) {
        return state.compareAndSet(turn, why == Why.DEADLINE ? DEADLINE : STOPPING);
    }

    boolean reaped() {
        return state.get() < 0;
    }

    private ConnectionEnding ending() {
        return new ConnectionEnding(state.get() == STOPPING ? Why.STOPPING : Why.DEADLINE);
    }
}
