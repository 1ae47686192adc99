package mansio.state.directory;

import mansio.codec.sasl.Saslprep;
import mansio.codec.sasl.ScramKeys;
import mansio.state.password.PasswordHasher;
import mansio.state.password.StoredPassword;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Turns passwords into what is kept of them. Safe for use by any thread. */
public final class PasswordMaker {
    private static final int SALT_LENGTH = 16;

    private final PasswordHasher hasher;
    private final PasswordSettings settings;
    private final RandomGenerator random;

    /**
     * @param random salts SCRAM keys: a {@code SecureRandom} outside of tests
     */
    public PasswordMaker(PasswordHasher hasher, PasswordSettings settings, RandomGenerator random) {
        this.hasher = hasher;
        this.settings = settings;
        this.random = random;
    }

    PasswordSettings settings() {
        return settings;
    }

    /**
     * The credentials of a new password, or why it cannot be one. Computes for some 30 ms
     * elsewhere.
     */
    Outcome<Credentials> make(String password, long version) throws IOException {
        Optional<String> prepared = Saslprep.prepare(password);
        if (prepared.isEmpty()
                || octets(prepared.get()).length > StoredPassword.MAX_PASSWORD_OCTETS) {
            return Outcome.refused(
                    Outcome.Problem.INVALID,
                    "the password is empty, longer than "
                            + StoredPassword.MAX_PASSWORD_OCTETS
                            + " octets, or has characters that cannot be typed");
        }
        if (password.codePointCount(0, password.length()) < settings.minLength()) {
            return Outcome.refused(
                    Outcome.Problem.INVALID,
                    "the password is shorter than " + settings.minLength() + " characters");
        }
        StoredPassword stored = hasher.hash(octets(prepared.get()));
        return Outcome.done(
                new Credentials(version, Optional.of(stored.text()), scramKeys(password)));
    }

    /** As {@link #make}, for a password that is in use already, whatever its length. */
    Credentials renew(String password, long version) throws IOException {
        StoredPassword stored = hasher.hash(octets(Saslprep.prepare(password).orElse(password)));
        return new Credentials(version, Optional.of(stored.text()), scramKeys(password));
    }

    /**
     * Keys for SCRAM; empty when the setting wants none or the password cannot be prepared for it.
     */
    Optional<ScramKeys> scramKeys(String password) throws IOException {
        if (settings.scram() == PasswordSettings.ScramOffer.NEVER) {
            return Optional.empty();
        }
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        return hasher.compute(() -> ScramKeys.derive(password, salt, settings.scramIterations()));
    }

    private static byte[] octets(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
