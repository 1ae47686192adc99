package mansio.net.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;

/** Writes the few ASN.1 values in DER (X.690) that a certificate and a wrapped key are made of. */
final class Der {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final Instant UTC_TIME_ENDS = Instant.parse("2050-01-01T00:00:00Z");

    private Der() {}

    static byte[] sequence(byte[]... elements) {
        return tagged(0x30, elements);
    }

    static byte[] set(byte[]... elements) {
        return tagged(0x31, elements);
    }

    static byte[] integer(BigInteger value) {
        return tagged(0x02, value.toByteArray());
    }

    static byte[] octets(byte[] value) {
        return tagged(0x04, value);
    }

    static byte[] bits(byte[] value) {
        return tagged(0x03, new byte[] {0}, value);
    }

    static byte[] yes() {
        return tagged(0x01, new byte[] {(byte) 0xFF});
    }

    static byte[] utf8(String text) {
        return tagged(0x0C, text.getBytes(UTF_8));
    }

    /** UTCTime with two digits of the year before 2050, then GeneralizedTime (RFC 5280 4.1.2.5). */
    static byte[] time(Instant instant) {
        String text = TIME.format(instant);
        return instant.isBefore(UTC_TIME_ENDS)
                ? tagged(0x17, text.substring(2).getBytes(US_ASCII))
                : tagged(0x18, text.getBytes(US_ASCII));
    }

    static byte[] oid(int... arcs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(arcs[0] * 40 + arcs[1]);
        for (int arc : Arrays.copyOfRange(arcs, 2, arcs.length)) {
            int groups = Math.max(1, (38 - Integer.numberOfLeadingZeros(arc)) / 7);
            for (int group = groups - 1; group >= 0; group--) {
                int more = group > 0 ? 0x80 : 0;
                out.write(((arc >> (7 * group)) & 0x7F) | more);
            }
        }
        return tagged(0x06, out.toByteArray());
    }

    static byte[] tagged(int tag, byte[]... contents) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int length = Arrays.stream(contents).mapToInt(content -> content.length).sum();
        out.write(tag);
        if (length < 0x80) {
            out.write(length);
        } else {
            byte[] bytes = BigInteger.valueOf(length).toByteArray();
            int from = bytes[0] == 0 ? 1 : 0;
            out.write(0x80 | bytes.length - from);
            out.write(bytes, from, bytes.length - from);
        }
        for (byte[] content : contents) {
            out.writeBytes(content);
        }
        return out.toByteArray();
    }

    /** The element at {@code offset} with its header; throws when it is not whole. */
    static byte[] element(byte[] der, int offset) {
        int header = contentAt(der, offset);
        int length = header - offset == 2 ? der[offset + 1] : 0;
        for (int at = offset + 2; at < header; at++) {
            length = (length << 8) | (der[at] & 0xFF);
        }
        if (length < 0 || length > der.length - header) {
            throw new IllegalArgumentException("cut off");
        }
        return Arrays.copyOfRange(der, offset, header + length);
    }

    /** Where the content of the element at {@code offset} begins. */
    static int contentAt(byte[] der, int offset) {
        if (der.length - offset < 2) {
            throw new IllegalArgumentException("cut off");
        }
        int first = der[offset + 1] & 0xFF;
        int lengthBytes = first < 0x80 ? 0 : first & 0x7F;
        if (lengthBytes > 4 || offset + 2 + lengthBytes > der.length) {
            throw new IllegalArgumentException("cut off");
        }
        return offset + 2 + lengthBytes;
    }
}
