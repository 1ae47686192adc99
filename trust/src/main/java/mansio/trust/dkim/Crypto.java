package mansio.trust.dkim;

import org.jspecify.annotations.Nullable;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;

/**
 * The cryptography behind signatures: a faster provider where the app has one, the JDK for all that
 * it lacks. Nothing is registered for the whole process. Safe for use by any thread.
 */
public final class Crypto {
    private static final String SHA256 = "SHA-256";

    /** Null for the JDK alone. */
    private final @Nullable Provider provider;

    private Crypto(@Nullable Provider provider) {
        this.provider = provider;
    }

    /** What every Java has. */
    public static Crypto jdk() {
        return new Crypto(null);
    }

    /** This provider first. */
    public static Crypto with(Provider provider) {
        return new Crypto(provider);
    }

    /** For logs, such as {@code AmazonCorrettoCryptoProvider}. */
    public String name() {
        return provider == null ? "JDK" : provider.getName();
    }

    MessageDigest sha256() {
        try {
            return has("MessageDigest", SHA256)
                    ? MessageDigest.getInstance(SHA256, provider)
                    : MessageDigest.getInstance(SHA256);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // Every Java has SHA-256.
        }
    }

    /**
     * A new key pair.
     *
     * @param rsaBits of an RSA key; others have one size
     */
    KeyPair generate(SignatureAlgorithm algorithm, int rsaBits) {
        try {
            // Keys are made seldom, and by the JDK: any provider can use them.
            KeyPairGenerator generator = KeyPairGenerator.getInstance(keyName(algorithm));
            if (algorithm == SignatureAlgorithm.RSA_SHA256) {
                generator.initialize(rsaBits);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // Every Java since 15 has both.
        }
    }

    /**
     * @param pkcs8 PrivateKeyInfo (RFC 5208)
     * @throws GeneralSecurityException when it is no key of that kind
     */
    PrivateKey privateKey(SignatureAlgorithm algorithm, byte[] pkcs8)
            throws GeneralSecurityException {
        return keys(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /**
     * @param info SubjectPublicKeyInfo (RFC 5280)
     * @throws GeneralSecurityException when it is no key of that kind
     */
    PublicKey publicKey(SignatureAlgorithm algorithm, byte[] info) throws GeneralSecurityException {
        return keys(algorithm).generatePublic(new X509EncodedKeySpec(info));
    }

    /** Signs; the key is one of {@link #privateKey} or of the JDK. */
    byte[] sign(SignatureAlgorithm algorithm, PrivateKey key, byte[] data) {
        try {
            Signature signature = signature(algorithm);
            signature.initSign(key);
            signature.update(input(algorithm, data));
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that cannot sign", e);
        }
    }

    /** False also when the signature has no sense at all. */
    boolean verify(Claim claim, PublicKey key, byte[] data) {
        try {
            Signature signature = signature(claim.algorithm());
            signature.initVerify(key);
            signature.update(input(claim.algorithm(), data));
            return signature.verify(claim.signature());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** RFC 8463 section 3: Ed25519 signs the hash. */
    private byte[] input(SignatureAlgorithm algorithm, byte[] data) {
        return switch (algorithm) {
            case RSA_SHA256 -> data;
            case ED25519_SHA256 -> sha256().digest(data);
        };
    }

    private Signature signature(SignatureAlgorithm algorithm) throws GeneralSecurityException {
        String name =
                switch (algorithm) {
                    case RSA_SHA256 -> "SHA256withRSA";
                    case ED25519_SHA256 -> "Ed25519";
                };
        return has("Signature", name)
                ? Signature.getInstance(name, provider)
                : Signature.getInstance(name);
    }

    private KeyFactory keys(SignatureAlgorithm algorithm) throws GeneralSecurityException {
        String name = keyName(algorithm);
        return has("KeyFactory", name)
                ? KeyFactory.getInstance(name, provider)
                : KeyFactory.getInstance(name);
    }

    private static String keyName(SignatureAlgorithm algorithm) {
        return switch (algorithm) {
            case RSA_SHA256 -> "RSA";
            case ED25519_SHA256 -> "Ed25519";
        };
    }

    private boolean has(String type, String name) {
        return provider != null && provider.getService(type, name) != null;
    }
}
