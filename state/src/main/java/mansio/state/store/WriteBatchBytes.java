package mansio.state.store;

import java.util.Arrays;
import java.util.List;

/**
 * Puts many changes into one array in RocksDB's serialised form of a write batch, so that a write
 * of any size is one native call. The form is that of its log files and is kept by RocksDB for
 * ever: 8 bytes sequence number (it fills them in), 4 bytes count, little-endian, then for each
 * change a tag, a column family (only when not the default one), and its strings, each behind its
 * length as a varint. Used by the committer's thread.
 */
final class WriteBatchBytes {
    private static final int HEADER_BYTES = 12;
    private static final int COUNT_OFFSET = 8;

    private static final byte DELETION = 0x0;
    private static final byte VALUE = 0x1;
    private static final byte FAMILY_DELETION = 0x4;
    private static final byte FAMILY_VALUE = 0x5;
    private static final byte FAMILY_RANGE_DELETION = 0xE;
    private static final byte RANGE_DELETION = 0xF;

    private byte[] bytes = new byte[0];
    private int end;

    /** The batch; a new array each time. */
    byte[] encode(List<Op> ops) {
        int capacity = HEADER_BYTES;
        for (Op op : ops) capacity += op.bytes();
        bytes = new byte[capacity];
        end = HEADER_BYTES;
        for (Op op : ops) {
            switch (op) {
                case Op.Put put -> {
                    tag(put.space(), VALUE, FAMILY_VALUE);
                    string(put.key(), put.key().length);
                    string(put.value(), put.length());
                }
                case Op.Delete delete -> {
                    tag(delete.space(), DELETION, FAMILY_DELETION);
                    string(delete.key(), delete.key().length);
                }
                case Op.DeleteRange range -> {
                    tag(range.space(), RANGE_DELETION, FAMILY_RANGE_DELETION);
                    string(range.from(), range.from().length);
                    string(range.to(), range.to().length);
                }
            }
        }
        for (int i = 0; i < 4; i++) bytes[COUNT_OFFSET + i] = (byte) (ops.size() >>> (8 * i));
        byte[] result = end == bytes.length ? bytes : Arrays.copyOf(bytes, end);
        bytes = new byte[0];
        return result;
    }

    private void tag(Space space, byte inDefault, byte inFamily) {
        switch (space) {
            case DATA -> bytes[end++] = inDefault;
            case PIECES -> {
                bytes[end++] = inFamily;
                varint(RocksEngine.PIECES_FAMILY);
            }
        }
    }

    private void string(byte[] from, int length) {
        varint(length);
        System.arraycopy(from, 0, bytes, end, length);
        end += length;
    }

    private void varint(int value) {
        int left = value;
        while (left >= 0x80) {
            bytes[end++] = (byte) (left | 0x80);
            left >>>= 7;
        }
        bytes[end++] = (byte) left;
    }
}
