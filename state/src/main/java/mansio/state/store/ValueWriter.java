package mansio.state.store;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Writes the fields of a stored value, one behind the other. {@link ValueReader} reads them back.
 * Used by one thread.
 */
public final class ValueWriter {
    private byte[] bytes = new byte[128];
    private int length;

    /** A byte, 0 to 255: tags and format numbers. */
    public ValueWriter u8(int value) {
        if (value < 0 || value > 255) throw new IllegalArgumentException("u8 " + value);
        room(1);
        bytes[length++] = (byte) value;
        return this;
    }

    /** A number of 64 bits in eight bytes: ids. */
    public ValueWriter u64(long value) {
        room(8);
        for (int shift = 56; shift >= 0; shift -= 8) bytes[length++] = (byte) (value >>> shift);
        return this;
    }

    /** A number that is not negative and often small: one byte for each seven bits. */
    public ValueWriter varint(long value) {
        if (value < 0) throw new IllegalArgumentException("varint " + value);
        room(10);
        long rest = value;
        while (rest > 0x7F) {
            bytes[length++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[length++] = (byte) rest;
        return this;
    }

    public ValueWriter flag(boolean value) {
        return u8(value ? 1 : 0);
    }

    /** Milliseconds since 1970. */
    public ValueWriter instant(Instant value) {
        return u64(value.toEpochMilli());
    }

    /** Bytes with their length in front. */
    public ValueWriter bytes(byte[] value) {
        varint(value.length);
        return raw(value);
    }

    /** Bytes as they are. */
    public ValueWriter raw(byte[] value) {
        room(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
        return this;
    }

    /** UTF-8 text with its length in front. */
    public ValueWriter text(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public ValueWriter optionalText(Optional<String> value) {
        flag(value.isPresent());
        value.ifPresent(this::text);
        return this;
    }

    /** How many bytes were written. */
    public int length() {
        return length;
    }

    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }
}
