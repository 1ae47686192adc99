package mansio.trust.dkim;

import java.util.Optional;

/**
 * How a signature is made. Both hash with SHA-256; SHA-1 is neither written nor believed (RFC 8301
 * section 3.1).
 */
public enum SignatureAlgorithm {
    RSA_SHA256("rsa-sha256", "rsa"),
    /** RFC 8463: PureEdDSA over the SHA-256 of what is signed. */
    ED25519_SHA256("ed25519-sha256", "ed25519");

    private final String text;
    private final String keyType;

    SignatureAlgorithm(String text, String keyType) {
        this.text = text;
        this.keyType = keyType;
    }

    /** As in the a= tag of a signature. */
    public String text() {
        return text;
    }

    /** As in the k= tag of a key. */
    public String keyType() {
        return keyType;
    }

    /** The algorithm of an a= tag, in its case. */
    public static Optional<SignatureAlgorithm> of(String text) {
        for (SignatureAlgorithm algorithm : values()) {
            if (algorithm.text.equals(text)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }

    /** The algorithm of a k= tag. */
    static Optional<SignatureAlgorithm> ofKeyType(String keyType) {
        for (SignatureAlgorithm algorithm : values()) {
            if (algorithm.keyType.equals(keyType)) {
                return Optional.of(algorithm);
            }
        }
        return Optional.empty();
    }
}
