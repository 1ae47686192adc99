package mansio.state.store;

import java.nio.ByteBuffer;
import java.util.HexFormat;

/**
 * Names a blob. Ids are ordered by the time of their making.
 *
 * @param time milliseconds since 1970 in the upper 48 bits, a counter in the lower 16
 * @param random tells apart blobs made at the same time
 */
public record BlobId(long time, long random) implements Comparable<BlobId> {
    /** The size of {@link #toBytes()}. */
    public static final int BYTES = 16;

    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES).putLong(time).putLong(random).array();
    }

    public static BlobId ofBytes(byte[] bytes, int offset) {
        ByteBuffer in = ByteBuffer.wrap(bytes, offset, BYTES);
        return new BlobId(in.getLong(), in.getLong());
    }

    @Override
    public int compareTo(BlobId other) {
        int byTime = Long.compareUnsigned(time, other.time);
        return byTime != 0 ? byTime : Long.compareUnsigned(random, other.random);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(toBytes());
    }
}
