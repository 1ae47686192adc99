package mansio.state.store;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A key inside a partition: a table tag, then fields. Keys are ordered as unsigned bytes; numbers
 * are big-endian, so they sort by value. Immutable.
 */
public final class Key implements Comparable<Key> {
    /**
     * Every engine we may use takes keys of this many bytes, the partition's own prefix not
     * counted.
     */
    public static final int MAX_BYTES = 512;

    private final byte[] bytes;

    private Key(byte[] bytes) {
        this(bytes, MAX_BYTES);
    }

    private Key(byte[] bytes, int maxBytes) {
        if (bytes.length == 0 || bytes.length > maxBytes) {
            throw new IllegalArgumentException("key of " + bytes.length + " bytes");
        }
        this.bytes = bytes;
    }

    /** The key that is only a table tag: the lower bound of that table. */
    public static Key table(int tag) {
        if (tag < 1 || tag > 254) throw new IllegalArgumentException("table tag " + tag);
        return new Key(new byte[] {(byte) tag});
    }

    /** A key from its bytes as the engine keeps them. */
    public static Key ofBytes(byte[] bytes) {
        return new Key(bytes.clone());
    }

    /** This key with an unsigned 64-bit number behind it. */
    public Key u64(long value) {
        return new Key(ByteBuffer.allocate(bytes.length + 8).put(bytes).putLong(value).array());
    }

    /** This key with an unsigned 32-bit number behind it. */
    public Key u32(long value) {
        if (value < 0 || value > 0xFFFF_FFFFL) throw new IllegalArgumentException("u32 " + value);
        return new Key(
                ByteBuffer.allocate(bytes.length + 4).put(bytes).putInt((int) value).array());
    }

    /** This key with one byte behind it. */
    public Key u8(int value) {
        if (value < 0 || value > 255) throw new IllegalArgumentException("u8 " + value);
        return new Key(ByteBuffer.allocate(bytes.length + 1).put(bytes).put((byte) value).array());
    }

    /** This key with raw bytes behind it. Only a last field may vary in length. */
    public Key raw(byte[] more) {
        return new Key(
                ByteBuffer.allocate(bytes.length + more.length).put(bytes).put(more).array());
    }

    /** This key with UTF-8 text behind it. Only a last field may vary in length. */
    public Key text(String more) {
        return raw(more.getBytes(StandardCharsets.UTF_8));
    }

    public int length() {
        return bytes.length;
    }

    /** The unsigned byte at {@code offset}. */
    public int u8At(int offset) {
        return bytes[offset] & 0xFF;
    }

    /** The unsigned 32-bit number at {@code offset}. */
    public long u32At(int offset) {
        return ByteBuffer.wrap(bytes).getInt(offset) & 0xFFFF_FFFFL;
    }

    /** The 64-bit number at {@code offset}. */
    public long u64At(int offset) {
        return ByteBuffer.wrap(bytes).getLong(offset);
    }

    /** The bytes from {@code offset} to the end. */
    public byte[] rawFrom(int offset) {
        return Arrays.copyOfRange(bytes, offset, bytes.length);
    }

    /** The text from {@code offset} to the end. */
    public String textFrom(int offset) {
        return new String(bytes, offset, bytes.length - offset, StandardCharsets.UTF_8);
    }

    /** A copy of all bytes. */
    public byte[] toBytes() {
        return bytes.clone();
    }

    /** Puts all bytes into {@code to}, without an array in between. */
    void copyTo(byte[] to, int offset) {
        System.arraycopy(bytes, 0, to, offset, bytes.length);
    }

    /**
     * The least key that is greater than this one: where a forward scan goes on. A key of the
     * greatest length has a successor too long to be stored, which is well as a bound.
     */
    public Key next() {
        return new Key(Arrays.copyOf(bytes, bytes.length + 1), MAX_BYTES + 1);
    }

    public boolean startsWith(Key prefix) {
        return bytes.length >= prefix.bytes.length
                && Arrays.equals(
                        bytes, 0, prefix.bytes.length, prefix.bytes, 0, prefix.bytes.length);
    }

    /** The least key that is greater than every key that starts with this one. */
    Key afterPrefix() {
        int last = bytes.length - 1;
        while (last >= 0 && bytes[last] == (byte) 0xFF) last--;
        if (last < 0) throw new IllegalStateException("no key follows " + this);
        byte[] next = Arrays.copyOf(bytes, last + 1);
        next[last]++;
        return new Key(next);
    }

    @Override
    public int compareTo(Key other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Key that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
