package mansio.serve.smtpserver;

import mansio.codec.sasl.ChannelBinding;
import mansio.codec.sasl.LoginServer;
import mansio.codec.sasl.Mechanism;
import mansio.codec.sasl.PlainServer;
import mansio.codec.sasl.ScramServer;
import mansio.codec.sasl.Step;
import mansio.codec.smtp.Command;
import mansio.codec.smtp.CommandParser;
import mansio.codec.smtp.Replies;
import mansio.codec.smtp.Reply;
import mansio.codec.text.SyntaxException;
import mansio.net.listen.TlsFacts;
import mansio.state.directory.Account;
import mansio.state.directory.Authenticator;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** AUTH: RFC 4954. Only clients log in; port 25 and LMTP do not know the command. */
final class Auth {
    private Auth() {}

    /** The mechanisms that would be accepted now. */
    static List<Mechanism> offered(SessionState session) throws IOException {
        List<Mechanism> offered = new ArrayList<>(4);
        if (session.flavour() != Flavour.SUBMISSION || session.account().isPresent()) {
            return offered;
        }
        boolean protectedNow = session.tls().isPresent() || plainLoginAllowed(session);
        if (protectedNow && session.rooms().authenticator().offersScram()) {
            if (!bindings(session).isEmpty()) {
                offered.add(Mechanism.SCRAM_SHA_256_PLUS);
            }
            offered.add(Mechanism.SCRAM_SHA_256);
        }
        if (protectedNow) {
            offered.add(Mechanism.PLAIN);
            offered.add(Mechanism.LOGIN);
        }
        return offered;
    }

    private static boolean plainLoginAllowed(SessionState session) {
        return session.settings().access().plainLogin().test(session.peer());
    }

    private static List<ChannelBinding> bindings(SessionState session) {
        List<ChannelBinding> bindings = new ArrayList<>(2);
        Optional<TlsFacts.ChannelBindings> facts = session.tls().map(TlsFacts::bindings);
        facts.flatMap(TlsFacts.ChannelBindings::exporter)
                .ifPresent(it -> bindings.add(new ChannelBinding(ChannelBinding.TLS_EXPORTER, it)));
        facts.flatMap(TlsFacts.ChannelBindings::serverEndPoint)
                .ifPresent(
                        it ->
                                bindings.add(
                                        new ChannelBinding(
                                                ChannelBinding.TLS_SERVER_END_POINT, it)));
        return bindings;
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
        AuthExchange exchange = exchange(session, mechanism.get(), random);
        session.begin(exchange);
        return auth.initialResponse().isPresent()
                ? step(session, exchange, auth.initialResponse().get())
                : challenge(exchange.mechanism().start());
    }

    private static AuthExchange exchange(
            SessionState session, Mechanism mechanism, RandomGenerator random) throws IOException {
        return switch (mechanism) {
            case PLAIN -> new AuthExchange(new PlainServer(), Optional.empty());
            case LOGIN -> new AuthExchange(new LoginServer(), Optional.empty());
            case SCRAM_SHA_256, SCRAM_SHA_256_PLUS -> {
                Authenticator.ScramAttempt attempt =
                        session.rooms().authenticator().scram(session.network());
                yield new AuthExchange(
                        new ScramServer(
                                mechanism == Mechanism.SCRAM_SHA_256_PLUS,
                                bindings(session),
                                attempt,
                                random),
                        Optional.of(attempt));
            }
        };
    }

    /** The client's answer to a challenge, one line without its CRLF. */
    static Answer response(SessionState session, String line) throws IOException {
        AuthExchange exchange = session.authExchange().orElseThrow();
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
    static Answer cancelled(SessionState session, AuthExchange exchange, Reply reply)
            throws IOException {
        session.endAuthExchange();
        if (exchange.attempt().isPresent()) {
            exchange.attempt().get().failed();
        }
        return Answer.of(reply);
    }

    private static Answer step(SessionState session, AuthExchange exchange, byte[] message)
            throws IOException {
        Step step = exchange.mechanism().step(message);
        if (step instanceof Step.Challenge next) {
            return challenge(next);
        }
        session.endAuthExchange();
        return switch (step) {
            case Step.Challenge _ -> throw new IllegalStateException();
            case Step.Password password ->
                    result(
                            session,
                            session.rooms()
                                    .authenticator()
                                    .password(
                                            password.authcid(),
                                            password.password(),
                                            session.network()),
                            password.authzid());
            case Step.Success success ->
                    result(
                            session,
                            exchange.attempt().orElseThrow().succeeded(),
                            success.authzid());
            case Step.Failure(Step.Cause cause) -> failed(exchange, cause);
        };
    }

    private static Answer failed(AuthExchange exchange, Step.Cause cause) throws IOException {
        if (exchange.attempt().isPresent()
                && exchange.attempt().get().failed() instanceof Authenticator.Locked) {
            return Answer.of(Replies.TOO_MANY_LOGINS);
        }
        return Answer.of(
                switch (cause) {
                    case MALFORMED -> Replies.AUTH_MALFORMED;
                    case CREDENTIALS -> Replies.BAD_CREDENTIALS;
                    case CHANNEL_BINDING -> Replies.CHANNEL_BINDING_FAILED;
                });
    }

    private static Answer result(
            SessionState session, Authenticator.Result result, Optional<String> authzid)
            throws IOException {
        return Answer.of(
                switch (result) {
                    case Authenticator.Success(Account account) -> logIn(session, account, authzid);
                    case Authenticator.Refused _ -> Replies.BAD_CREDENTIALS;
                    case Authenticator.Locked _ -> Replies.TOO_MANY_LOGINS;
                });
    }

    /** Nobody acts as somebody else yet: the authzid may only be another name of the same. */
    private static Reply logIn(SessionState session, Account account, Optional<String> authzid)
            throws IOException {
        if (authzid.isPresent()
                && !session.rooms().directory().isLoginName(account.id(), authzid.get())) {
            return Replies.BAD_CREDENTIALS;
        }
        session.logIn(account);
        return Replies.AUTHENTICATED;
    }

    private static Answer challenge(Step.Challenge challenge) {
        String data = Base64.getEncoder().encodeToString(challenge.data());
        return Answer.then(Answer.Next.AUTH_RESPONSE, new Reply(334, "", data));
    }
}
