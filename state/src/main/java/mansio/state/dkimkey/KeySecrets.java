package mansio.state.dkimkey;

import mansio.state.seal.Seal;
import mansio.state.store.Partition;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The private keys: sealed on disk, and some of them open in memory, because signing must not read
 * a disk. Safe for use by any thread; the lock is not held while a disk is read.
 */
final class KeySecrets {
    private static final int MAX_OPEN = 1_000;

    /** What stands before the 32 octets in an encoded Ed25519 key (RFC 8410 section 4). */
    private static final int EDWARDS_HEAD = 12;

    private final Partition partition;
    private final Seal seal;
    private final ReentrantLock lock = new ReentrantLock();

    /** The one that was used longest ago goes first. Guarded by the lock. */
    private final Map<Id, PrivateKey> open = new LinkedHashMap<>(16, 0.75f, true);

    /** A name may come again with another key. */
    private record Id(KeyName name, Instant made) {
        static Id of(DkimKey key) {
            return new Id(key.name(), key.life().made());
        }
    }

    KeySecrets(Partition partition, Seal seal) {
        this.partition = partition;
        this.seal = seal;
    }

    /** Seals a private key, to be kept under its name. */
    byte[] sealed(KeyName name, PrivateKey key) throws IOException {
        byte[] encoded = key.getEncoded();
        try {
            return seal.seal(purpose(name), encoded);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /**
     * The private key.
     *
     * @throws IOException with a sentence for the administrator: it is not there, or cannot be
     *     opened
     */
    PrivateKey open(DkimKey key) throws IOException {
        KeyName name = key.name();
        lock.lock();
        try {
            PrivateKey known = open.get(Id.of(key));
            if (known != null) return known;
        } finally {
            lock.unlock();
        }
        byte[] sealed =
                partition
                        .get(KeyRows.secret(name))
                        .orElseThrow(() -> new IOException("the private key is gone"));
        PrivateKey read = decoded(key.algorithm(), seal.open(purpose(name), sealed));
        lock.lock();
        try {
            open.put(Id.of(key), read);
            if (open.size() > MAX_OPEN) open.remove(open.keySet().iterator().next());
        } finally {
            lock.unlock();
        }
        return read;
    }

    /** It is not to be used any more. */
    void forget(DkimKey key) {
        lock.lock();
        try {
            open.remove(Id.of(key));
        } finally {
            lock.unlock();
        }
    }

    private static PrivateKey decoded(KeyAlgorithm algorithm, byte[] encoded) throws IOException {
        try {
            String name =
                    switch (algorithm.family()) {
                        case RSA -> "RSA";
                        case ED25519 -> "Ed25519";
                    };
            return KeyFactory.getInstance(name).generatePrivate(new PKCS8EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IOException("the private key cannot be read", e);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    /** What a record says of a public key, before base64. */
    static byte[] recordData(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return key instanceof RSAPublicKey
                ? encoded
                : Arrays.copyOfRange(encoded, EDWARDS_HEAD, encoded.length);
    }

    private static String purpose(KeyName name) {
        return "dkim " + name.dnsName();
    }
}
