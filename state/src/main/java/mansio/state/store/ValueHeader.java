package mansio.state.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * What stands in front of each stored value: format (1 byte), codec (1; 0 = as is), cipher (1; 0 =
 * none), key id (2), CRC32C over these five bytes, key and value (4). The checksum covers the key,
 * so that a value that turns up under another key is found out.
 */
final class ValueHeader {
    static final int BYTES = 9;

    /** A plain value. */
    static final byte VALUE = 1;

    /** A piece of a blob that is followed by another. */
    static final byte PIECE = 2;

    /** The last piece of a blob. */
    static final byte LAST_PIECE = 3;

    private static final int CRC_OFFSET = 5;

    private ValueHeader() {}

    /** A stored value: the header and a copy of {@code value}. */
    static byte[] wrap(byte[] key, byte[] value) {
        byte[] stored = new byte[BYTES + value.length];
        System.arraycopy(value, 0, stored, BYTES, value.length);
        seal(key, stored, stored.length, VALUE);
        return stored;
    }

    /** Fills in the header in front of the bytes that stand from {@link #BYTES} to {@code end}. */
    static void seal(byte[] key, byte[] stored, int end, byte format) {
        stored[0] = format;
        Arrays.fill(stored, 1, CRC_OFFSET, (byte) 0);
        ByteBuffer.wrap(stored).putInt(CRC_OFFSET, crc(key, stored, end));
    }

    /** The value without its header. */
    static byte[] unwrap(byte[] key, byte[] stored) throws IOException {
        check(key, stored);
        return Arrays.copyOfRange(stored, BYTES, stored.length);
    }

    /**
     * Checks header and checksum.
     *
     * @throws IOException that names the key
     */
    static void check(byte[] key, byte[] stored) throws IOException {
        if (stored.length < BYTES) {
            throw new IOException(name(key) + ": value of " + stored.length + " bytes");
        }
        if (stored[0] < VALUE || stored[0] > LAST_PIECE || stored[1] != 0 || stored[2] != 0) {
            throw new IOException(
                    name(key)
                            + (": unknown format " + stored[0])
                            + (", codec " + stored[1] + ", cipher " + stored[2]));
        }
        if (ByteBuffer.wrap(stored).getInt(CRC_OFFSET) != crc(key, stored, stored.length)) {
            throw new IOException(name(key) + ": checksum mismatch");
        }
    }

    static boolean isLastPiece(byte[] stored) {
        return stored[0] == LAST_PIECE;
    }

    private static int crc(byte[] key, byte[] stored, int end) {
        CRC32C crc = new CRC32C();
        crc.update(stored, 0, CRC_OFFSET);
        crc.update(key);
        crc.update(stored, BYTES, end - BYTES);
        return (int) crc.getValue();
    }

    private static String name(byte[] key) {
        return "stored key "
                + EngineKeys.partitionOf(key).map(id -> id + " ").orElse("")
                + HexFormat.of().formatHex(key);
    }
}
