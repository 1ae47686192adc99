package mansio.state.password;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * Reads stored passwords as Dovecot writes them: {@code {SCHEME}data}, or data alone, which means
 * {@code {CRYPT}}. Stateless but for its randomness.
 */
public final class SchemeParser {
    private static final int SALT_LENGTH = 16;

    private final RandomGenerator random;

    /**
     * @param random salts passwords that come in clear: a {@code SecureRandom} outside of tests
     */
    public SchemeParser(RandomGenerator random) {
        this.random = random;
    }

    /**
     * How the data of a scheme is written; Dovecot lets the scheme's name say so: {@code
     * {SSHA256.HEX}}.
     */
    private enum Encoding {
        DEFAULT,
        HEX,
        BASE64
    }

    /**
     * Reads one stored password. One in clear becomes a salted hash at once.
     *
     * @throws UnusableHashException when it cannot be checked, or not within our limits of work
     */
    public StoredPassword parse(String text) throws UnusableHashException {
        if (text.length() > StoredPassword.MAX_TEXT) {
            throw new UnusableHashException(
                    "the hash is longer than " + StoredPassword.MAX_TEXT + " characters");
        }
        if (!text.startsWith("{")) {
            return crypt(text);
        }
        int close = text.indexOf('}');
        if (close < 0) {
            throw new UnusableHashException("the scheme has no closing brace");
        }
        String name = text.substring(1, close).toUpperCase(Locale.ROOT);
        int dot = name.indexOf('.');
        Encoding encoding = dot < 0 ? Encoding.DEFAULT : encoding(name.substring(dot + 1));
        return scheme(dot < 0 ? name : name.substring(0, dot), encoding, text.substring(close + 1));
    }

    private static Encoding encoding(String suffix) throws UnusableHashException {
        return switch (suffix) {
            case "HEX" -> Encoding.HEX;
            case "B64", "BASE64" -> Encoding.BASE64;
            default ->
                    throw new UnusableHashException(
                            "the encoding " + printable(suffix) + " is not known");
        };
    }

    private StoredPassword scheme(String name, Encoding encoding, String data)
            throws UnusableHashException {
        return switch (name) {
            case "SHA512-CRYPT" -> ShaCrypt.parse(ShaCrypt.Digest.SHA512, text(encoding, data));
            case "SHA256-CRYPT" -> ShaCrypt.parse(ShaCrypt.Digest.SHA256, text(encoding, data));
            case "BLF-CRYPT" -> Bcrypt.parse(text(encoding, data));
            case "ARGON2ID", "ARGON2I" -> Argon2Hash.parse(text(encoding, data));
            case "PBKDF2" -> DovecotPbkdf2.parse(text(encoding, data));
            case "SSHA256" -> SaltedSha.parse(256, octets(encoding, data));
            case "SSHA512" -> SaltedSha.parse(512, octets(encoding, data));
            case "CRYPT" -> crypt(text(encoding, data));
            case "PLAIN", "CLEAR", "CLEARTEXT" -> clear(text(encoding, data));
            default ->
                    throw new UnusableHashException(
                            "the scheme " + printable(name) + " is not taken over");
        };
    }

    private static StoredPassword crypt(String data) throws UnusableHashException {
        if (data.startsWith("$6$")) {
            return ShaCrypt.parse(ShaCrypt.Digest.SHA512, data);
        }
        if (data.startsWith("$5$")) {
            return ShaCrypt.parse(ShaCrypt.Digest.SHA256, data);
        }
        if (data.startsWith("$2")) {
            return Bcrypt.parse(data);
        }
        if (data.startsWith("$")) {
            int end = data.indexOf('$', 1);
            String prefix = end < 0 ? "$" : data.substring(0, end + 1);
            throw new UnusableHashException(
                    "crypt hashes of the kind " + printable(prefix) + " are not taken over");
        }
        throw new UnusableHashException(
                data.isEmpty()
                        ? "there is no password"
                        : "it has no scheme and is no $5$, $6$ or $2y$ hash");
    }

    private StoredPassword clear(String password) throws UnusableHashException {
        byte[] octets = password.getBytes(StandardCharsets.UTF_8);
        if (octets.length == 0 || octets.length > StoredPassword.MAX_PASSWORD_OCTETS) {
            throw new UnusableHashException("the password is empty or too long");
        }
        byte[] salt = new byte[SALT_LENGTH];
        random.nextBytes(salt);
        return SaltedSha.make(octets, salt);
    }

    private static String text(Encoding encoding, String data) throws UnusableHashException {
        return encoding == Encoding.DEFAULT
                ? data
                : new String(octets(encoding, data), StandardCharsets.UTF_8);
    }

    private static byte[] octets(Encoding encoding, String data) throws UnusableHashException {
        try {
            return switch (encoding) {
                case HEX -> HexFormat.of().parseHex(data);
                case DEFAULT, BASE64 -> Base64.getDecoder().decode(data);
            };
        } catch (IllegalArgumentException e) {
            throw new UnusableHashException(
                    "the hash is not written in " + (encoding == Encoding.HEX ? "hex" : "base64"));
        }
    }

    /** What a report may show of text that came from a file. */
    private static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.chars().limit(32).forEach(c -> out.append(c > ' ' && c < 0x7f ? (char) c : '?'));
        return out.toString();
    }
}
