package mansio.state.seal;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;

import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A key for AES-256-GCM and what it does. Never shows itself. Safe for use by any thread. */
final class MasterKey {
    static final int LENGTH = 32;
    static final int ID_LENGTH = 8;
    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;
    private static final byte[] NAMING = "mansio key id".getBytes(StandardCharsets.US_ASCII);

    private final SecretKeySpec key;
    private final byte[] id;

    /** Keeps a copy; the caller wipes its own. */
    MasterKey(byte[] bytes) {
        if (bytes.length != LENGTH) throw new IllegalArgumentException("key length");
        key = new SecretKeySpec(bytes, "AES");
        id = Arrays.copyOf(idOf(bytes), ID_LENGTH);
    }

    /** Names the key without telling anything of it. */
    byte[] id() {
        return id.clone();
    }

    /** The nonce, then the ciphertext with its tag. */
    byte[] encrypt(byte[] context, byte[] plain, RandomGenerator random) {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, nonce, context);
            byte[] out = new byte[NONCE_LENGTH + cipher.getOutputSize(plain.length)];
            System.arraycopy(nonce, 0, out, 0, NONCE_LENGTH);
            cipher.doFinal(plain, 0, plain.length, out, NONCE_LENGTH);
            return out;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What was encrypted; empty when it was changed, or encrypted in another context. */
    Optional<byte[]> decrypt(byte[] context, byte[] sealed) {
        if (sealed.length < NONCE_LENGTH + TAG_BITS / 8) return Optional.empty();
        try {
            byte[] nonce = Arrays.copyOf(sealed, NONCE_LENGTH);
            Cipher cipher = cipher(Cipher.DECRYPT_MODE, nonce, context);
            return Optional.of(cipher.doFinal(sealed, NONCE_LENGTH, sealed.length - NONCE_LENGTH));
        } catch (AEADBadTagException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, byte[] context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context);
        return cipher;
    }

    private static byte[] idOf(byte[] bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(NAMING);
            return digest.digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public String toString() {
        return "key " + HexFormat.of().formatHex(id);
    }
}
