package mansio.trust.srs;

import mansio.codec.text.Ascii;

import java.util.Optional;

/** RFC 4648 section 6, without padding: letters of either case and the digits 2 to 7. */
final class Base32 {
    private static final String DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private Base32() {}

    /** A number of {@code chars} digits; higher bits are left out. */
    static String ofNumber(int value, int chars) {
        StringBuilder out = new StringBuilder(chars);
        for (int i = chars - 1; i >= 0; i--) {
            out.append(DIGITS.charAt((value >>> (5 * i)) & 31));
        }
        return out.toString();
    }

    /** The number that {@link #ofNumber} wrote; empty when a char is no digit. At most six. */
    static Optional<Integer> toNumber(String text) {
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = DIGITS.indexOf(Ascii.upper(text).charAt(i));
            if (digit < 0) {
                return Optional.empty();
            }
            value = (value << 5) | digit;
        }
        return Optional.of(value);
    }

    /** Whole groups of five bytes. */
    static String ofBytes(byte[] bytes) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < bytes.length; i += 5) {
            long group = 0;
            for (int j = i; j < i + 5; j++) {
                group = (group << 8) | (bytes[j] & 0xff);
            }
            for (int shift = 35; shift >= 0; shift -= 5) {
                out.append(DIGITS.charAt((int) (group >>> shift) & 31));
            }
        }
        return out.toString();
    }

    /** The bytes that {@link #ofBytes} wrote; empty when the text is none such. */
    static Optional<byte[]> toBytes(String text) {
        if (text.isEmpty() || text.length() % 8 != 0) {
            return Optional.empty();
        }
        byte[] bytes = new byte[text.length() / 8 * 5];
        for (int i = 0; i < text.length(); i += 8) {
            long group = 0;
            for (int j = i; j < i + 8; j++) {
                int digit = DIGITS.indexOf(Ascii.upper(text).charAt(j));
                if (digit < 0) {
                    return Optional.empty();
                }
                group = (group << 5) | digit;
            }
            for (int j = 4; j >= 0; j--) {
                bytes[i / 8 * 5 + j] = (byte) group;
                group >>>= 8;
            }
        }
        return Optional.of(bytes);
    }
}
