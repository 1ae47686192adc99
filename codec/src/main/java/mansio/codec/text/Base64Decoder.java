package mansio.codec.text;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Lenient base64 (RFC 2045 section 6.8): other chars are skipped as the RFC asks, and data after
 * padding is decoded too, since concatenated bodies occur. Line breaks, spaces and tabs are not
 * odd.
 */
final class Base64Decoder implements TransferDecoder {
    private static final byte FOREIGN = -1;
    private static final byte SPACE = -2;
    private static final byte PAD = -3;
    private static final byte[] VALUES = values();
    private static final int CHUNK = 3 * 1024;

    private final Set<Oddity> oddities = EnumSet.noneOf(Oddity.class);
    private int bits;
    private int digits;
    private boolean padded;

    private static byte[] values() {
        byte[] values = new byte[256];
        Arrays.fill(values, FOREIGN);
        String digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        for (int i = 0; i < digits.length(); i++) {
            values[digits.charAt(i)] = (byte) i;
        }
        for (char c : new char[] {' ', '\t', '\r', '\n'}) {
            values[c] = SPACE;
        }
        values['='] = PAD;
        return values;
    }

    @Override
    public void decode(byte[] in, int offset, int length, OutputStream out) throws IOException {
        byte[] chunk = new byte[Math.min(CHUNK, length / 4 * 3 + 3)];
        int filled = 0;
        for (int i = offset; i < offset + length; i++) {
            int value = VALUES[in[i] & 0xff];
            if (value < 0) {
                filled = special(value, chunk, filled);
            } else {
                filled = digit(value, chunk, filled);
            }
            if (filled > chunk.length - 3) {
                out.write(chunk, 0, filled);
                filled = 0;
            }
        }
        out.write(chunk, 0, filled);
    }

    private int digit(int value, byte[] chunk, int filled) {
        if (padded) {
            oddities.add(Oddity.DATA_AFTER_PADDING);
            padded = false;
        }
        bits = bits << 6 | value;
        if (++digits < 4) {
            return filled;
        }
        chunk[filled] = (byte) (bits >> 16);
        chunk[filled + 1] = (byte) (bits >> 8);
        chunk[filled + 2] = (byte) bits;
        bits = 0;
        digits = 0;
        return filled + 3;
    }

    private int special(int value, byte[] chunk, int filled) {
        if (value == FOREIGN) {
            oddities.add(Oddity.FOREIGN_CHARACTER);
        } else if (value == PAD) {
            padded = true;
            return flush(chunk, filled);
        }
        return filled;
    }

    /** Writes the one or two bytes of a short quantum. */
    private int flush(byte[] chunk, int filled) {
        int at = filled;
        if (digits == 2) {
            chunk[at++] = (byte) (bits >> 4);
        } else if (digits == 3) {
            chunk[at++] = (byte) (bits >> 10);
            chunk[at++] = (byte) (bits >> 2);
        } else if (digits == 1) {
            oddities.add(Oddity.TRUNCATED);
        }
        bits = 0;
        digits = 0;
        return at;
    }

    @Override
    public void finish(OutputStream out) throws IOException {
        if (digits > 0) {
            oddities.add(Oddity.TRUNCATED);
        }
        byte[] last = new byte[2];
        out.write(last, 0, flush(last, 0));
    }

    @Override
    public Set<Oddity> oddities() {
        return Collections.unmodifiableSet(oddities);
    }
}
