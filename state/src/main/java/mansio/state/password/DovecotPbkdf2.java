package mansio.state.password;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Dovecot's {PBKDF2}: {@code $1$salt$rounds$hex}, PBKDF2 (RFC 8018 section 5.2) with HMAC-SHA-1;
 * the salt counts as the characters that it is written with.
 */
public record DovecotPbkdf2(String salt, int rounds, byte[] key) implements StoredPassword {
    private static final int KEY_LENGTH = 20;
    private static final int MAX_SALT = 64;

    /** About half a second. */
    static final int MAX_ROUNDS = 1_000_000;

    private static final byte[] FIRST_BLOCK = {0, 0, 0, 1};

    /** Reads the part behind {@code {PBKDF2}}. */
    static DovecotPbkdf2 parse(String data) throws UnusableHashException {
        String[] parts = data.split("\\$", -1);
        boolean shaped =
                parts.length == 5
                        && parts[0].isEmpty()
                        && parts[1].equals("1")
                        && parts[2].length() <= MAX_SALT
                        && parts[4].length() == 2 * KEY_LENGTH
                        && parts[4].chars().allMatch(HexFormat::isHexDigit);
        if (!shaped) {
            throw new UnusableHashException("the hash is not $1$salt$rounds$hex");
        }
        try {
            int rounds = Integer.parseInt(parts[3]);
            if (rounds >= 1 && rounds <= MAX_ROUNDS) {
                return new DovecotPbkdf2(parts[2], rounds, HexFormat.of().parseHex(parts[4]));
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new UnusableHashException("the number of rounds is not 1 to " + MAX_ROUNDS);
    }

    private static byte[] compute(byte[] password, byte[] salt, int rounds) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            // HMAC pads its key with zeros, so one zero octet is the same key as the empty one that
            // the JDK refuses.
            mac.init(new SecretKeySpec(password.length == 0 ? new byte[1] : password, "HmacSHA1"));
            mac.update(salt);
            byte[] block = mac.doFinal(FIRST_BLOCK);
            byte[] key = block.clone();
            for (int i = 1; i < rounds; i++) {
                mac.update(block);
                mac.doFinal(block, 0);
                for (int j = 0; j < KEY_LENGTH; j++) {
                    key[j] ^= block[j];
                }
            }
            return key;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public boolean matches(byte[] password) {
        return password.length <= MAX_PASSWORD_OCTETS
                && MessageDigest.isEqual(
                        key, compute(password, salt.getBytes(StandardCharsets.UTF_8), rounds));
    }

    @Override
    public String text() {
        return "{PBKDF2}$1$" + salt + "$" + rounds + "$" + HexFormat.of().formatHex(key);
    }

    @Override
    public int memoryMiB() {
        return 1;
    }

    @Override
    public String toString() {
        return "DovecotPbkdf2[rounds=" + rounds + "]";
    }
}
