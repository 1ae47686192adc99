package mansio.state.directory;

import mansio.codec.sasl.ScramKeys;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * SCRAM keys for names that have none: the same each time, on each server of one store, matching no
 * password. Made with a secret that the directory keeps. Safe for use by any thread.
 */
final class FakeKeys {
    private static final String SETTING = "scram-secret";
    private static final String HMAC = "HmacSHA256";
    private static final int SECRET_LENGTH = 32;
    private static final int SALT_LENGTH = 16;

    private final SecretKeySpec secret;
    private final int iterations;

    private FakeKeys(byte[] secret, int iterations) {
        this.secret = new SecretKeySpec(secret, HMAC);
        this.iterations = iterations;
    }

    static FakeKeys open(StoredDirectory directory, RandomGenerator random, int iterations)
            throws IOException {
        Optional<byte[]> stored = directory.setting(SETTING);
        if (stored.isPresent()) {
            return new FakeKeys(stored.get(), iterations);
        }
        byte[] drawn = new byte[SECRET_LENGTH];
        random.nextBytes(drawn);
        directory.change(
                (_, changes) -> {
                    changes.accept(new Change.PutSetting(SETTING, drawn));
                    return Outcome.done(drawn);
                });
        return new FakeKeys(drawn, iterations);
    }

    ScramKeys of(String name) {
        byte[] salt = Arrays.copyOf(derive("salt", name), SALT_LENGTH);
        return new ScramKeys(salt, iterations, derive("stored", name), derive("server", name));
    }

    private byte[] derive(String purpose, String name) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(secret);
            return mac.doFinal((purpose + "\0" + name).getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
