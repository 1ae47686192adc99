package mansio.serve.smtpserver;

import mansio.codec.smtp.MailParameters;
import mansio.codec.smtp.Replies;
import mansio.codec.smtp.Reply;
import mansio.serve.inbound.Origin;
import mansio.serve.inbound.Transaction;
import mansio.serve.smtpserver.SessionState.Greeting;
import mansio.serve.smtpserver.SmtpSettings.Senders;
import mansio.state.directory.Account;
import mansio.state.queue.Envelope;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** DATA: RFC 5321 section 4.1.1.4; and what is the same for BDAT. */
final class Data {
    private Data() {}

    static Answer begin(SessionState session) throws IOException {
        Optional<MailTransaction> open = session.transaction();
        Optional<Reply> refusal = sequence(session, open);
        if (refusal.isPresent()) {
            return Answer.of(refusal.get());
        }
        if (open.orElseThrow().message().isPresent()) {
            return Answer.of(Replies.MIXED_DATA_AND_BDAT);
        }
        open.orElseThrow().begin(receive(session, open.orElseThrow()));
        return Answer.then(Answer.Next.CONTENT, Replies.START_DATA);
    }

    /**
     * The final dot has come. The transaction ends here, whatever becomes of the message. LMTP has
     * a reply for each recipient: RFC 2033 section 4.2.
     */
    static Answer end(SessionState session) throws IOException {
        MailTransaction transaction = session.transaction().orElseThrow();
        try {
            IncomingMessage message = transaction.message().orElseThrow();
            return session.flavour() == Flavour.LMTP
                    ? Answer.of(message.finishForEach(transaction.recipients().size()))
                    : Answer.of(message.finish());
        } finally {
            session.endTransaction();
        }
    }

    /** Why there is nothing to receive now; empty when there is. */
    static Optional<Reply> sequence(SessionState session, Optional<MailTransaction> transaction) {
        if (transaction.isEmpty()) {
            return Optional.of(Replies.NEED_MAIL);
        }
        if (transaction.get().recipients().isEmpty()) {
            // RFC 2033 section 4.2 wants 503; RFC 5321 section 3.3 lets us say which it is.
            if (session.flavour() == Flavour.LMTP || !transaction.get().recipientsTried()) {
                return Optional.of(Replies.NEED_RCPT);
            }
            return Optional.of(
                    transaction.get().refusedForNow()
                            ? Replies.NO_RECIPIENT_NOW
                            : Replies.NO_VALID_RECIPIENTS);
        }
        return Optional.empty();
    }

    static IncomingMessage receive(SessionState session, MailTransaction transaction)
            throws IOException {
        session.countMessage();
        Intake intake = session.rooms().intake();
        Transaction facts =
                new Transaction(
                        envelope(session, transaction),
                        origin(session),
                        List.copyOf(transaction.recipients()),
                        session.tls());
        return new IncomingMessage(intake.begin(facts), intake.maxMessageBytes());
    }

    private static Envelope envelope(SessionState session, MailTransaction transaction) {
        MailParameters parameters = transaction.parameters();
        Envelope.Body body =
                switch (parameters.body()) {
                    // Those who say nothing send 8-bit text all the same.
                    case UNSAID, EIGHT_BIT_MIME -> Envelope.Body.EIGHT_BIT_MIME;
                    case SEVEN_BIT -> Envelope.Body.SEVEN_BIT;
                };
        return new Envelope(
                transaction.reversePath(),
                body,
                parameters.smtpUtf8(),
                new Envelope.Source(
                        session.peer().getHostAddress(),
                        session.client(),
                        withProtocol(session, parameters.smtpUtf8()),
                        session.account().map(Account::id),
                        session.sessionId()),
                Envelope.Wishes.of(parameters.dsn(), parameters.requireTls()));
    }

    static Origin origin(SessionState session) {
        if (session.account().isPresent()) {
            return new Origin.Submission(
                    session.account().get().id(),
                    session.settings().access().senders() == Senders.ANY);
        }
        if (session.flavour() == Flavour.LMTP) {
            return new Origin.Lmtp();
        }
        return session.trusted() ? new Origin.TrustedNetwork() : new Origin.Outside();
    }

    /** RFC 3848 and RFC 6531 section 4.3. */
    static String withProtocol(SessionState session, boolean smtpUtf8) {
        if (session.greeting() == Greeting.HELO) {
            return "SMTP";
        }
        boolean lmtp = session.flavour() == Flavour.LMTP;
        String base = smtpUtf8 ? (lmtp ? "UTF8LMTP" : "UTF8SMTP") : (lmtp ? "LMTP" : "ESMTP");
        return base
                + (session.tls().isPresent() ? "S" : "")
                + (session.account().isPresent() ? "A" : "");
    }
}
