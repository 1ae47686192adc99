package mansio.state.store;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * How everything is laid out in the {@link Space#DATA} space.
 *
 * <pre>
 * kind(1) number(8) key            a partition's key; tables 1 to 254
 * kind(1) number(8) 0              the partition's version, 8 bytes
 * kind(1) number(8) 255 blob(16)   the partition holds the blob; value: its number of pieces, 4 bytes
 * 0 1 blob(16) kind(1) number(8)   the same seen from the blob
 * 0 2 time(8) blob(16)             the blob may have no holder since that time (milliseconds)
 * 0 3 kind(1) number(8)            the partition is erased, for ever
 * 0 5 kind(1) number(8)            the partition is being erased
 * 0 4                              written, synced, at each open
 * </pre>
 *
 * and in {@link Space#PIECES}: blob(16) piece(4).
 */
final class EngineKeys {
    static final int PARTITION_BYTES = 9;
    static final int VERSION_TAG = 0;
    static final int HOLD_TAG = 255;

    /** How many pieces a blob has when nobody knows: its writing was not finished. */
    static final int PIECES_UNKNOWN = -1;

    private static final byte OWN = 0;
    private static final byte HOLDER = 1;
    private static final byte LOOSE = 2;
    private static final byte ERASED = 3;
    private static final byte OPENED = 4;
    private static final byte ERASING = 5;

    private EngineKeys() {}

    static byte[] partition(PartitionId id) {
        return ByteBuffer.allocate(PARTITION_BYTES)
                .put((byte) id.kind().code())
                .putLong(id.number())
                .array();
    }

    static byte[] data(byte[] partition, Key key) {
        byte[] bytes = Arrays.copyOf(partition, PARTITION_BYTES + key.length());
        key.copyTo(bytes, PARTITION_BYTES);
        return bytes;
    }

    static byte[] version(byte[] partition) {
        return Arrays.copyOf(partition, PARTITION_BYTES + 1);
    }

    /** The key, inside a partition, that says it holds the blob. */
    static Key hold(BlobId blob) {
        byte[] key = new byte[1 + BlobId.BYTES];
        key[0] = (byte) HOLD_TAG;
        System.arraycopy(blob.toBytes(), 0, key, 1, BlobId.BYTES);
        return Key.ofBytes(key);
    }

    /** All holds of a partition. */
    static Engine.Bounds holds(byte[] partition) {
        byte[] from = Arrays.copyOf(partition, PARTITION_BYTES + 1);
        from[PARTITION_BYTES] = (byte) HOLD_TAG;
        return new Engine.Bounds(from, after(from));
    }

    static BlobId blobOfStoredHold(byte[] key) {
        return BlobId.ofBytes(key, PARTITION_BYTES + 1);
    }

    static byte[] holder(BlobId blob, byte[] partition) {
        return holders(blob, partition.length).put(partition).array();
    }

    /** All holders of a blob. */
    static Engine.Bounds holders(BlobId blob) {
        byte[] from = holders(blob, 0).array();
        return new Engine.Bounds(from, after(from));
    }

    /** All holders of all blobs. */
    static Engine.Bounds allHolders() {
        return new Engine.Bounds(new byte[] {OWN, HOLDER}, new byte[] {OWN, HOLDER + 1});
    }

    private static ByteBuffer holders(BlobId blob, int more) {
        return ByteBuffer.allocate(2 + BlobId.BYTES + more)
                .put(OWN)
                .put(HOLDER)
                .put(blob.toBytes());
    }

    static BlobId blobOfHolder(byte[] key) {
        return BlobId.ofBytes(key, 2);
    }

    static Optional<PartitionId> partitionOfHolder(byte[] key) {
        return partitionOf(Arrays.copyOfRange(key, 2 + BlobId.BYTES, key.length));
    }

    static byte[] loose(long millis, BlobId blob) {
        return ByteBuffer.allocate(10 + BlobId.BYTES)
                .put(OWN)
                .put(LOOSE)
                .putLong(millis)
                .put(blob.toBytes())
                .array();
    }

    /** Blobs that may be without holder since before that time. */
    static Engine.Bounds looseBefore(long millis) {
        return new Engine.Bounds(
                new byte[] {OWN, LOOSE},
                ByteBuffer.allocate(10).put(OWN).put(LOOSE).putLong(millis).array());
    }

    static BlobId blobOfLoose(byte[] key) {
        return BlobId.ofBytes(key, 10);
    }

    static byte[] erased(byte[] partition) {
        return own(ERASED, partition);
    }

    static byte[] erasing(byte[] partition) {
        return own(ERASING, partition);
    }

    private static byte[] own(byte table, byte[] partition) {
        return ByteBuffer.allocate(2 + PARTITION_BYTES).put(OWN).put(table).put(partition).array();
    }

    static Engine.Bounds allErasing() {
        return new Engine.Bounds(new byte[] {OWN, ERASING}, new byte[] {OWN, ERASING + 1});
    }

    static Optional<PartitionId> partitionOfErasing(byte[] key) {
        return partitionOf(Arrays.copyOfRange(key, 2, key.length));
    }

    static byte[] opened() {
        return new byte[] {OWN, OPENED};
    }

    static byte[] piece(BlobId blob, int number) {
        return ByteBuffer.allocate(BlobId.BYTES + 4).put(blob.toBytes()).putInt(number).array();
    }

    static Engine.Bounds pieces(BlobId blob) {
        byte[] from = blob.toBytes();
        return new Engine.Bounds(from, after(from));
    }

    static int numberOfPiece(byte[] key) {
        return ByteBuffer.wrap(key).getInt(BlobId.BYTES);
    }

    /** All pieces of all blobs; ids start with a time, so none starts with 255. */
    static Engine.Bounds allPieces() {
        return new Engine.Bounds(new byte[0], new byte[] {(byte) 255});
    }

    /** The partition that a key of the DATA space belongs to. */
    static Optional<PartitionId> partitionOf(byte[] key) {
        if (key.length < PARTITION_BYTES) return Optional.empty();
        for (PartitionId.Kind kind : PartitionId.Kind.values()) {
            if (kind.code() == key[0]) {
                return Optional.of(new PartitionId(kind, ByteBuffer.wrap(key).getLong(1)));
            }
        }
        return Optional.empty();
    }

    /** The least key greater than this one. */
    static byte[] next(byte[] key) {
        return Arrays.copyOf(key, key.length + 1);
    }

    /** The least key greater than every key that starts with {@code prefix}. */
    static byte[] after(byte[] prefix) {
        int last = prefix.length - 1;
        while (prefix[last] == (byte) 0xFF) last--;
        byte[] next = Arrays.copyOf(prefix, last + 1);
        next[last]++;
        return next;
    }
}
