package mansio.codec.sasl;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a server stores to check SCRAM-SHA-256 proofs; the password cannot be read from it (RFC 5802
 * section 3).
 *
 * @param salt 1 to {@value #MAX_SALT} octets
 * @param iterations {@value #MIN_ITERATIONS} to {@value #MAX_ITERATIONS}
 */
public record ScramKeys(byte[] salt, int iterations, byte[] storedKey, byte[] serverKey) {
    /** RFC 7677 section 4. */
    public static final int MIN_ITERATIONS = 4096;

    /** Half a second of one core: a server that asks for more attacks its clients. */
    public static final int MAX_ITERATIONS = 1_000_000;

    /** Longest salt, in octets. */
    public static final int MAX_SALT = 256;

    /** Length of both keys, in octets. */
    public static final int KEY_LENGTH = 32;

    public ScramKeys {
        if (salt.length == 0 || salt.length > MAX_SALT) {
            throw new IllegalArgumentException("salt of " + salt.length + " octets");
        }
        if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS) {
            throw new IllegalArgumentException("iterations " + iterations);
        }
        if (storedKey.length != KEY_LENGTH || serverKey.length != KEY_LENGTH) {
            throw new IllegalArgumentException("key length");
        }
    }

    /**
     * The keys of a password. Computes for some milliseconds (4,096 iterations: 2 ms).
     *
     * @return empty when the password cannot be prepared by {@link Saslprep}
     */
    public static Optional<ScramKeys> derive(String password, byte[] salt, int iterations) {
        return Saslprep.prepare(password)
                .map(
                        prepared -> {
                            byte[] salted =
                                    Scram.saltedPassword(
                                            prepared.getBytes(StandardCharsets.UTF_8),
                                            salt,
                                            iterations);
                            return new ScramKeys(
                                    salt.clone(),
                                    iterations,
                                    Scram.hash(Scram.clientKey(salted)),
                                    Scram.serverKey(salted));
                        });
    }

    /** Where a server finds them. */
    @FunctionalInterface
    public interface Source {
        /**
         * The keys of a user name prepared by {@link Saslprep}. For an unknown name: keys that
         * match no password, the same each time, so that the answer does not tell who exists.
         *
         * @throws java.io.IOException when they cannot be read now
         */
        ScramKeys of(String authcid) throws java.io.IOException;
    }

    @Override
    public String toString() {
        return "ScramKeys[iterations=" + iterations + "]";
    }
}
