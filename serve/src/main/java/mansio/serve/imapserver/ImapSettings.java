package mansio.serve.imapserver;

import mansio.state.mailbox.QuotaLimit;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * How a listener behaves.
 *
 * @param hostname what the server calls itself
 * @param plainLogin peers that may log in outside of TLS
 * @param trusted peers that may have any number of sessions
 */
public record ImapSettings(
        String hostname,
        Predicate<InetAddress> plainLogin,
        Predicate<InetAddress> trusted,
        Limits limits) {
    /** The usual settings: passwords only under TLS. */
    public static ImapSettings of(String hostname) {
        return new ImapSettings(hostname, _ -> false, _ -> false, Limits.USUAL);
    }

    public ImapSettings with(Predicate<InetAddress> other) {
        return new ImapSettings(hostname, other, trusted, limits);
    }

    public ImapSettings trusting(Predicate<InetAddress> peers) {
        return new ImapSettings(hostname, plainLogin, peers, limits);
    }

    public ImapSettings with(Limits other) {
        return new ImapSettings(hostname, plainLogin, trusted, other);
    }

    /**
     * Limits of one session.
     *
     * @param appendBytes the longest message of APPEND: APPENDLIMIT (RFC 7889)
     * @param defaultQuota of accounts that have none of their own
     * @param maxErrors BAD replies in a row before the session is closed
     * @param maxFailedLogIns attempts to log in before the session is closed, whatever else was
     *     said between them
     */
    public record Limits(
            long appendBytes,
            QuotaLimit defaultQuota,
            int maxErrors,
            int maxFailedLogIns,
            Timeouts timeouts) {
        public static final Limits USUAL =
                new Limits(50L << 20, QuotaLimit.UNLIMITED, 50, 10, Timeouts.USUAL);
    }

    /**
     * How long a peer may take.
     *
     * @param beforeLogin for a whole command line of somebody we do not know
     * @param untilLogin from the greeting to the log-in in all, whatever is said between them: else
     *     NOOPs would keep the connection of somebody we do not know
     * @param command for a whole command line after log-in, IDLE too: RFC 9051 section 5.4 wants at
     *     least 30 minutes
     * @param block for each 16 KiB that are read of a literal or written to the peer
     */
    public record Timeouts(
            Duration beforeLogin, Duration untilLogin, Duration command, Duration block) {
        public static final Timeouts USUAL =
                new Timeouts(
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(3),
                        Duration.ofMinutes(31),
                        Duration.ofMinutes(3));
    }
}
