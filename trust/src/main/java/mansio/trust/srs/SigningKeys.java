package mansio.trust.srs;

import mansio.codec.text.Unicode;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The secrets behind signed addresses. The first signs, all verify, so that mail sent before a
 * change of keys still comes back. What is signed is compared with case folded, because relays on
 * the way change the case of local parts. Immutable; safe for use by any thread.
 */
public final class SigningKeys {
    /** A secret has at least this many bytes. */
    public static final int MIN_BYTES = 16;

    /** Secrets that verify. */
    public static final int MAX_KEYS = 8;

    private static final String HMAC = "HmacSHA256";

    private final List<SecretKeySpec> keys;

    /**
     * @param secrets the newest first
     */
    public SigningKeys(List<byte[]> secrets) {
        if (secrets.isEmpty() || secrets.size() > MAX_KEYS) {
            throw new IllegalArgumentException(secrets.size() + " keys");
        }
        for (byte[] secret : secrets) {
            if (secret.length < MIN_BYTES) {
                throw new IllegalArgumentException("a key of " + secret.length + " bytes");
            }
        }
        keys = secrets.stream().map(it -> new SecretKeySpec(it, HMAC)).toList();
    }

    /** The first bytes of the newest key's signature. */
    byte[] sign(String text, int bytes) {
        return sign(keys.getFirst(), text, bytes);
    }

    /** True when one of the keys signs the text so; each of them is tried, whatever is found. */
    boolean verify(String text, Optional<byte[]> signature) {
        byte[] given = signature.orElse(new byte[0]);
        boolean good = false;
        for (SecretKeySpec key : keys) {
            good |= MessageDigest.isEqual(sign(key, text, given.length), given);
        }
        return good && given.length > 0;
    }

    private static byte[] sign(SecretKeySpec key, String text, int bytes) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(key);
            byte[] all = mac.doFinal(Unicode.lookupKey(text).getBytes(StandardCharsets.UTF_8));
            return Arrays.copyOf(all, bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // Every Java has HMAC with SHA-256.
        }
    }
}
