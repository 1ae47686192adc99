package mansio.state.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import mansio.net.time.Time;
import mansio.state.store.AccountId;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.random.RandomGenerator;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers which passwords were found right, so that a client that logs in every minute costs one
 * hash a day. Kept are only HMACs of account, credential version and password with a key that this
 * process draws and never shows. Safe for use by any thread.
 */
final class VerifiedPasswords {
    private static final int MAX_ENTRIES = 20_000;
    private static final Duration KEPT = Duration.ofHours(12);
    private static final int KEY_LENGTH = 32;
    private static final String HMAC = "HmacSHA256";

    private final SecretKeySpec key;
    private final Cache<ByteBuffer, Boolean> right;

    VerifiedPasswords(Time time, RandomGenerator random) {
        byte[] drawn = new byte[KEY_LENGTH];
        random.nextBytes(drawn);
        key = new SecretKeySpec(drawn, HMAC);
        right =
                Caffeine.newBuilder()
                        .maximumSize(MAX_ENTRIES)
                        .expireAfterWrite(KEPT)
                        .ticker(time::nanos)
                        .executor(Runnable::run)
                        .build();
    }

    boolean contains(AccountId account, long credentialVersion, byte[] password) {
        return right.getIfPresent(mark(account, credentialVersion, password)) != null;
    }

    void add(AccountId account, long credentialVersion, byte[] password) {
        right.put(mark(account, credentialVersion, password), true);
    }

    private ByteBuffer mark(AccountId account, long credentialVersion, byte[] password) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update(
                    ByteBuffer.allocate(16)
                            .putLong(account.value())
                            .putLong(credentialVersion)
                            .flip());
            return ByteBuffer.wrap(mac.doFinal(password));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
