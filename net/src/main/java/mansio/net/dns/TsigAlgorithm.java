package mansio.net.dns;

import mansio.codec.text.Ascii;

import java.util.Arrays;
import java.util.Optional;

/**
 * How messages between two who share a secret are signed (RFC 8945 section 6). HMAC-MD5, which must
 * not be used any more, and shortened signatures are left out.
 */
public enum TsigAlgorithm {
    /** Not recommended, and all that some old servers have. */
    HMAC_SHA1("hmac-sha1", "HmacSHA1"),
    HMAC_SHA224("hmac-sha224", "HmacSHA224"),
    HMAC_SHA256("hmac-sha256", "HmacSHA256"),
    HMAC_SHA384("hmac-sha384", "HmacSHA384"),
    HMAC_SHA512("hmac-sha512", "HmacSHA512");

    private final String text;
    private final String platformName;

    TsigAlgorithm(String text, String platformName) {
        this.text = text;
        this.platformName = platformName;
    }

    /** Its name as servers write it, such as {@code hmac-sha256}. */
    public String text() {
        return text;
    }

    /** As the platform calls it. */
    String platformName() {
        return platformName;
    }

    /** Reads its name, in any case, with or without a final dot. */
    public static Optional<TsigAlgorithm> tryParse(String text) {
        String lower = Ascii.lower(text);
        return Arrays.stream(values())
                .filter(it -> lower.equals(it.text) || lower.equals(it.text + "."))
                .findFirst();
    }
}
