package mansio.serve.smtpserver;

import mansio.codec.message.HeaderRewriter.Side;
import mansio.codec.smtp.Command;
import mansio.codec.smtp.MailParameters;
import mansio.codec.smtp.Replies;
import mansio.codec.smtp.Reply;
import mansio.codec.text.Address;
import mansio.serve.smtpserver.SessionState.Greeting;
import mansio.serve.smtpserver.SmtpSettings.Senders;
import mansio.state.directory.Account;
import mansio.state.directory.Directory;

import java.io.IOException;
import java.util.Optional;

/** MAIL: RFC 5321 section 4.1.1.2. */
final class Mail {
    private Mail() {}

    static Answer handle(SessionState session, Command.Mail mail) throws IOException {
        if (session.greeting() == Greeting.NONE) {
            return Answer.of(
                    session.flavour() == Flavour.LMTP ? Replies.NEED_LHLO : Replies.NEED_EHLO);
        }
        if (session.transaction().isPresent()) {
            return Answer.of(Replies.NESTED_MAIL);
        }
        if (session.flavour() == Flavour.SUBMISSION
                && session.account().isEmpty()
                && !session.trusted()) {
            return Answer.of(
                    session.canStartTls() && Auth.offered(session).isEmpty()
                            ? Replies.NEED_TLS
                            : Replies.NEED_AUTH);
        }
        MailParameters parameters = mail.parameters();
        if (!Ehlo.offersDsn(session) && !parameters.dsn().equals(MailParameters.Dsn.NONE)) {
            return Answer.of(Replies.UNSUPPORTED_PARAMETER);
        }
        if (session.messages() >= session.maxMessages()) {
            return Answer.hangUp(Replies.TOO_MANY_MESSAGES);
        }
        // RFC 1870 section 6.1
        if (parameters.size().orElse(0) > session.rooms().intake().maxMessageBytes()) {
            return Answer.of(Replies.TOO_LARGE);
        }
        // RFC 6531 section 3.5
        if (!parameters.smtpUtf8() && mail.reversePath().map(Address::needsUtf8).orElse(false)) {
            return Answer.of(Replies.NON_ASCII_SENDER);
        }
        if (!maySendAs(session, mail.reversePath())) {
            return Answer.of(Replies.SENDER_NOT_OWNED);
        }
        session.begin(new MailTransaction(mail.reversePath(), parameters));
        return Answer.of(Replies.SENDER_OK);
    }

    /** RFC 6409 section 6.1. The null reverse-path is nobody's: notices of clients have it. */
    private static boolean maySendAs(SessionState session, Optional<Address> reversePath)
            throws IOException {
        Optional<Account> account = session.account();
        if (account.isEmpty()
                || reversePath.isEmpty()
                || session.settings().access().senders() == Senders.ANY) {
            return true;
        }
        Directory directory = session.rooms().directory();
        Address sender = reversePath.get();
        if (!directory.owns(account.get().id(), sender)) {
            return false;
        }
        // What a rule makes of it must be the account's too, if it is an address of ours.
        Address rewritten =
                session.rooms().intake().rewritten(Data.origin(session), sender, Side.SENDER);
        return rewritten.equals(sender)
                || rewritten.domain().isEmpty()
                || !directory.isLocal(rewritten.domain().get())
                || directory.owns(account.get().id(), rewritten);
    }

    static Reply malformed(Command.Malformed malformed) {
        return new Reply(501, "5.1.7", "Syntax of the sender: " + malformed.message());
    }
}
