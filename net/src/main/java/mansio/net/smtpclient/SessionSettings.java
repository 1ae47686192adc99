package mansio.net.smtpclient;

import mansio.codec.sasl.Credentials;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * How a route's sessions are made.
 *
 * @param begin in TLS from the first byte, or not
 * @param credentials for a relay host that wants a log-in
 * @param needed EHLO keywords, upper case; hosts that do not offer all of them are passed over.
 *     {@code REQUIRETLS} and {@code SMTPUTF8}, for messages that cannot do without
 * @param ignored EHLO keywords, upper case, that are treated as not offered, for servers that get
 *     them wrong
 * @param reuse when a session has done enough
 */
public record SessionSettings(
        Protocol protocol,
        SmtpClient.Begin begin,
        TlsPolicy tls,
        Sources sources,
        Optional<Credentials> credentials,
        Set<String> needed,
        Set<String> ignored,
        Reuse reuse,
        Timeouts timeouts) {
    public SessionSettings {
        needed = Set.copyOf(needed);
        ignored = Set.copyOf(ignored);
    }

    /** What is spoken. */
    public enum Protocol {
        SMTP,
        /** RFC 2033: LHLO, and a reply for each recipient. */
        LMTP
    }

    /**
     * When a session is not to be used again.
     *
     * @param maxMessages transactions, at least 1
     * @param maxAge since it was opened
     */
    public record Reuse(int maxMessages, Duration maxAge) {
        /** 100 messages or five minutes. */
        public static final Reuse USUAL = new Reuse(100, Duration.ofMinutes(5));
    }

    /** SMTP to strangers: TLS where it is offered, no log-in. */
    public static SessionSettings usual(Sources sources) {
        return new SessionSettings(
                Protocol.SMTP,
                SmtpClient.Begin.PLAIN,
                new TlsPolicy.May(),
                sources,
                Optional.empty(),
                Set.of(),
                Set.of(),
                Reuse.USUAL,
                Timeouts.RFC_5321);
    }

    /** The same with another TLS policy. */
    public SessionSettings with(TlsPolicy other) {
        return new SessionSettings(
                protocol, begin, other, sources, credentials, needed, ignored, reuse, timeouts);
    }

    /** The same with a log-in. */
    public SessionSettings with(Credentials other) {
        return new SessionSettings(
                protocol,
                begin,
                tls,
                sources,
                Optional.of(other),
                needed,
                ignored,
                reuse,
                timeouts);
    }

    /** The same, at hosts that offer these keywords. */
    public SessionSettings needing(Set<String> keywords) {
        return new SessionSettings(
                protocol, begin, tls, sources, credentials, keywords, ignored, reuse, timeouts);
    }

    /** Whether HELO would do, which knows no extensions. */
    boolean heloWillDo() {
        return protocol == Protocol.SMTP
                && !tls.required()
                && credentials.isEmpty()
                && needed.isEmpty();
    }
}
