package mansio.codec.sasl;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * LOGIN, the server side: user name, then password. The prompts are what its clients compare with
 * (draft-murchison-sasl-login section 2.1.1).
 */
public final class LoginServer implements ServerMechanism {
    private static final byte[] USER_NAME = "Username:".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PASSWORD = "Password:".getBytes(StandardCharsets.US_ASCII);

    private Optional<String> authcid = Optional.empty();
    private boolean over;

    @Override
    public Step.Challenge start() {
        return new Step.Challenge(USER_NAME.clone());
    }

    @Override
    public Step step(byte[] message) {
        if (over) {
            throw new IllegalStateException("exchange is over");
        }
        Optional<String> text =
                Utf8.decode(message, MAX_MESSAGE)
                        .filter(it -> !it.isEmpty() && it.indexOf('\0') < 0);
        if (text.isEmpty()) {
            over = true;
            return new Step.Failure(Step.Cause.MALFORMED);
        }
        if (authcid.isEmpty()) {
            authcid = text;
            return new Step.Challenge(PASSWORD.clone());
        }
        over = true;
        return new Step.Password(Optional.empty(), authcid.get(), text.get());
    }
}
