package mansio.state.directory;

import mansio.net.time.Time;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Slows guessing down, for each pair of network and name, and for each network over all names:
 *
 * <ul>
 *   <li>Of a pair, the {@value #DELAYED_FROM}th failure within ten minutes makes the next attempt
 *       wait for a second, each further one twice as long up to 30 seconds; from the {@value
 *       #LOCKED_FROM}th on nothing is looked at for 15 minutes.
 *   <li>Of a network, the {@value #NETWORK_DELAYED_FROM}th makes it wait for a second, for one more
 *       with every 50 further; from the {@value #NETWORK_LOCKED_FROM}th on 15 minutes. So one
 *       password cannot be tried on all names.
 * </ul>
 *
 * <p>The same wrong password counts once: a forgotten device that goes on with an old one does not
 * lock out the others behind its address. A success forgets the failures of its pair, never those
 * of the network: somebody with an account of their own could wipe them out at will.
 *
 * <p>Safe for use by any thread. Holds at most {@value #MAX_PAIRS} pairs and as many networks.
 */
final class LockOut {
    static final int DELAYED_FROM = 5;
    static final int LOCKED_FROM = 20;
    static final int NETWORK_DELAYED_FROM = 50;
    static final int NETWORK_LOCKED_FROM = 200;
    static final int MAX_PAIRS = 20_000;

    /** Passwords that are compared with the remembered ones while a pair waits. */
    static final int LOOKS = 5;

    private static final int NETWORK_LOOKS = 50;
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(30);
    private static final Duration SECOND = Duration.ofSeconds(1);

    /**
     * Who is counted.
     *
     * @param name the name that was typed, folded; the same whether or not there is such an account
     */
    record Pair(NetworkOrigin origin, String name) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final FailureTable<Pair> pairs;
    private final FailureTable<NetworkOrigin> networks;

    LockOut(Time time) {
        pairs =
                new FailureTable<>(
                        time,
                        MAX_PAIRS,
                        new FailureTable.Rules(
                                DELAYED_FROM, LOCKED_FROM, LockOut::pairDelay, LOOKS));
        networks =
                new FailureTable<>(
                        time,
                        MAX_PAIRS,
                        new FailureTable.Rules(
                                NETWORK_DELAYED_FROM,
                                NETWORK_LOCKED_FROM,
                                over -> SECOND.multipliedBy(1 + over / NETWORK_DELAYED_FROM),
                                NETWORK_LOOKS));
    }

    private static Duration pairDelay(int over) {
        Duration delay = Duration.ofSeconds(1L << over);
        return delay.compareTo(LONGEST_DELAY) < 0 ? delay : LONGEST_DELAY;
    }

    /** How long the pair has to wait; empty when it may try now. */
    Optional<Duration> mustWait(Pair pair) {
        lock.lock();
        try {
            long left = Math.max(pairs.waitNanos(pair), networks.waitNanos(pair.origin));
            return left > 0 ? Optional.of(Duration.ofNanos(left)) : Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** Whether the pair failed with this very password not long ago. */
    boolean isKnownWrong(Pair pair, long mark) {
        lock.lock();
        try {
            return pairs.hasMark(pair, mark);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Counts a failure.
     *
     * @param mark of the wrong password, which counts once; empty when it was not seen (SCRAM)
     */
    void failed(Pair pair, OptionalLong mark) {
        lock.lock();
        try {
            if (mark.isPresent() && pairs.hasMark(pair, mark.getAsLong())) {
                return; // Several tries at once.
            }
            pairs.failed(pair);
            mark.ifPresent(it -> pairs.addMark(pair, it));
            networks.failed(pair.origin);
        } finally {
            lock.unlock();
        }
    }

    void succeeded(Pair pair) {
        lock.lock();
        try {
            pairs.forget(pair);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Whether an attempt that would have to wait is let through, since its password is remembered
     * as the right one: the other devices behind an address go on while one of them guesses.
     *
     * <p>Without a bound this would end the lock-out for just those who are logged in: an attacker
     * behind the same address could guess on as quickly as the remembered passwords are compared.
     * So the passwords that are compared with them while a pair waits and turn out wrong are
     * counted too, {@value #LOOKS} in 15 minutes for a pair and {@value #NETWORK_LOOKS} for its
     * network; then a waiting pair waits, whatever the password. All that an attacker gains is a
     * quarter more guesses than the {@value #LOCKED_FROM} there were, and who keeps to a right
     * password never uses any up.
     *
     * @param right whether the password is remembered as right
     */
    boolean letThrough(Pair pair, long mark, boolean right) {
        lock.lock();
        try {
            if (pairs.hasMark(pair, mark)
                    || !pairs.mayLook(pair)
                    || !networks.mayLook(pair.origin)) {
                return false;
            }
            if (!right && pairs.looked(pair, mark)) {
                networks.looked(pair.origin, mark);
            }
            return right;
        } finally {
            lock.unlock();
        }
    }
}
