package mansio.serve.smtpserver;

import mansio.codec.sasl.Mechanism;
import mansio.codec.smtp.Command;
import mansio.codec.smtp.CommandParser;
import mansio.codec.smtp.Replies;
import mansio.codec.smtp.Reply;
import mansio.codec.text.SyntaxException;
import mansio.serve.login.LogInExchange;
import mansio.serve.login.LogInExchange.Progress;
import mansio.serve.login.LogIns;
import mansio.state.directory.Account;

import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** AUTH: RFC 4954. Only clients log in; port 25 and LMTP do not know the command. */
final class Auth {
    private Auth() {}

    /** The mechanisms that would be accepted now. */
    static List<Mechanism> offered(SessionState session) throws IOException {
        boolean mayLogIn =
                session.flavour() == Flavour.SUBMISSION
                        && session.account().isEmpty()
                        && (session.tls().isPresent() || plainLoginAllowed(session));
        return mayLogIn ? session.rooms().logIns().offered(session.tls()) : List.of();
    }

    private static boolean plainLoginAllowed(SessionState session) {
        return session.settings().access().plainLogin().test(session.peer());
    }

    static Answer begin(SessionState session, Command.Auth auth, RandomGenerator random)
            throws IOException {
        if (session.flavour() != Flavour.SUBMISSION) {
            return Answer.of(Replies.NOT_HERE);
        }
        if (session.greeting() != SessionState.Greeting.EHLO) {
            return Answer.of(Replies.NEED_EHLO);
        }
        if (session.account().isPresent()) {
            return Answer.of(Replies.AUTHENTICATED_ALREADY);
        }
        if (session.transaction().isPresent()) {
            return Answer.of(Replies.AUTH_IN_TRANSACTION);
        }
        Optional<Mechanism> mechanism = Mechanism.named(auth.mechanism());
        List<Mechanism> offered = offered(session);
        if (mechanism.isEmpty() || !offered.contains(mechanism.get())) {
            return Answer.of(
                    mechanism.isPresent() && session.tls().isEmpty() && offered.isEmpty()
                            ? Replies.NEED_TLS_FOR_MECHANISM
                            : Replies.UNKNOWN_MECHANISM);
        }
        LogIns.Client client = new LogIns.Client(session.network(), session.tls());
        LogInExchange exchange = session.rooms().logIns().begin(mechanism.get(), client, random);
        return auth.initialResponse().isPresent()
                ? step(session, exchange, auth.initialResponse().get())
                : challenge(session, exchange, exchange.start());
    }

    /** The client's answer to a challenge, one line without its CRLF. */
    static Answer response(SessionState session, String line) throws IOException {
        LogInExchange exchange = session.authExchange().orElseThrow();
        if (line.equals("*")) {
            return cancelled(session, exchange, Replies.AUTH_CANCELLED);
        }
        byte[] message;
        try {
            message = CommandParser.base64(line);
        } catch (SyntaxException e) {
            return cancelled(session, exchange, Replies.BAD_BASE64);
        }
        return step(session, exchange, message);
    }

    /** The client gave up, or what it sent was no answer at all. */
    static Answer cancelled(SessionState session, LogInExchange exchange, Reply reply)
            throws IOException {
        session.endAuthExchange();
        exchange.cancel();
        return Answer.of(reply);
    }

    private static Answer step(SessionState session, LogInExchange exchange, byte[] message)
            throws IOException {
        session.endAuthExchange(); // Also when it cannot be told now who this is.
        return switch (exchange.step(message)) {
            case Progress.Challenge next -> challenge(session, exchange, next);
            case Progress.Ended(LogIns.Result result) -> Answer.of(reply(session, result));
        };
    }

    private static Reply reply(SessionState session, LogIns.Result result) {
        return switch (result) {
            case LogIns.Result.LoggedIn(Account account) -> {
                session.logIn(account);
                yield Replies.AUTHENTICATED;
            }
            case LogIns.Result.Failed(LogIns.Cause cause) ->
                    switch (cause) {
                        case MALFORMED -> Replies.AUTH_MALFORMED;
                        case CREDENTIALS, NOT_YOURS -> Replies.BAD_CREDENTIALS;
                        case CHANNEL_BINDING -> Replies.CHANNEL_BINDING_FAILED;
                        case LOCKED -> Replies.TOO_MANY_LOGINS;
                    };
        };
    }

    private static Answer challenge(
            SessionState session, LogInExchange exchange, Progress.Challenge challenge) {
        session.begin(exchange);
        String data = Base64.getEncoder().encodeToString(challenge.data());
        return Answer.then(Answer.Next.AUTH_RESPONSE, new Reply(334, "", data));
    }
}
