package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.CommandFeed.LineTooLongException;
import mansio.codec.imap.Reply;
import mansio.codec.sasl.LoginServer;
import mansio.codec.sasl.Mechanism;
import mansio.codec.sasl.PlainServer;
import mansio.codec.sasl.ScramServer;
import mansio.codec.sasl.ServerMechanism;
import mansio.codec.sasl.Step;
import mansio.state.directory.Authenticator;
import mansio.state.directory.Authenticator.ScramAttempt;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** AUTHENTICATE: RFC 9051 section 6.2.2, RFC 4959. */
final class Authenticate {
    /** A response of {@link ServerMechanism#MAX_MESSAGE} octets in base64. */
    private static final int MAX_LINE = ServerMechanism.MAX_MESSAGE / 3 * 4 + 4;

    private final Call call;
    private final ServerMechanism mechanism;
    private final Optional<ScramAttempt> attempt;

    private Authenticate(Call call, ServerMechanism mechanism, Optional<ScramAttempt> attempt) {
        this.call = call;
        this.mechanism = mechanism;
        this.attempt = attempt;
    }

    static Reply handle(Call call, Command.Authenticate command) throws IOException {
        if (!LogIn.allowed(call.session())) {
            return Replies.NEED_TLS;
        }
        Optional<Mechanism> mechanism = Mechanism.named(command.mechanism());
        if (mechanism.isEmpty() || !LogIn.offered(call.session()).contains(mechanism.get())) {
            return Replies.UNKNOWN_MECHANISM;
        }
        return exchange(call, mechanism.get()).run(command.initialResponse());
    }

    private static Authenticate exchange(Call call, Mechanism mechanism) throws IOException {
        return switch (mechanism) {
            case PLAIN -> new Authenticate(call, new PlainServer(), Optional.empty());
            case LOGIN -> new Authenticate(call, new LoginServer(), Optional.empty());
            case SCRAM_SHA_256, SCRAM_SHA_256_PLUS -> {
                SessionState session = call.session();
                ScramAttempt attempt = session.rooms().authenticator().scram(session.network());
                ServerMechanism server =
                        new ScramServer(
                                mechanism == Mechanism.SCRAM_SHA_256_PLUS,
                                LogIn.bindings(session),
                                attempt,
                                session.environment().random());
                yield new Authenticate(call, server, Optional.of(attempt));
            }
        };
    }

    private Reply run(Optional<String> initialResponse) throws IOException {
        Optional<byte[]> message =
                initialResponse.isPresent()
                        ? decoded(initialResponse.get().equals("=") ? "" : initialResponse.get())
                        : answer(mechanism.start());
        while (message.isPresent()) {
            Step step = mechanism.step(message.get());
            switch (step) {
                case Step.Challenge challenge -> message = answer(challenge);
                case Step.Password password -> {
                    return password(password);
                }
                case Step.Success success -> {
                    Authenticator.Result result = attempt.orElseThrow().succeeded();
                    return LogIn.result(call, result, success.authzid());
                }
                case Step.Failure(Step.Cause cause) -> {
                    return failed(cause);
                }
            }
        }
        if (attempt.isPresent()) {
            attempt.get().failed();
        }
        return Replies.AUTH_CANCELLED;
    }

    private Reply password(Step.Password password) throws IOException {
        SessionState session = call.session();
        Authenticator.Result result =
                session.rooms()
                        .authenticator()
                        .password(password.authcid(), password.password(), session.network());
        return LogIn.result(call, result, password.authzid());
    }

    private Reply failed(Step.Cause cause) throws IOException {
        if (attempt.isPresent() && attempt.get().failed() instanceof Authenticator.Locked) {
            return Replies.TOO_MANY_LOGINS;
        }
        return switch (cause) {
            case MALFORMED -> Replies.AUTH_MALFORMED;
            case CREDENTIALS -> Replies.BAD_CREDENTIALS;
            case CHANNEL_BINDING -> Replies.CHANNEL_BINDING_FAILED;
        };
    }

    /** What the client says to a challenge; empty when it gave up or sent no base64. */
    private Optional<byte[]> answer(Step.Challenge challenge) throws IOException {
        call.out().goAhead(Base64.getEncoder().encodeToString(challenge.data()));
        call.wire().expectLine();
        try {
            byte[] line = call.wire().line(MAX_LINE);
            return decoded(new String(line, StandardCharsets.ISO_8859_1));
        } catch (LineTooLongException e) {
            return Optional.empty();
        }
    }

    // RFC 9051 section 6.2.2: a line of "*" cancels.
    private static Optional<byte[]> decoded(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
