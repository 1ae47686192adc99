package mansio.serve.smtpserver;

import mansio.codec.message.HeaderRewriter.Side;
import mansio.codec.smtp.Command;
import mansio.codec.smtp.ForwardPath;
import mansio.codec.smtp.RcptParameters;
import mansio.codec.smtp.RcptParameters.OriginalRecipient;
import mansio.codec.smtp.Replies;
import mansio.codec.smtp.Reply;
import mansio.codec.text.Address;
import mansio.serve.inbound.Origin;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.state.directory.Directory;
import mansio.state.directory.Route;
import mansio.state.queue.ReportWish;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** RCPT: RFC 5321 section 4.1.1.3. */
final class Rcpt {
    private Rcpt() {}

    static Reply handle(SessionState session, Command.Rcpt rcpt) throws IOException {
        Optional<MailTransaction> open = session.transaction();
        if (open.isEmpty()) {
            return Replies.NEED_MAIL;
        }
        MailTransaction transaction = open.get();
        if (transaction.message().isPresent()) {
            return Replies.DATA_FOLLOWS_TOO_EARLY; // Between two chunks.
        }
        transaction.recipientTried();
        boolean forNow = true; // Also when it cannot be told.
        try {
            Reply reply = decide(session, transaction, rcpt);
            forNow = reply.isTransient();
            return reply;
        } finally {
            if (forNow) {
                transaction.refuseForNow();
            }
        }
    }

    private static Reply decide(
            SessionState session, MailTransaction transaction, Command.Rcpt rcpt)
            throws IOException {
        if (!Ehlo.offersDsn(session) && !rcpt.parameters().equals(RcptParameters.NONE)) {
            return Replies.UNSUPPORTED_PARAMETER;
        }
        if (transaction.recipients().size() >= session.settings().limits().maxRecipients()) {
            return Replies.TOO_MANY_RECIPIENTS; // RFC 5321 section 4.5.3.1.10
        }
        Address given = address(session, rcpt.forwardPath());
        Address address =
                session.rooms().intake().rewritten(Data.origin(session), given, Side.RECIPIENT);
        if (address.needsUtf8() && !transaction.parameters().smtpUtf8()) {
            return Replies.NON_ASCII_RECIPIENT; // RFC 6531 section 3.5
        }
        Route route =
                given.equals(address)
                        ? route(session, rcpt.forwardPath(), address)
                        : session.rooms().directory().route(address);
        if (route instanceof Route.NoSuchUser && reflects(session, transaction, address)) {
            route = new Route.Reflector();
        }
        if (route instanceof Route.NoSuchUser) {
            return Replies.NO_SUCH_USER;
        }
        ReportWish wish = wish(rcpt.parameters(), given, address);
        RoutedRecipient recipient = new RoutedRecipient(address, route, wish);
        return switch (route) {
            case Route.Ours ours -> ours(session, transaction, recipient, ours);
            case Route.Remote _ when session.flavour() == Flavour.LMTP -> Replies.NOT_LOCAL;
            case Route.Remote _ when mayRelay(session) -> accept(transaction, recipient);
            case Route.Remote _ -> Replies.RELAY_DENIED;
            case Route.Reflector _ -> accept(transaction, recipient);
            case Route.NoSuchUser _ -> Replies.NO_SUCH_USER;
        };
    }

    private static boolean reflects(
            SessionState session, MailTransaction transaction, Address address) throws IOException {
        return session.rooms()
                .intake()
                .reflects(Data.origin(session), transaction.reversePath(), address);
    }

    /** RFC 3461 section 5.2.1: the address that was given may be told, and is if it was changed. */
    private static ReportWish wish(RcptParameters parameters, Address given, Address address) {
        ReportWish wish = ReportWish.of(parameters);
        return given.equals(address) || given.needsUtf8() || wish.originalRecipient().isPresent()
                ? wish
                : new ReportWish(
                        wish.notifications(),
                        Optional.of(new OriginalRecipient("rfc822", given.toWire())));
    }

    /** An address of ours, with accounts and addresses of other servers behind it. */
    private static Reply ours(
            SessionState session,
            MailTransaction transaction,
            RoutedRecipient recipient,
            Route.Ours route)
            throws IOException {
        Origin origin = Data.origin(session);
        Intake intake = session.rooms().intake();
        Address forwardPath = recipient.forwardPath();
        if (intake.isForeignBounce(origin, transaction.reversePath(), forwardPath)) {
            return Replies.NOT_OUR_BOUNCE;
        }
        boolean forwards = intake.forwards(origin);
        boolean goesOn =
                route.forwards().stream()
                        .anyMatch(it -> forwards || it.reason() == Route.Reason.RETURN);
        if (route.targets().isEmpty() && !goesOn) {
            return Replies.NOT_FORWARDED;
        }
        if (!goesOn && !anyHasRoom(session, transaction, route.targets())) {
            return Replies.MAILBOX_FULL;
        }
        for (Route.Forward forward : route.forwards()) {
            if (forward.reason() == Route.Reason.RETURN && !intake.mayReturn(forward.to())) {
                return Replies.TOO_MANY_RETURNS;
            }
        }
        return accept(transaction, recipient);
    }

    private static Address address(SessionState session, ForwardPath forwardPath) {
        return switch (forwardPath) {
            case ForwardPath.To(Address address) -> address;
            case ForwardPath.Postmaster _ ->
                    Address.of("postmaster", session.settings().hostname());
        };
    }

    private static Route route(SessionState session, ForwardPath forwardPath, Address address)
            throws IOException {
        Directory directory = session.rooms().directory();
        return switch (forwardPath) {
            case ForwardPath.To _ -> directory.route(address);
            case ForwardPath.Postmaster _ -> directory.routePostmaster(address);
        };
    }

    /** Of a list, those without room overrun: it is refused when nobody has any. */
    private static boolean anyHasRoom(
            SessionState session, MailTransaction transaction, List<Route.Target> targets)
            throws IOException {
        long declared = transaction.parameters().size().orElse(0);
        for (Route.Target target : targets) {
            if (session.rooms().quota().hasRoom(target.account(), declared)) {
                return true;
            }
        }
        return false;
    }

    /** The one place that lets mail through to others: who logged in, and trusted networks. */
    private static boolean mayRelay(SessionState session) {
        return session.account().isPresent() || session.trusted();
    }

    private static Reply accept(MailTransaction transaction, RoutedRecipient recipient) {
        return transaction.add(recipient) ? Replies.RECIPIENT_OK : Replies.TOO_MANY_RECIPIENTS;
    }

    static Reply malformed(Command.Malformed malformed) {
        return new Reply(501, "5.1.3", "Syntax of the recipient: " + malformed.message());
    }
}
