package mansio.serve.login;

import mansio.codec.sasl.ServerMechanism;
import mansio.codec.sasl.Step;
import mansio.serve.login.LogIns.Cause;
import mansio.serve.login.LogIns.Client;
import mansio.serve.login.LogIns.Result;
import mansio.state.directory.Authenticator;
import mansio.state.directory.Authenticator.ScramAttempt;

import java.io.IOException;
import java.util.Optional;

/**
 * One attempt to log in, from its first message to its end: RFC 4422 section 3. Owned by the
 * session; used once.
 */
public final class LogInExchange {
    private final LogIns logIns;
    private final Client client;
    private final ServerMechanism mechanism;
    private final Optional<ScramAttempt> attempt;

    LogInExchange(
            LogIns logIns,
            Client client,
            ServerMechanism mechanism,
            Optional<ScramAttempt> attempt) {
        this.logIns = logIns;
        this.client = client;
        this.mechanism = mechanism;
        this.attempt = attempt;
    }

    /** What comes next. */
    public sealed interface Progress {
        /** This goes to the client, before base64; its answer to {@link #step}. */
        record Challenge(byte[] data) implements Progress {}

        /** The exchange is over. */
        record Ended(Result result) implements Progress {}
    }

    /** The first challenge, for a client that sent no initial response. */
    public Progress.Challenge start() {
        return new Progress.Challenge(mechanism.start().data());
    }

    /**
     * Takes what the client says.
     *
     * @param message decoded from base64, at most {@link ServerMechanism#MAX_MESSAGE} octets
     * @throws IOException when it cannot be told now who this is; the exchange is over
     */
    public Progress step(byte[] message) throws IOException {
        return switch (mechanism.step(message)) {
            case Step.Challenge(byte[] data) -> new Progress.Challenge(data);
            case Step.Password password -> new Progress.Ended(checked(password));
            case Step.Success success ->
                    new Progress.Ended(
                            logIns.result(attempt.orElseThrow().succeeded(), success.authzid()));
            case Step.Failure(Step.Cause cause) -> new Progress.Ended(failed(cause));
        };
    }

    /** The client gave up, or what it sent was no answer at all. */
    public void cancel() throws IOException {
        if (attempt.isPresent()) attempt.get().failed();
    }

    private Result checked(Step.Password password) throws IOException {
        Authenticator.Result result =
                logIns.authenticator()
                        .password(password.authcid(), password.password(), client.network());
        return logIns.result(result, password.authzid());
    }

    private Result failed(Step.Cause cause) throws IOException {
        boolean locked =
                attempt.isPresent() && attempt.get().failed() instanceof Authenticator.Locked;
        if (locked) return new Result.Failed(Cause.LOCKED);
        return new Result.Failed(
                switch (cause) {
                    case MALFORMED -> Cause.MALFORMED;
                    case CREDENTIALS -> Cause.CREDENTIALS;
                    case CHANNEL_BINDING -> Cause.CHANNEL_BINDING;
                });
    }
}
