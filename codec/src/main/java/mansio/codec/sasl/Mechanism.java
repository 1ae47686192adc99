package mansio.codec.sasl;

import java.util.Locale;
import java.util.Optional;

/** The SASL mechanisms we speak. */
public enum Mechanism {
    /** RFC 4616: the password itself. */
    PLAIN("PLAIN"),
    /**
     * The password itself in two steps; never standardised, still what Outlook and printers use.
     */
    LOGIN("LOGIN"),
    /** RFC 7677. */
    SCRAM_SHA_256("SCRAM-SHA-256"),
    /** RFC 7677, bound to the TLS channel. */
    SCRAM_SHA_256_PLUS("SCRAM-SHA-256-PLUS");

    private final String saslName;

    Mechanism(String saslName) {
        this.saslName = saslName;
    }

    /** The name on the wire. */
    public String saslName() {
        return saslName;
    }

    /** True when the peer learns the password: only for protected channels. */
    public boolean sendsPassword() {
        return this == PLAIN || this == LOGIN;
    }

    /** The mechanism of that name in any case (RFC 4422 section 3.1 has upper case only). */
    public static Optional<Mechanism> named(String name) {
        String upper = name.toUpperCase(Locale.ROOT);
        for (Mechanism mechanism : values()) {
            if (mechanism.saslName.equals(upper)) {
                return Optional.of(mechanism);
            }
        }
        return Optional.empty();
    }
}
