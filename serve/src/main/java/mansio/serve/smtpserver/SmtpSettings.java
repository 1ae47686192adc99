package mansio.serve.smtpserver;

import mansio.codec.smtp.Strictness;
import mansio.codec.text.Domain;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * How a listener behaves.
 *
 * @param hostname what the server calls itself
 * @param access who may do what
 */
public record SmtpSettings(
        Flavour flavour, Domain hostname, Access access, Limits limits, Strictness strictness) {

    /** The usual settings: nobody is trusted, passwords only under TLS. */
    public static SmtpSettings of(Flavour flavour, Domain hostname) {
        return new SmtpSettings(flavour, hostname, Access.USUAL, Limits.USUAL, Strictness.TOLERANT);
    }

    public SmtpSettings with(Access other) {
        return new SmtpSettings(flavour, hostname, other, limits, strictness);
    }

    public SmtpSettings with(Limits other) {
        return new SmtpSettings(flavour, hostname, access, other, strictness);
    }

    /**
     * Who may do what.
     *
     * @param trusted networks whose hosts relay without log-in and know no limits for each network
     * @param plainLogin peers that may log in with a password outside of TLS
     * @param senders whether an account may send with any sender address
     */
    public record Access(
            Predicate<InetAddress> trusted, Predicate<InetAddress> plainLogin, Senders senders) {
        public static final Access USUAL = new Access(_ -> false, _ -> false, Senders.OWN);
    }

    /** With which addresses an account may send. */
    public enum Senders {
        /** Those it owns. */
        OWN,
        /** Any. */
        ANY
    }

    /**
     * Limits of one session.
     *
     * @param maxRecipients of one message; RFC 5321 section 4.5.3.1.8 wants at least 100
     * @param maxMessages of one session; trusted networks and LMTP have more
     * @param maxErrors replies of 5yz before the session is closed
     * @param maxTalk commands that bring no message on (NOOP, RSET, VRFY, EHLO, ...) between two
     *     messages
     * @param commandTimeout for a whole command line; RFC 5321 section 4.5.3.2.7 wants at least
     *     five minutes
     * @param blockTimeout for each {@link SmtpSession#BLOCK} octets of a message; RFC 5321 section
     *     4.5.3.2.5
     */
    public record Limits(
            int maxRecipients,
            int maxMessages,
            int maxErrors,
            int maxTalk,
            Duration commandTimeout,
            Duration blockTimeout) {
        /** Messages of one session with a trusted network or over LMTP; RFC 9422 has six digits. */
        static final int NEIGHBOURS_MESSAGES = 100_000;

        public static final Limits USUAL =
                new Limits(1000, 1000, 50, 200, Duration.ofMinutes(5), Duration.ofMinutes(3));

        /** These, with so many recipients of one message. */
        public Limits with(int recipients) {
            return new Limits(
                    recipients, maxMessages, maxErrors, maxTalk, commandTimeout, blockTimeout);
        }
    }
}
