package mansio.codec.imap;

import mansio.codec.line.ByteSink;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The tokens that responses are made of: RFC 9051 section 4. Writes into a small buffer of its own
 * and hands on full ones; {@link #flush} gives the buffer up, so that an idle connection holds
 * none.
 *
 * <p>Used by one thread at a time.
 */
final class ImapWriter {
    private static final int BUFFER_BYTES = 2048;

    /** Longer strings travel as literals: many clients read lines into fixed buffers. */
    private static final int QUOTED_OCTETS = 1000;

    private static final byte[] NO_BUFFER = new byte[0];

    private final ByteSink sink;
    private final byte[] digits = new byte[20];
    private byte[] buffer = NO_BUFFER;
    private int used;

    ImapWriter(ByteSink sink) {
        this.sink = sink;
    }

    void flush() throws IOException {
        spill();
        buffer = NO_BUFFER;
        sink.flush();
    }

    private void spill() throws IOException {
        int count = used;
        used = 0;
        if (count > 0) {
            sink.write(buffer, 0, count);
        }
    }

    ImapWriter octet(int octet) throws IOException {
        if (used == buffer.length) {
            if (used == 0) {
                buffer = new byte[BUFFER_BYTES];
            } else {
                spill();
            }
        }
        buffer[used++] = (byte) octet;
        return this;
    }

    ImapWriter octets(byte[] from, int offset, int length) throws IOException {
        if (length > BUFFER_BYTES / 2) {
            spill();
            sink.write(from, offset, length);
            return this;
        }
        if (used + length > buffer.length) {
            if (buffer.length == 0) {
                buffer = new byte[BUFFER_BYTES];
            } else {
                spill();
            }
        }
        System.arraycopy(from, offset, buffer, used, length);
        used += length;
        return this;
    }

    /** Text of the grammar itself: ASCII only. */
    ImapWriter ascii(String text) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            octet(text.charAt(i));
        }
        return this;
    }

    ImapWriter number(long number) throws IOException {
        if (number < 0) {
            throw new IllegalArgumentException("number " + number);
        }
        int at = digits.length;
        long left = number;
        do {
            digits[--at] = (byte) ('0' + left % 10);
            left /= 10;
        } while (left > 0);
        return octets(digits, at, digits.length - at);
    }

    ImapWriter ranges(NumberRanges ranges) throws IOException {
        for (int i = 0; i < ranges.rangeCount(); i++) {
            if (i > 0) {
                octet(',');
            }
            number(ranges.first(i));
            if (ranges.first(i) != ranges.last(i)) {
                octet(':').number(ranges.last(i));
            }
        }
        return this;
    }

    void crlf() throws IOException {
        octet('\r').octet('\n');
    }

    ImapWriter nil() throws IOException {
        return ascii("NIL");
    }

    /** RFC 9051 9: literal, its length; the caller writes the octets. */
    ImapWriter literalHeader(long length) throws IOException {
        octet('{').number(length).octet('}').crlf();
        return this;
    }

    /** RFC 9051 9: string = quoted / literal, whichever can carry the octets. */
    ImapWriter string(byte[] octets, boolean utf8Quoted) throws IOException {
        int escapes = 0;
        boolean literal = octets.length > QUOTED_OCTETS;
        for (byte octet : octets) {
            if (octet == 0) {
                return string(withoutNul(octets), utf8Quoted);
            }
            if (octet == '"' || octet == '\\') {
                escapes++;
            }
            literal |= octet == '\r' || octet == '\n' || (octet < 0 && !utf8Quoted);
        }
        if (literal) {
            return literalHeader(octets.length).octets(octets, 0, octets.length);
        }
        octet('"');
        if (escapes == 0) {
            return octets(octets, 0, octets.length).octet('"');
        }
        for (byte c : octets) {
            if (c == '"' || c == '\\') {
                octet('\\');
            }
            octet(c);
        }
        return octet('"');
    }

    /** RFC 9051 section 9: NUL must not be used anywhere but in literal8. */
    private static byte[] withoutNul(byte[] octets) {
        byte[] clean = octets.clone();
        for (int i = 0; i < clean.length; i++) {
            clean[i] = clean[i] == 0 ? (byte) '?' : clean[i];
        }
        return clean;
    }

    /** A string of text; what is not ASCII is UTF-8. */
    ImapWriter string(String text, boolean utf8Quoted) throws IOException {
        return string(text.getBytes(StandardCharsets.UTF_8), utf8Quoted);
    }

    /** RFC 9051 9: astring: an atom where the octets allow it. */
    ImapWriter astring(byte[] octets, boolean utf8Quoted) throws IOException {
        if (octets.length == 0 || octets.length > 64) {
            return string(octets, utf8Quoted);
        }
        for (byte octet : octets) {
            // "]" may stand in an astring, but some clients expect an atom here.
            if (!CommandInput.isAtomChar(octet & 0xFF)) {
                return string(octets, utf8Quoted);
            }
        }
        boolean nil = new String(octets, StandardCharsets.US_ASCII).equalsIgnoreCase("NIL");
        return nil ? string(octets, utf8Quoted) : octets(octets, 0, octets.length);
    }
}
