package mansio.codec.sasl;

import java.nio.charset.StandardCharsets;

/**
 * LOGIN, the client side: for relays that know nothing better. Any prompt is taken for the next.
 */
public final class LoginClient implements ClientMechanism {
    private final Credentials credentials;
    private int answered;

    public LoginClient(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public Mechanism mechanism() {
        return Mechanism.LOGIN;
    }

    @Override
    public boolean sendsFirst() {
        return false;
    }

    @Override
    public ClientStep step(byte[] challenge) {
        return switch (++answered) {
            case 1 -> response(credentials.authcid());
            case 2 -> response(credentials.password());
            default -> new ClientStep.Failure("unexpected challenge");
        };
    }

    @Override
    public boolean mayComplete() {
        return answered == 2;
    }

    private static ClientStep response(String text) {
        return new ClientStep.Response(text.getBytes(StandardCharsets.UTF_8));
    }
}
