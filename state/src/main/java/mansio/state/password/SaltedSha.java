package mansio.state.password;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * One round of SHA-2 over password and salt: {@code {SSHA256}} and {@code {SSHA512}}. Quick to
 * guess, so it is replaced at the first log-in.
 *
 * @param bits 256 or 512
 */
public record SaltedSha(int bits, byte[] digest, byte[] salt) implements StoredPassword {
    private static final int MAX_SALT = 128;

    /** Makes the hash of a password that came in clear. */
    static SaltedSha make(byte[] password, byte[] salt) {
        return new SaltedSha(512, compute(512, password, salt), salt);
    }

    /** Reads digest and salt, one behind the other. */
    static SaltedSha parse(int bits, byte[] data) throws UnusableHashException {
        int length = bits / 8;
        if (data.length <= length || data.length > length + MAX_SALT) {
            throw new UnusableHashException(
                    "the hash is not a SHA-" + bits + " digest with a salt behind it");
        }
        ByteBuffer in = ByteBuffer.wrap(data);
        byte[] digest = new byte[length];
        byte[] salt = new byte[data.length - length];
        in.get(digest).get(salt);
        return new SaltedSha(bits, digest, salt);
    }

    private static byte[] compute(int bits, byte[] password, byte[] salt) {
        try {
            MessageDigest md = MessageDigest.getInstance("SHA-" + bits);
            md.update(password);
            return md.digest(salt);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean matches(byte[] password) {
        return password.length <= MAX_PASSWORD_OCTETS
                && MessageDigest.isEqual(digest, compute(bits, password, salt));
    }

    @Override
    public String text() {
        byte[] both =
                ByteBuffer.allocate(digest.length + salt.length).put(digest).put(salt).array();
        return "{SSHA" + bits + "}" + Base64.getEncoder().encodeToString(both);
    }

    @Override
    public int memoryMiB() {
        return 1;
    }

    @Override
    public String toString() {
        return "SaltedSha[" + bits + "]";
    }
}
