package mansio.net.dns;

import mansio.net.dns.Answer.Failed;
import mansio.net.dns.Answer.Kind;
import mansio.net.time.Time;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Checks signatures once it was seen that the resolvers of the site hand them on, and passes
 * replies on as they come until then. There is no way back while the resolvers stay the same: who
 * could leave signatures out of what they say would otherwise switch the check off. Safe for use by
 * any thread.
 */
public final class ValidatorIfPossible implements Source {
    private static final Logger log = LoggerFactory.getLogger(ValidatorIfPossible.class);

    /** Any server that keeps to RFC 4035 can show that the root has none, and who signed that. */
    private static final Question PROBE = new Question(DnsName.ROOT, RecordType.TXT);

    /** When resolvers without signatures are looked at again. */
    static final Duration LOOK_AGAIN = Duration.ofMinutes(10);

    /** The same when they did not answer. */
    static final Duration LOOK_AGAIN_SOON = Duration.ofSeconds(30);

    private final Exchange exchange;
    private final Validator validator;
    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    /** Of what the next fields tell. Guarded by the lock, as they are. */
    private List<InetSocketAddress> servers = List.of();

    private State state = State.UNKNOWN;
    private long lookAgainNanos;

    private enum State {
        UNKNOWN,
        /** Signatures come, and hold. */
        CHECKING,
        NOT_CHECKING
    }

    /**
     * @param exchange what {@code validator} uses too
     */
    public ValidatorIfPossible(Exchange exchange, Validator validator, Time time) {
        this.exchange = exchange;
        this.validator = validator;
        this.time = time;
    }

    @Override
    public Result ask(Question question, long deadlineNanos) {
        return checks(deadlineNanos)
                ? validator.ask(question, deadlineNanos)
                : exchange.ask(question, deadlineNanos);
    }

    private boolean checks(long deadlineNanos) {
        List<InetSocketAddress> now = exchange.servers();
        lock.lock();
        try {
            if (!now.equals(servers)) {
                servers = now;
                state = State.UNKNOWN;
            }
            boolean due = state == State.NOT_CHECKING && lookAgainNanos - time.nanos() <= 0;
            if (state != State.UNKNOWN && !due) {
                return state == State.CHECKING;
            }
            // Others go on with what is known while this one looks.
            lookAgainNanos = time.deadline(LOOK_AGAIN);
        } finally {
            lock.unlock();
        }
        long half = (deadlineNanos - time.nanos()) / 2;
        Result probe = validator.ask(PROBE, time.nanos() + half);
        boolean checking =
                probe instanceof Result.Heard(Reply _, Security security)
                        && security == Security.SECURE;
        lock.lock();
        try {
            return servers.equals(now) ? decide(checking, probe) : checking;
        } finally {
            lock.unlock();
        }
    }

    private boolean decide(boolean checking, Result probe) {
        State before = state;
        if (before == State.CHECKING || checking) {
            state = State.CHECKING;
        } else {
            state = State.NOT_CHECKING;
            boolean silent =
                    probe instanceof Result.Silence(Failed failed)
                            && (failed.kind() == Kind.TIMEOUT || failed.kind() == Kind.NETWORK);
            lookAgainNanos = time.deadline(silent ? LOOK_AGAIN_SOON : LOOK_AGAIN);
        }
        if (state != before) {
            if (state == State.CHECKING) {
                log.info("the signatures of the DNS are checked");
            } else {
                log.atWarn()
                        .addKeyValue("reason", reason(probe))
                        .log(
                                "the signatures of the DNS cannot be checked: answers count as not"
                                        + " signed");
            }
        }
        return state == State.CHECKING;
    }

    private static String reason(Result probe) {
        return switch (probe) {
            case Result.Silence(Failed failed) -> failed.kind() + " " + failed.reason();
            case Result.Heard(Reply _, Security security) -> "the root is " + security;
        };
    }
}
