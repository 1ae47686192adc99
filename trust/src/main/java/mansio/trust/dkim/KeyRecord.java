package mansio.trust.dkim;

import mansio.codec.text.SyntaxException;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * A public key as it is published (RFC 6376 section 3.6.1, RFC 8463 section 4).
 *
 * @param key null when it was revoked: p= is empty
 * @param bits of an RSA modulus; 256 for Ed25519; 0 when revoked
 * @param testing t=y: the domain is trying signatures out
 * @param exactDomain t=s: i= has to be in the very domain of d=
 */
public record KeyRecord(
        SignatureAlgorithm algorithm,
        @Nullable PublicKey key,
        int bits,
        boolean testing,
        boolean exactDomain) {
    /** RFC 8301 section 3.2: a smaller RSA key proves nothing. */
    public static final int MIN_RSA_BITS = 1024;

    /** A larger RSA key is not computed with. */
    public static final int MAX_RSA_BITS = 4096;

    /** Chars of a record that are read; a key of 4096 bits needs some 750. */
    private static final int MAX_TEXT = 8192;

    /** RSA exponents are 3 or 65537; long ones only cost us time. */
    private static final int MAX_EXPONENT_BITS = 64;

    private static final int ED25519_OCTETS = 32;
    private static final int ED25519_BITS = 256;

    /**
     * Reads a record.
     *
     * @param text of the TXT record, its strings joined
     * @throws SyntaxException with the reason when it is no key, or one that must not be used
     */
    public static KeyRecord parse(String text, Crypto crypto) {
        if (text.length() > MAX_TEXT) {
            throw new SyntaxException("the key record is too long", 0);
        }
        TagList tags = TagList.parse(text);
        boolean versionIsFirst = !tags.has("v") || tags.names().getFirst().equals("v");
        if (!tags.value("v").orElse("DKIM1").equals("DKIM1") || !versionIsFirst) {
            throw new SyntaxException("v= of the key is not DKIM1", 0);
        }
        SignatureAlgorithm algorithm =
                SignatureAlgorithm.ofKeyType(tags.value("k").orElse("rsa"))
                        .orElseThrow(() -> new SyntaxException("k= is no kind of key we know", 0));
        if (tags.has("h") && !tags.items("h").contains("sha256")) {
            throw new SyntaxException("the key is not for SHA-256", 0);
        }
        List<String> services = tags.items("s");
        if (tags.has("s") && !services.contains("email") && !services.contains("*")) {
            throw new SyntaxException("the key is not for mail", 0);
        }
        List<String> flags = tags.items("t");
        String p = tags.compact("p").orElseThrow(() -> new SyntaxException("the key has no p=", 0));
        boolean testing = flags.contains("y");
        boolean exactDomain = flags.contains("s");
        if (p.isEmpty()) {
            return new KeyRecord(algorithm, null, 0, testing, exactDomain);
        }
        byte[] octets = octets(p);
        if (algorithm == SignatureAlgorithm.ED25519_SHA256) {
            PublicKey key = ed25519(octets, crypto);
            return new KeyRecord(algorithm, key, ED25519_BITS, testing, exactDomain);
        }
        RSAPublicKey key = rsa(octets, crypto);
        int bits = key.getModulus().bitLength();
        return new KeyRecord(algorithm, key, bits, testing, exactDomain);
    }

    /** Why no signature is to be believed because of the size of the key, if so. */
    Optional<String> badSize() {
        if (algorithm == SignatureAlgorithm.RSA_SHA256 && bits < MIN_RSA_BITS) {
            return Optional.of("the RSA key has " + bits + " bits, under 1024 (RFC 8301)");
        }
        if (bits > MAX_RSA_BITS) {
            return Optional.of("the RSA key has " + bits + " bits, over 4096");
        }
        return Optional.empty();
    }

    private static byte[] octets(String p) {
        try {
            return Base64.getDecoder().decode(p);
        } catch (IllegalArgumentException e) {
            throw new SyntaxException("p= is not base64", 0);
        }
    }

    private static PublicKey ed25519(byte[] octets, Crypto crypto) {
        if (octets.length != ED25519_OCTETS) {
            throw new SyntaxException("p= is no Ed25519 key", 0);
        }
        try {
            return crypto.publicKey(
                    SignatureAlgorithm.ED25519_SHA256, KeyEncoding.ed25519Info(octets));
        } catch (GeneralSecurityException e) {
            throw new SyntaxException("p= is no Ed25519 key", 0);
        }
    }

    /** SubjectPublicKeyInfo as everybody publishes it, or the bare RSAPublicKey of the RFC. */
    private static RSAPublicKey rsa(byte[] octets, Crypto crypto) {
        RSAPublicKey key =
                tryRsa(octets, crypto)
                        .or(() -> tryRsa(KeyEncoding.rsaInfo(octets), crypto))
                        .orElseThrow(() -> new SyntaxException("p= is no RSA key", 0));
        BigInteger exponent = key.getPublicExponent();
        if (exponent.bitLength() > MAX_EXPONENT_BITS || exponent.signum() <= 0) {
            throw new SyntaxException("p= is no RSA key with a usual exponent", 0);
        }
        return key;
    }

    private static Optional<RSAPublicKey> tryRsa(byte[] info, Crypto crypto) {
        try {
            return Optional.of(
                    (RSAPublicKey) crypto.publicKey(SignatureAlgorithm.RSA_SHA256, info));
        } catch (GeneralSecurityException e) {
            return Optional.empty();
        }
    }
}
