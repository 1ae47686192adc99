package mansio.codec.sasl;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * SCRAM-SHA-256 and SCRAM-SHA-256-PLUS, the server side (RFC 5802, RFC 7677). Three messages of the
 * client: first, final, and an empty one that acknowledges our signature.
 */
public final class ScramServer implements ServerMechanism {
    private final boolean plus;
    private final List<ChannelBinding> bindings;
    private final ScramKeys.Source source;
    private final String serverNonce;
    private State state = new State.Start();

    private sealed interface State {
        record Start() implements State {}

        record ServerFirstSent(
                ScramParser.ClientFirst clientFirst, ScramKeys keys, String serverFirst)
                implements State {}

        record ServerFinalSent(ScramParser.ClientFirst clientFirst) implements State {}

        record Over() implements State {}
    }

    /**
     * @param plus the client chose the -PLUS variant
     * @param bindings of the channel; empty when it has none, and -PLUS was not advertised
     * @param random draws the nonce: a {@code SecureRandom} outside of tests
     */
    public ScramServer(
            boolean plus,
            List<ChannelBinding> bindings,
            ScramKeys.Source source,
            RandomGenerator random) {
        this(plus, bindings, source, Scram.nonce(random));
    }

    ScramServer(
            boolean plus,
            List<ChannelBinding> bindings,
            ScramKeys.Source source,
            String serverNonce) {
        this.plus = plus;
        this.bindings = List.copyOf(bindings);
        this.source = source;
        this.serverNonce = serverNonce;
    }

    @Override
    public Step.Challenge start() {
        return new Step.Challenge(new byte[0]);
    }

    @Override
    public Step step(byte[] message) throws IOException {
        State before = state;
        state = new State.Over();
        try {
            return switch (before) {
                case State.Start _ -> clientFirst(new ScramParser(message).clientFirst());
                case State.ServerFirstSent sent ->
                        clientFinal(sent, new ScramParser(message).clientFinal());
                case State.ServerFinalSent sent ->
                        message.length == 0
                                ? new Step.Success(
                                        sent.clientFirst.authzid(), sent.clientFirst.username())
                                : new Step.Failure(Step.Cause.MALFORMED);
                case State.Over _ -> throw new IllegalStateException("exchange is over");
            };
        } catch (ScramParser.Malformed e) {
            return new Step.Failure(Step.Cause.MALFORMED);
        }
    }

    private Step clientFirst(ScramParser.ClientFirst first) throws IOException {
        if (!bindingAllowed(first.flag())) {
            return new Step.Failure(Step.Cause.CHANNEL_BINDING);
        }
        Optional<String> authcid = Saslprep.prepare(first.username());
        if (authcid.isEmpty()) {
            return new Step.Failure(Step.Cause.MALFORMED);
        }
        ScramKeys keys = source.of(authcid.get());
        String serverFirst =
                "r="
                        + first.nonce()
                        + serverNonce
                        + ",s="
                        + Base64.getEncoder().encodeToString(keys.salt())
                        + ",i="
                        + keys.iterations();
        state = new State.ServerFirstSent(first, keys, serverFirst);
        return new Step.Challenge(serverFirst.getBytes(StandardCharsets.UTF_8));
    }

    /** RFC 5802 section 6, with the downgrade check: "y" to a server that offers -PLUS. */
    private boolean bindingAllowed(ScramParser.Gs2CbindFlag flag) {
        return switch (flag) {
            case ScramParser.Gs2CbindFlag.NotSupported _ -> !plus;
            case ScramParser.Gs2CbindFlag.NotOffered _ -> !plus && bindings.isEmpty();
            case ScramParser.Gs2CbindFlag.Bound bound -> plus && binding(bound.type()).isPresent();
        };
    }

    private Optional<ChannelBinding> binding(String type) {
        return bindings.stream().filter(it -> it.type().equals(type)).findFirst();
    }

    private Step clientFinal(State.ServerFirstSent sent, ScramParser.ClientFinal last) {
        ScramParser.ClientFirst first = sent.clientFirst;
        Optional<ChannelBinding> bound =
                first.flag() instanceof ScramParser.Gs2CbindFlag.Bound(String type)
                        ? binding(type)
                        : Optional.empty();
        String expected = Scram.channelBinding(first.gs2Header(), bound);
        if (!sameText(expected, last.channelBinding())) {
            return new Step.Failure(Step.Cause.CHANNEL_BINDING);
        }
        if (!sameText(first.nonce() + serverNonce, last.nonce())
                || last.proof().length != ScramKeys.KEY_LENGTH) {
            return new Step.Failure(Step.Cause.MALFORMED);
        }
        byte[] authMessage =
                (first.bare() + "," + sent.serverFirst + "," + last.withoutProof())
                        .getBytes(StandardCharsets.UTF_8);
        // RFC 5802 section 3: ClientKey := ClientProof XOR ClientSignature.
        byte[] clientKey = Scram.hmac(sent.keys.storedKey(), authMessage);
        Scram.xor(clientKey, last.proof());
        if (!MessageDigest.isEqual(Scram.hash(clientKey), sent.keys.storedKey())) {
            return new Step.Failure(Step.Cause.CREDENTIALS);
        }
        state = new State.ServerFinalSent(first);
        String verifier =
                Base64.getEncoder().encodeToString(Scram.hmac(sent.keys.serverKey(), authMessage));
        return new Step.Challenge(("v=" + verifier).getBytes(StandardCharsets.UTF_8));
    }

    private static boolean sameText(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
