package mansio.state.mailbox;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;

/**
 * What does not change about up to {@link Block#MAX_ROWS} placements, as rows of fixed length
 * behind a format byte: UID, e-mail id, INTERNALDATE, SAVEDATE. Rows of expunged placements stay
 * until the expunged are purged. No state; any thread.
 */
final class FactRows {
    private static final int FORMAT = 1;
    private static final int ROW = 28;

    /** Milliseconds take 52 bits, minutes of offset 12. */
    private static final int OFFSET_BITS = 12;

    private static final int OFFSET_BIAS = 1 << (OFFSET_BITS - 1);

    private FactRows() {}

    static int rows(byte[] value) {
        if (value[0] != FORMAT || (value.length - 1) % ROW != 0)
            throw new IllegalStateException("placement facts in format " + value[0]);
        return (value.length - 1) / ROW;
    }

    static byte[] append(byte[] value, Placement placement) {
        byte[] more = Arrays.copyOf(value, value.length + ROW);
        ByteBuffer.wrap(more, value.length, ROW)
                .putInt((int) placement.uid())
                .putLong(placement.emailId())
                .putLong(pack(placement.internalDate()))
                .putLong(placement.saveDate().toEpochMilli());
        return more;
    }

    static byte[] first(Placement placement) {
        return append(new byte[] {FORMAT}, placement);
    }

    static byte[] merge(byte[] value, byte[] behind) {
        byte[] all = Arrays.copyOf(value, value.length + behind.length - 1);
        System.arraycopy(behind, 1, all, value.length, behind.length - 1);
        return all;
    }

    static long uid(byte[] value, int row) {
        return ByteBuffer.wrap(value).getInt(1 + row * ROW) & UidSet.MAX_UID;
    }

    static long emailId(byte[] value, int row) {
        return ByteBuffer.wrap(value).getLong(1 + row * ROW + 4);
    }

    static Placement placement(byte[] value, int row) {
        ByteBuffer in = ByteBuffer.wrap(value, 1 + row * ROW, ROW);
        long uid = in.getInt() & UidSet.MAX_UID;
        long emailId = in.getLong();
        return new Placement(
                uid, emailId, unpack(in.getLong()), Instant.ofEpochMilli(in.getLong()));
    }

    /** The row of a UID; -1 when it is not here. */
    static int find(byte[] value, long uid) {
        int low = 0;
        int high = rows(value) - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long there = uid(value, middle);
            if (there == uid) return middle;
            if (there < uid) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }

    /** Without one row; one byte is left when it was the last. */
    static byte[] without(byte[] value, int row) {
        byte[] less = Arrays.copyOf(value, value.length - ROW);
        int from = 1 + (row + 1) * ROW;
        System.arraycopy(value, from, less, from - ROW, value.length - from);
        return less;
    }

    /** RFC 9051 section 2.3.3: the offset is kept as it was given, to the minute. */
    private static long pack(OffsetDateTime date) {
        long minutes = date.getOffset().getTotalSeconds() / 60;
        return (date.toInstant().toEpochMilli() << OFFSET_BITS) | (minutes + OFFSET_BIAS);
    }

    private static OffsetDateTime unpack(long packed) {
        int minutes = (int) (packed & ((1 << OFFSET_BITS) - 1)) - OFFSET_BIAS;
        return Instant.ofEpochMilli(packed >> OFFSET_BITS)
                .atOffset(ZoneOffset.ofTotalSeconds(minutes * 60));
    }
}
