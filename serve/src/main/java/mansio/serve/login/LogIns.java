package mansio.serve.login;

import mansio.codec.sasl.ChannelBinding;
import mansio.codec.sasl.LoginServer;
import mansio.codec.sasl.Mechanism;
import mansio.codec.sasl.PlainServer;
import mansio.codec.sasl.ScramServer;
import mansio.net.listen.TlsFacts;
import mansio.state.directory.Account;
import mansio.state.directory.Authenticator;
import mansio.state.directory.Authenticator.ScramAttempt;
import mansio.state.directory.Directory;
import mansio.state.directory.NetworkOrigin;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How clients log in, whatever protocol they speak. Whether they may at all, over a channel that
 * others can read, is for the protocol's room to say. Safe for use by any thread.
 */
public final class LogIns {
    private final Authenticator authenticator;
    private final Directory directory;

    /**
     * @param authenticator knows passwords
     * @param directory knows the names of an account
     */
    public LogIns(Authenticator authenticator, Directory directory) {
        this.authenticator = authenticator;
        this.directory = directory;
    }

    /**
     * A client that wants to log in.
     *
     * @param tls of its connection; empty in the clear
     */
    public record Client(NetworkOrigin network, Optional<TlsFacts> tls) {}

    /** How an attempt ended. */
    public sealed interface Result {
        /** The client is this account from now on. */
        record LoggedIn(Account account) implements Result {}

        /** It is nobody. */
        record Failed(Cause cause) implements Result {}
    }

    /** Why an attempt failed. */
    public enum Cause {
        /** The client broke the mechanism's grammar. */
        MALFORMED,
        /** Wrong password or no such user: these look the same. */
        CREDENTIALS,
        /** The password is right, and whom the client wants to act as is somebody else. */
        NOT_YOURS,
        /** The channel is not the one that the client sees (RFC 5802 section 6). */
        CHANNEL_BINDING,
        /** Too many failures: the password was not looked at. */
        LOCKED
    }

    /**
     * The mechanisms for a client, the best first: SCRAM with channel binding where its channel has
     * something to bind to.
     *
     * @throws IOException when it cannot be told now which keys there are
     */
    public List<Mechanism> offered(Optional<TlsFacts> tls) throws IOException {
        List<Mechanism> offered = new ArrayList<>(4);
        if (authenticator.offersScram()) {
            if (!bindings(tls).isEmpty()) offered.add(Mechanism.SCRAM_SHA_256_PLUS);
            offered.add(Mechanism.SCRAM_SHA_256);
        }
        offered.add(Mechanism.PLAIN);
        offered.add(Mechanism.LOGIN);
        return offered;
    }

    /**
     * Begins an exchange.
     *
     * @param mechanism one of {@link #offered}
     * @param random a {@code SecureRandom} outside of tests: nonces are drawn from it
     */
    public LogInExchange begin(Mechanism mechanism, Client client, RandomGenerator random)
            throws IOException {
        return switch (mechanism) {
            case PLAIN -> new LogInExchange(this, client, new PlainServer(), Optional.empty());
            case LOGIN -> new LogInExchange(this, client, new LoginServer(), Optional.empty());
            case SCRAM_SHA_256, SCRAM_SHA_256_PLUS -> {
                ScramAttempt attempt = authenticator.scram(client.network());
                ScramServer server =
                        new ScramServer(
                                mechanism == Mechanism.SCRAM_SHA_256_PLUS,
                                bindings(client.tls()),
                                attempt,
                                random);
                yield new LogInExchange(this, client, server, Optional.of(attempt));
            }
        };
    }

    /**
     * A log-in by password alone.
     *
     * @param password as received
     * @throws IOException when it cannot be told now whether it is right
     */
    public Result password(String loginName, String password, Client client) throws IOException {
        return result(
                authenticator.password(loginName, password, client.network()), Optional.empty());
    }

    /** Nobody acts as somebody else yet: the authzid may only be another name of the same. */
    Result result(Authenticator.Result result, Optional<String> authzid) throws IOException {
        return switch (result) {
            case Authenticator.Success(Account account) ->
                    authzid.isEmpty() || directory.isLoginName(account.id(), authzid.get())
                            ? new Result.LoggedIn(account)
                            : new Result.Failed(Cause.NOT_YOURS);
            case Authenticator.Refused _ -> new Result.Failed(Cause.CREDENTIALS);
            case Authenticator.Locked _ -> new Result.Failed(Cause.LOCKED);
        };
    }

    Authenticator authenticator() {
        return authenticator;
    }

    private static List<ChannelBinding> bindings(Optional<TlsFacts> tls) {
        List<ChannelBinding> bindings = new ArrayList<>(2);
        Optional<TlsFacts.ChannelBindings> facts = tls.map(TlsFacts::bindings);
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
}
