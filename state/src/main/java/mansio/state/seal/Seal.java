package mansio.state.seal;

import mansio.state.store.Key;
import mansio.state.store.Partition;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Seals secrets with the master key: AES-256-GCM with the purpose as associated data, so that a
 * sealed value moved to another place does not open there. The key is made when the first secret is
 * sealed; which key that was, and where it is kept, stands in the directory partition (tag 32), so
 * that a lost key is noticed and never replaced by a new one.
 *
 * <p>A sealed value: format (1 byte), key id (8), nonce (12), ciphertext, tag (16).
 *
 * <p>Safe for use by any thread; the lock is held while the key is read or made.
 */
public final class Seal {
    private static final Key MARK = Key.table(32);
    private static final int FORMAT = 1;
    private static final int SEALED_FORMAT = 1;

    private final Partition directory;
    private final KeyPlace place;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();

    /** Null until it is needed. Guarded by the lock. */
    private @Nullable MasterKey key;

    /**
     * @param directory the directory partition
     * @param random a {@code SecureRandom} outside of tests
     */
    public Seal(Partition directory, KeyPlace place, RandomGenerator random) {
        this.directory = directory;
        this.place = place;
        this.random = random;
    }

    /** The key that has been used. */
    private record Mark(byte[] keyId, KeyPlace place) {
        byte[] encode() {
            return new ValueWriter()
                    .u8(FORMAT)
                    .bytes(keyId)
                    .u8(place.guard().code())
                    .text(place.file().toString())
                    .toBytes();
        }

        static Mark decode(byte[] value) {
            ValueReader in = new ValueReader(value);
            int format = in.u8();
            if (format != FORMAT) throw new IllegalStateException("mark of format " + format);
            byte[] id = in.bytes();
            KeyPlace.Guard guard = KeyPlace.Guard.of(in.u8());
            return new Mark(id, new KeyPlace(Path.of(in.text()), guard));
        }
    }

    /** Where the key was when a secret was last sealed; empty when none ever was. */
    public static Optional<KeyPlace> lastPlace(Partition directory) throws IOException {
        return mark(directory).map(Mark::place);
    }

    /**
     * Makes a key for a new server. Never writes over a file.
     *
     * @throws IOException with a sentence for the administrator
     */
    public static void makeKey(Path file, RandomGenerator random) throws IOException {
        var _ = new KeyFile(new KeyPlace(file, KeyPlace.Guard.PERMISSIONS)).make(random);
    }

    private static Optional<Mark> mark(Partition directory) throws IOException {
        return directory.get(MARK).map(Mark::decode);
    }

    /**
     * Sees to it that sealed values can be opened, if there are any, and that the key is well kept.
     * For the start of a server.
     *
     * @throws IOException with a sentence for the administrator
     */
    public void check() throws IOException {
        lock.lock();
        try {
            boolean used = mark(directory).isPresent();
            if (used || new KeyFile(place).read().isPresent()) key();
        } finally {
            lock.unlock();
        }
    }

    /** Makes the key now when there is none yet. */
    public void prepare() throws IOException {
        lock.lock();
        try {
            key();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Seals a secret.
     *
     * @param purpose what it is for, such as {@code route/example.org}; needed to open it again
     * @param secret is not changed; the caller wipes it
     * @throws IOException with a sentence for the administrator: the key cannot be had
     */
    public byte[] seal(String purpose, byte[] secret) throws IOException {
        lock.lock();
        try {
            MasterKey with = key();
            return new ValueWriter()
                    .u8(SEALED_FORMAT)
                    .raw(with.id())
                    .raw(with.encrypt(context(purpose), secret, random))
                    .toBytes();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Opens what {@link #seal} made for the same purpose.
     *
     * @return the secret; the caller wipes it
     * @throws IOException with a sentence for the administrator
     */
    public byte[] open(String purpose, byte[] sealed) throws IOException {
        lock.lock();
        try {
            MasterKey with = key();
            int head = 1 + MasterKey.ID_LENGTH;
            boolean ours =
                    sealed.length > head
                            && sealed[0] == SEALED_FORMAT
                            && Arrays.equals(sealed, 1, head, with.id(), 0, MasterKey.ID_LENGTH);
            if (!ours) {
                throw new IOException(
                        "the secret for " + purpose + " was sealed with another key; give it anew");
            }
            return with.decrypt(context(purpose), Arrays.copyOfRange(sealed, head, sealed.length))
                    .orElseThrow(
                            () ->
                                    new IOException(
                                            "the secret for "
                                                    + purpose
                                                    + " is damaged; give it anew"));
        } finally {
            lock.unlock();
        }
    }

    /** Called with the lock held. */
    private MasterKey key() throws IOException {
        MasterKey known = key;
        if (known != null) return known;
        Optional<Mark> mark = mark(directory);
        Optional<MasterKey> found = new KeyFile(place).read();
        if (found.isEmpty() && (mark.isPresent() || place.guard() == KeyPlace.Guard.SYSTEMD)) {
            throw new IOException(missing());
        }
        MasterKey loaded = found.isPresent() ? found.get() : new KeyFile(place).make(random);
        if (mark.isPresent() && !Arrays.equals(mark.get().keyId(), loaded.id())) {
            throw new IOException(
                    "the key file "
                            + place.file()
                            + " has another key than the one that stored secrets were sealed with;"
                            + " bring back the right one");
        }
        if (mark.isEmpty() || !mark.get().place().equals(place)) {
            byte[] now = new Mark(loaded.id(), place).encode();
            directory.write(
                    turn -> {
                        turn.put(MARK, now);
                        return true;
                    });
        }
        key = loaded;
        return loaded;
    }

    private String missing() {
        return switch (place.guard()) {
            case PERMISSIONS ->
                    "the key file "
                            + place.file()
                            + " is missing, and secrets are stored that need it; bring it back, or"
                            + " say where it is with secrets.key_file";
            case SYSTEMD ->
                    "the key is a systemd credential ("
                            + place.file()
                            + "), which only the server can read; do this while it runs";
        };
    }

    private static byte[] context(String purpose) {
        return purpose.getBytes(StandardCharsets.UTF_8);
    }
}
