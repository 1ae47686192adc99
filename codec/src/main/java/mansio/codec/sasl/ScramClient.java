package mansio.codec.sasl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** SCRAM-SHA-256 and SCRAM-SHA-256-PLUS, the client side (RFC 5802, RFC 7677). */
public final class ScramClient implements ClientMechanism {
    private final Credentials credentials;
    private final Binding binding;
    private final String clientNonce;
    private State state = State.START;
    private String clientFirstBare = "";
    private byte[] serverSignature = new byte[0];

    private enum State {
        START,
        FIRST_SENT,
        FINAL_SENT,
        VERIFIED,
        OVER
    }

    /** How the client stands to channel binding (RFC 5802 section 6). */
    public sealed interface Binding {
        /** The client's channel has none: flag "n". */
        record None() implements Binding {}

        /** The client could, but the server did not advertise -PLUS: flag "y". */
        record NotOffered() implements Binding {}

        /** Bound: flag "p", -PLUS. */
        record To(ChannelBinding channel) implements Binding {}
    }

    /** {@code random} draws the nonce: a {@code SecureRandom} outside of tests. */
    public ScramClient(Credentials credentials, Binding binding, RandomGenerator random) {
        this(credentials, binding, Scram.nonce(random));
    }

    ScramClient(Credentials credentials, Binding binding, String clientNonce) {
        this.credentials = credentials;
        this.binding = binding;
        this.clientNonce = clientNonce;
    }

    @Override
    public Mechanism mechanism() {
        return binding instanceof Binding.To
                ? Mechanism.SCRAM_SHA_256_PLUS
                : Mechanism.SCRAM_SHA_256;
    }

    @Override
    public boolean sendsFirst() {
        return true;
    }

    @Override
    public boolean mayComplete() {
        return state == State.VERIFIED;
    }

    @Override
    public ClientStep step(byte[] challenge) {
        State before = state;
        state = State.OVER;
        try {
            return switch (before) {
                case START -> first(challenge);
                case FIRST_SENT -> last(new ScramParser(challenge).serverFirst());
                case FINAL_SENT -> verify(new ScramParser(challenge).serverFinal());
                case VERIFIED, OVER -> new ClientStep.Failure("unexpected challenge");
            };
        } catch (ScramParser.Malformed e) {
            return new ClientStep.Failure("malformed challenge");
        }
    }

    private ClientStep first(byte[] challenge) {
        Optional<String> username = Saslprep.prepare(credentials.authcid());
        if (challenge.length != 0 || username.isEmpty()) {
            return new ClientStep.Failure("malformed challenge or user name");
        }
        clientFirstBare = "n=" + ScramParser.quoteSaslName(username.get()) + ",r=" + clientNonce;
        state = State.FIRST_SENT;
        return response(gs2Header() + clientFirstBare);
    }

    private String gs2Header() {
        String flag =
                switch (binding) {
                    case Binding.None _ -> "n";
                    case Binding.NotOffered _ -> "y";
                    case Binding.To(ChannelBinding channel) -> "p=" + channel.type();
                };
        String authzid =
                credentials.authzid().map(it -> "a=" + ScramParser.quoteSaslName(it)).orElse("");
        return flag + "," + authzid + ",";
    }

    private ClientStep last(ScramParser.ServerFirst server) {
        Optional<String> password = Saslprep.prepare(credentials.password());
        boolean ourNonce =
                server.nonce().startsWith(clientNonce)
                        && server.nonce().length() > clientNonce.length();
        if (!ourNonce
                || password.isEmpty()
                || server.salt().length == 0
                || server.iterations() < ScramKeys.MIN_ITERATIONS
                || server.iterations() > ScramKeys.MAX_ITERATIONS) {
            return new ClientStep.Failure("unacceptable nonce, salt or iteration count");
        }
        Optional<ChannelBinding> channel =
                binding instanceof Binding.To(ChannelBinding to)
                        ? Optional.of(to)
                        : Optional.empty();
        String withoutProof =
                "c=" + Scram.channelBinding(gs2Header(), channel) + ",r=" + server.nonce();
        byte[] authMessage =
                (clientFirstBare + "," + server.text() + "," + withoutProof)
                        .getBytes(StandardCharsets.UTF_8);
        byte[] salted =
                Scram.saltedPassword(
                        password.get().getBytes(StandardCharsets.UTF_8),
                        server.salt(),
                        server.iterations());
        byte[] proof = Scram.clientKey(salted);
        Scram.xor(proof, Scram.hmac(Scram.hash(proof), authMessage));
        serverSignature = Scram.hmac(Scram.serverKey(salted), authMessage);
        state = State.FINAL_SENT;
        return response(withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof));
    }

    private ClientStep verify(Optional<byte[]> verifier) {
        if (verifier.isEmpty() || !MessageDigest.isEqual(verifier.get(), serverSignature)) {
            return new ClientStep.Failure("the server does not know the password");
        }
        state = State.VERIFIED;
        return new ClientStep.Response(new byte[0]);
    }

    private static ClientStep response(String text) {
        return new ClientStep.Response(text.getBytes(StandardCharsets.UTF_8));
    }
}
