package mansio.state.dkimkey;

import mansio.codec.text.SyntaxException;
import mansio.state.seal.Seal;
import mansio.state.store.Partition;
import mansio.trust.dkim.Crypto;
import mansio.trust.dkim.KeyMaterial;
import mansio.trust.dkim.SigningKey;

import java.io.IOException;
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

    private final Partition partition;
    private final Seal seal;
    private final Crypto crypto;
    private final ReentrantLock lock = new ReentrantLock();

    /** The one that was used longest ago goes first. Guarded by the lock. */
    private final Map<Id, SigningKey> open = new LinkedHashMap<>(16, 0.75f, true);

    /** A name may come again with another key. */
    private record Id(KeyName name, Instant made) {
        static Id of(DkimKey key) {
            return new Id(key.name(), key.life().made());
        }
    }

    KeySecrets(Partition partition, Seal seal, Crypto crypto) {
        this.partition = partition;
        this.seal = seal;
        this.crypto = crypto;
    }

    /** Seals a private key, to be kept under its name. */
    byte[] sealed(KeyName name, KeyMaterial key) throws IOException {
        byte[] encoded = key.pkcs8();
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
    SigningKey open(DkimKey key) throws IOException {
        KeyName name = key.name();
        lock.lock();
        try {
            SigningKey known = open.get(Id.of(key));
            if (known != null) return known;
        } finally {
            lock.unlock();
        }
        byte[] sealed =
                partition
                        .get(KeyRows.secret(name))
                        .orElseThrow(() -> new IOException("the private key is gone"));
        SigningKey read = decoded(name, seal.open(purpose(name), sealed));
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

    private SigningKey decoded(KeyName name, byte[] encoded) throws IOException {
        try {
            return KeyMaterial.of(encoded).signingKey(name.domain(), name.selector(), crypto);
        } catch (SyntaxException e) {
            throw new IOException("the private key cannot be read", e);
        } finally {
            Arrays.fill(encoded, (byte) 0);
        }
    }

    private static String purpose(KeyName name) {
        return "dkim " + name.dnsName();
    }
}
