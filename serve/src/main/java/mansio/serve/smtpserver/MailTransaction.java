package mansio.serve.smtpserver;

import mansio.codec.smtp.MailParameters;
import mansio.codec.text.Address;
import mansio.serve.inbound.Transaction.RoutedRecipient;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A mail transaction from MAIL to its end: RFC 5321 section 3.3. Owned by the session's thread. */
final class MailTransaction {
    private final Optional<Address> reversePath;
    private final MailParameters parameters;
    private final List<RoutedRecipient> recipients = new ArrayList<>(1);
    private boolean recipientsTried;

    /** Absent until DATA or the first BDAT was accepted. */
    private @Nullable IncomingMessage message;

    private boolean chunkFailed;

    MailTransaction(Optional<Address> reversePath, MailParameters parameters) {
        this.reversePath = reversePath;
        this.parameters = parameters;
    }

    Optional<Address> reversePath() {
        return reversePath;
    }

    MailParameters parameters() {
        return parameters;
    }

    List<RoutedRecipient> recipients() {
        return recipients;
    }

    void add(RoutedRecipient recipient) {
        recipients.add(recipient);
    }

    /** True after the first RCPT, even if it was refused. */
    boolean recipientsTried() {
        return recipientsTried;
    }

    void recipientTried() {
        recipientsTried = true;
    }

    Optional<IncomingMessage> message() {
        return Optional.ofNullable(message);
    }

    void begin(IncomingMessage begun) {
        message = begun;
    }

    /** After a failed BDAT only RSET helps: RFC 3030 section 2. */
    boolean chunkFailed() {
        return chunkFailed;
    }

    void failChunk() {
        chunkFailed = true;
    }

    /** Throws away what was not accepted. */
    void abandon() {
        if (message != null) {
            message.close();
        }
    }
}
