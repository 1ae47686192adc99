package mansio.codec.smtp;

import mansio.codec.text.Address;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The parameters of MAIL.
 *
 * @param size RFC 1870: the declared size in octets; {@link Long#MAX_VALUE} stands for all beyond
 * @param smtpUtf8 RFC 6531 section 3.4: the message may need it
 * @param auth RFC 4954 section 5: who submitted it first
 * @param dsn RFC 3461 section 4
 * @param requireTls RFC 8689 section 2: no hop may pass the message on without verified TLS
 */
public record MailParameters(
        OptionalLong size,
        Body body,
        boolean smtpUtf8,
        Optional<Auth> auth,
        Dsn dsn,
        boolean requireTls) {

    /** No parameters at all. */
    public static final MailParameters NONE =
            new MailParameters(
                    OptionalLong.empty(), Body.UNSAID, false, Optional.empty(), Dsn.NONE);

    /** Without REQUIRETLS. */
    public MailParameters(
            OptionalLong size, Body body, boolean smtpUtf8, Optional<Auth> auth, Dsn dsn) {
        this(size, body, smtpUtf8, auth, dsn, false);
    }

    /** RFC 6152 section 2. */
    public enum Body {
        UNSAID,
        SEVEN_BIT,
        EIGHT_BIT_MIME
    }

    /**
     * RFC 4954 section 5.
     *
     * @param identity empty for {@code <>}: not known
     */
    public record Auth(Optional<Address> identity) {}

    /**
     * What RFC 3461 section 4 adds to MAIL.
     *
     * @param envid decoded from xtext, printable ASCII
     */
    public record Dsn(Optional<Ret> ret, Optional<String> envid) {
        /** Nothing asked. */
        public static final Dsn NONE = new Dsn(Optional.empty(), Optional.empty());
    }

    /** RFC 3461 section 4.3: how much of the message a notification brings back. */
    public enum Ret {
        FULL,
        HDRS
    }
}
