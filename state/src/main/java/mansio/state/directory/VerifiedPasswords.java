package mansio.state.directory;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import mansio.net.time.Time;
import mansio.state.store.AccountId;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Remembers which passwords were found right, so that a client that logs in every minute costs one
 * hash a day. Kept are only their {@link PasswordMarks}. Safe for use by any thread.
 */
final class VerifiedPasswords {
    private static final int MAX_ENTRIES = 20_000;
    private static final Duration KEPT = Duration.ofHours(12);

    private final PasswordMarks marks;
    private final Cache<ByteBuffer, Boolean> right;

    VerifiedPasswords(Time time, PasswordMarks marks) {
        this.marks = marks;
        right =
                Caffeine.newBuilder()
                        .maximumSize(MAX_ENTRIES)
                        .expireAfterWrite(KEPT)
                        .ticker(time::nanos)
                        .executor(Runnable::run)
                        .build();
    }

    boolean contains(AccountId account, long credentialVersion, byte[] password) {
        return right.getIfPresent(marks.right(account, credentialVersion, password)) != null;
    }

    void add(AccountId account, long credentialVersion, byte[] password) {
        right.put(marks.right(account, credentialVersion, password), true);
    }
}
