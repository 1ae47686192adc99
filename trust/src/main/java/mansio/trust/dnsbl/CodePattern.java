package mansio.trust.dnsbl;

import mansio.codec.text.Cursor;
import mansio.codec.text.SyntaxException;

import java.net.Inet4Address;

/**
 * Which answers of a list are meant: an address, a network, a range of the last number, perhaps
 * with bits that must be set in the last number.
 *
 * <pre>
 * 127.0.0.2    127.0.0.4-7    127.0.1.0/24    127.0.0.0/24&amp;8
 * </pre>
 *
 * @param first the lowest address, as a number
 * @param last the highest
 * @param bits of the last number that must be set; 0 for none
 */
public record CodePattern(int first, int last, int bits) {
    /** Answers that are listings at all (RFC 5782 section 2.1). */
    static final CodePattern ANY = parse("127.0.0.0/8");

    /** Lists say here that they were asked in a wrong way, or too often: nothing is listed. */
    static final CodePattern ERROR = parse("127.255.255.0/24");

    /** Never a listing (RFC 5782 section 5); some lists say with it that they refuse to answer. */
    static final CodePattern NOT_LISTED = parse("127.0.0.1");

    public CodePattern {
        if (first >>> 24 != 127 || last >>> 24 != 127 || last < first || bits >>> 8 != 0) {
            throw new SyntaxException("expected a pattern within 127.0.0.0/8", 0);
        }
    }

    /**
     * Reads a pattern.
     *
     * @throws SyntaxException when it is none, or reaches out of 127.0.0.0/8
     */
    public static CodePattern parse(String text) {
        Cursor in = new Cursor(text);
        int first = 0;
        for (int i = 0; i < 4; i++) {
            if (i > 0) {
                in.expect('.');
            }
            first = first << 8 | (int) in.expectNumber(255);
        }
        int last = first;
        if (in.take('/')) {
            int length = (int) in.expectNumber(32);
            int mask = length == 0 ? 0 : -1 << (32 - length);
            first &= mask;
            last = first | ~mask;
        } else if (in.take('-')) {
            last = (first & ~0xff) | (int) in.expectNumber(255);
        }
        int bits = in.take('&') ? (int) in.expectNumber(255) : 0;
        in.expectEnd();
        return new CodePattern(first, last, bits);
    }

    /** Whether an answer is meant. */
    public boolean matches(Inet4Address answer) {
        byte[] octets = answer.getAddress();
        int value = 0;
        for (byte octet : octets) {
            value = value << 8 | (octet & 0xff);
        }
        return value >= first && value <= last && (value & bits) == bits;
    }
}
