package mansio.state.directory;

import mansio.state.store.AccountId;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.random.RandomGenerator;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Marks by which a password that was seen is known again: HMACs with a key that this process draws
 * and never shows. Safe for use by any thread.
 */
final class PasswordMarks {
    private static final int KEY_LENGTH = 32;
    private static final String HMAC = "HmacSHA256";
    private static final byte RIGHT = 1;
    private static final byte WRONG = 2;

    private final SecretKeySpec key;

    PasswordMarks(RandomGenerator random) {
        byte[] drawn = new byte[KEY_LENGTH];
        random.nextBytes(drawn);
        key = new SecretKeySpec(drawn, HMAC);
    }

    /** Of a right password, in its prepared form, of an account. */
    ByteBuffer right(AccountId account, long credentialVersion, byte[] password) {
        ByteBuffer about =
                ByteBuffer.allocate(17)
                        .put(RIGHT)
                        .putLong(account.value())
                        .putLong(credentialVersion);
        return ByteBuffer.wrap(hmac(about.flip(), password));
    }

    /**
     * Of a password, as it came, that was tried for a name as it was spelled. Two spellings of one
     * account have different marks, else the quicker answer to the second would tell that the
     * account exists.
     *
     * @param credentialVersion 0 when the name is nobody's
     */
    long tried(String name, long credentialVersion, byte[] password) {
        byte[] spelled = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer about =
                ByteBuffer.allocate(13 + spelled.length)
                        .put(WRONG)
                        .putLong(credentialVersion)
                        .putInt(spelled.length)
                        .put(spelled);
        return ByteBuffer.wrap(hmac(about.flip(), password)).getLong();
    }

    private byte[] hmac(ByteBuffer about, byte[] password) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            mac.update(about);
            return mac.doFinal(password);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
