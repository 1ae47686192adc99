package mansio.codec.smtp;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Searches for line breaks eight bytes at a time: a message of 50 MB is looked at twice on its way
 * in, and this runs near the speed of memory.
 */
final class ByteScan {
    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;
    private static final long ALL_LF = '\n' * ONES;
    private static final long ALL_CR = '\r' * ONES;

    private ByteScan() {}

    /** The first LF in {@code [from, to)}, or -1. */
    static int lineFeed(byte[] bytes, int from, int to) {
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long hits = zeros((long) LONGS.get(bytes, at) ^ ALL_LF);
            if (hits != 0) {
                return at + (Long.numberOfTrailingZeros(hits) >>> 3);
            }
        }
        for (; at < to; at++) {
            if (bytes[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    /** The first CR or LF in {@code [from, to)}, or -1. */
    static int lineBreak(byte[] bytes, int from, int to) {
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            long eight = (long) LONGS.get(bytes, at);
            long hits = zeros(eight ^ ALL_LF) | zeros(eight ^ ALL_CR);
            if (hits != 0) {
                return at + (Long.numberOfTrailingZeros(hits) >>> 3);
            }
        }
        for (; at < to; at++) {
            if (bytes[at] == '\n' || bytes[at] == '\r') {
                return at;
            }
        }
        return -1;
    }

    /** Whether any byte in {@code [from, to)} has its high bit set. */
    static boolean hasEightBit(byte[] bytes, int from, int to) {
        long seen = 0;
        int at = from;
        for (; at <= to - Long.BYTES; at += Long.BYTES) {
            seen |= (long) LONGS.get(bytes, at);
        }
        for (; at < to; at++) {
            seen |= bytes[at] & 0x80;
        }
        return (seen & HIGHS) != 0;
    }

    /**
     * The high bit of each zero byte; the lowest one set is always right, which is all that a
     * little-endian search for the first needs.
     */
    private static long zeros(long eight) {
        return (eight - ONES) & ~eight & HIGHS;
    }
}
