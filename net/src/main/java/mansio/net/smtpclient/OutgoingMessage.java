package mansio.net.smtpclient;

import mansio.codec.line.ByteSource;
import mansio.codec.smtp.MailParameters.Dsn;
import mansio.codec.smtp.RcptParameters;
import mansio.codec.text.Address;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * One message for one transaction.
 *
 * @param reversePath empty for the null reverse-path
 * @param recipients 1 to {@link #MAX_RECIPIENTS}
 * @param dsn what the sender asked of reports; passed on where the server knows how
 * @param requireTls RFC 8689: only over verified TLS, to a server that promises the same
 */
public record OutgoingMessage(
        Optional<Address> reversePath,
        List<Recipient> recipients,
        Content content,
        Dsn dsn,
        boolean requireTls) {
    /** RFC 5321 section 4.5.3.1.8: what every server must take. */
    public static final int MAX_RECIPIENTS = 100;

    public OutgoingMessage {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty() || recipients.size() > MAX_RECIPIENTS) {
            throw new IllegalArgumentException(recipients.size() + " recipients");
        }
    }

    /** Whom it is for, and what the sender asked of reports about that. */
    public record Recipient(Address forwardPath, RcptParameters parameters) {}

    /** The bytes of a message, to be read once; closed afterwards. */
    public interface Reading extends ByteSource, Closeable {}

    /** Opens the bytes, from their beginning each time. */
    @FunctionalInterface
    public interface Opener {
        Reading open() throws IOException;
    }

    /**
     * Header and body. Line ends may be of any kind; CRLF goes out.
     *
     * @param size octets, for the SIZE parameter: an estimate will do
     * @param eightBit whether any octet is above 127
     * @param utf8Header whether the header needs SMTPUTF8 (RFC 6532)
     * @param sevenBit the same message without octets above 127, for servers without 8BITMIME;
     *     empty when the caller has none: then it is refused (RFC 6152 section 3)
     */
    public record Content(
            long size,
            boolean eightBit,
            boolean utf8Header,
            Opener opener,
            Optional<Opener> sevenBit) {}

    /**
     * Called when all of the message but its end has been sent: the last moment to write down that
     * it may arrive.
     */
    @FunctionalInterface
    public interface BeforeDot {
        /**
         * @param accepted the recipients that may get it, by their place in the message
         * @throws IOException when the message must not go out: the connection is closed
         */
        void endFollows(List<Integer> accepted) throws IOException;
    }
}
