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
import java.util.Arrays;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The cryptography behind signatures: a faster provider where the app has one, the JDK for all that
 * it lacks. Nothing is registered for the whole process. Safe for use by any thread.
 */
public final class Crypto {
    private static final String SHA256 = "SHA-256";

    /** Null for the JDK alone. */
    private volatile @Nullable Provider provider;

    private final ReentrantLock lock = new ReentrantLock();

    /**
     * Keys of other makers and what the provider made of them, which takes longer than to sign.
     * Forgotten with the key. Guarded by the lock.
     */
    private final Map<PrivateKey, PrivateKey> translated = new WeakHashMap<>();

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

    /** Takes this provider from now on: one that takes a while to load. */
    public void use(Provider faster) {
        provider = faster;
    }

    /** For logs, such as {@code AmazonCorrettoCryptoProvider}. */
    public String name() {
        Provider chosen = provider;
        return chosen == null ? "JDK" : chosen.getName();
    }

    MessageDigest sha256() {
        try {
            Provider chosen = having("MessageDigest", SHA256);
            return chosen == null
                    ? MessageDigest.getInstance(SHA256)
                    : MessageDigest.getInstance(SHA256, chosen);
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

    /** Signs, with a key of any maker that shows its encoding. */
    byte[] sign(SignatureAlgorithm algorithm, PrivateKey key, byte[] data) {
        try {
            Signature signature = signature(algorithm);
            signature.initSign(own(algorithm, key));
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
        Provider chosen = having("Signature", name);
        return chosen == null ? Signature.getInstance(name) : Signature.getInstance(name, chosen);
    }

    private KeyFactory keys(SignatureAlgorithm algorithm) throws GeneralSecurityException {
        String name = keyName(algorithm);
        Provider chosen = having("KeyFactory", name);
        return chosen == null ? KeyFactory.getInstance(name) : KeyFactory.getInstance(name, chosen);
    }

    private static String keyName(SignatureAlgorithm algorithm) {
        return switch (algorithm) {
            case RSA_SHA256 -> "RSA";
            case ED25519_SHA256 -> "Ed25519";
        };
    }

    /** The provider when it can do this, else null: the JDK can. */
    private @Nullable Provider having(String type, String name) {
        Provider chosen = provider;
        return chosen != null && chosen.getService(type, name) != null ? chosen : null;
    }

    /** The key as the provider has it, when it has not made it itself. */
    private PrivateKey own(SignatureAlgorithm algorithm, PrivateKey key)
            throws GeneralSecurityException {
        Provider chosen = having("KeyFactory", keyName(algorithm));
        if (chosen == null || key.getClass().getPackage().equals(chosen.getClass().getPackage())) {
            return key;
        }
        lock.lock();
        try {
            PrivateKey known = translated.get(key);
            if (known != null) {
                return known;
            }
        } finally {
            lock.unlock();
        }
        byte[] encoded = key.getEncoded();
        PrivateKey own = privateKey(algorithm, encoded);
        Arrays.fill(encoded, (byte) 0);
        lock.lock();
        try {
            translated.put(key, own);
        } finally {
            lock.unlock();
        }
        return own;
    }
}
