package mansio.codec.smtp;

import mansio.codec.text.Address;

import java.util.Optional;

/** A parsed SMTP command. One record per verb: RFC 5321 section 4.1.1 and the extensions'. */
public sealed interface Command {
    /**
     * RFC 5321 section 4.1.1.1.
     *
     * @param client as the client spelled it: a domain, an address literal, or what {@link
     *     CommandParser} tolerates; never empty, never with spaces or control characters
     */
    record Ehlo(String client) implements Command {}

    /** RFC 5321 section 4.1.1.1; {@code client} as in {@link Ehlo}. */
    record Helo(String client) implements Command {}

    /** RFC 2033 section 4.1; {@code client} as in {@link Ehlo}. */
    record Lhlo(String client) implements Command {}

    /**
     * RFC 5321 section 4.1.1.2.
     *
     * @param reversePath empty for the null reverse-path {@code <>}
     */
    record Mail(Optional<Address> reversePath, MailParameters parameters) implements Command {}

    /** RFC 5321 section 4.1.1.3. */
    record Rcpt(ForwardPath forwardPath, RcptParameters parameters) implements Command {}

    /** RFC 5321 section 4.1.1.4. */
    record Data() implements Command {}

    /**
     * RFC 3030 section 2.
     *
     * @param size of the chunk that follows, in octets
     */
    record Bdat(long size, boolean last) implements Command {}

    /** RFC 5321 section 4.1.1.5. */
    record Rset() implements Command {}

    /** RFC 5321 section 4.1.1.6. */
    record Vrfy(String text) implements Command {}

    /** RFC 5321 section 4.1.1.7. */
    record Expn(String text) implements Command {}

    /** RFC 5321 section 4.1.1.8. */
    record Help(Optional<String> topic) implements Command {}

    /** RFC 5321 section 4.1.1.9. */
    record Noop() implements Command {}

    /** RFC 5321 section 4.1.1.10. */
    record Quit() implements Command {}

    /** RFC 3207 section 4. */
    record StartTls() implements Command {}

    /**
     * RFC 4954 section 4.
     *
     * @param mechanism as the client spelled it
     * @param initialResponse decoded from base64; empty when the client sent none
     */
    record Auth(String mechanism, Optional<byte[]> initialResponse) implements Command {
        @Override
        public String toString() {
            return "Auth[mechanism=" + mechanism + "]"; // Keeps the password out of logs.
        }
    }

    /** A verb we do not know. */
    record Unknown() implements Command {}

    /**
     * A verb we know with something behind it that its grammar does not have.
     *
     * @param message what was expected: one clean line without text from the peer
     */
    record Malformed(Fault fault, String message) implements Command {}

    /** What is wrong with a {@link Malformed} command. */
    enum Fault {
        /** The path of MAIL. */
        REVERSE_PATH,
        /** The path of RCPT. */
        FORWARD_PATH,
        /** A parameter of MAIL or RCPT that we do not know. */
        UNKNOWN_PARAMETER,
        /** What follows BDAT: nobody knows how many octets after it are no commands. */
        CHUNK,
        /** Anything else after the verb. */
        ARGUMENT
    }
}
