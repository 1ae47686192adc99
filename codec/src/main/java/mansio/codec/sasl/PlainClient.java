package mansio.codec.sasl;

import java.nio.charset.StandardCharsets;

/** PLAIN, the client side (RFC 4616). */
public final class PlainClient implements ClientMechanism {
    private final Credentials credentials;
    private boolean sent;

    public PlainClient(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public Mechanism mechanism() {
        return Mechanism.PLAIN;
    }

    @Override
    public boolean sendsFirst() {
        return true;
    }

    @Override
    public ClientStep step(byte[] challenge) {
        if (sent || challenge.length != 0) {
            return new ClientStep.Failure("unexpected challenge");
        }
        sent = true;
        String message =
                credentials.authzid().orElse("")
                        + '\0'
                        + credentials.authcid()
                        + '\0'
                        + credentials.password();
        return new ClientStep.Response(message.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean mayComplete() {
        return sent;
    }
}
