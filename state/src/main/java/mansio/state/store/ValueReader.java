package mansio.state.store;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads the fields that {@link ValueWriter} wrote. A value that is cut short or makes no sense
 * throws {@link IllegalStateException}: the checksum was right, so the fault is ours. Used by one
 * thread.
 */
public final class ValueReader {
    private final byte[] bytes;
    private int position;

    public ValueReader(byte[] bytes) {
        this.bytes = bytes;
    }

    public int u8() {
        need(1);
        return bytes[position++] & 0xFF;
    }

    public long u64() {
        need(8);
        long value = 0;
        for (int i = 0; i < 8; i++) value = (value << 8) | (bytes[position++] & 0xFF);
        return value;
    }

    public long varint() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int next = u8();
            value |= (long) (next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw new IllegalStateException("varint without end at " + position);
    }

    /** A varint that must fit a count or size in memory. */
    public int count() {
        long value = varint();
        if (value < 0 || value > Integer.MAX_VALUE)
            throw new IllegalStateException("count " + value);
        return (int) value;
    }

    public boolean flag() {
        return u8() != 0;
    }

    public Instant instant() {
        return Instant.ofEpochMilli(u64());
    }

    public byte[] bytes() {
        return raw(count());
    }

    public byte[] raw(int length) {
        need(length);
        position += length;
        return Arrays.copyOfRange(bytes, position - length, position);
    }

    public String text() {
        int length = count();
        need(length);
        position += length;
        return new String(bytes, position - length, length, StandardCharsets.UTF_8);
    }

    public Optional<String> optionalText() {
        return flag() ? Optional.of(text()) : Optional.empty();
    }

    /** True when all was read. */
    public boolean atEnd() {
        return position == bytes.length;
    }

    private void need(int count) {
        if (count < 0 || bytes.length - position < count) {
            throw new IllegalStateException("value cut short at " + position + ", wants " + count);
        }
    }
}
