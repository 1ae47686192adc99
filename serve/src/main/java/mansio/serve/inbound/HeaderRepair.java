package mansio.serve.inbound;

import mansio.codec.message.Header;
import mansio.codec.message.HeaderRewriter.Edits;
import mansio.codec.message.Limits;
import mansio.codec.message.MessageParser;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Holds back the header of a message until it is complete: of a submitted one to see whether Date
 * or Message-ID is missing (RFC 6409 section 8.1 and 8.2) and to rewrite its addresses, of one from
 * another server to find what claims to be ours. Held are {@link #MAX_BYTES} at most. Owned by one
 * thread.
 */
final class HeaderRepair {
    static final int MAX_BYTES = 256 << 10;

    private final ByteArrayOutputStream held = new ByteArrayOutputStream(1024);

    /** How much of "LF CR LF" or "LF LF" the held bytes end with. */
    private boolean afterLineEnd = true;

    private boolean complete;
    private boolean over;

    /** True when the header was passed on; then bytes go to the parser directly. */
    boolean isOver() {
        return over;
    }

    /** Holds bytes; true when the header is complete, or too long to hold. */
    boolean takeIn(byte[] from, int offset, int length) {
        boolean ended = false;
        for (int i = offset; i < offset + length && !ended; i++) {
            byte b = from[i];
            if (b == '\n') {
                ended = afterLineEnd;
                afterLineEnd = true;
            } else if (b != '\r') {
                afterLineEnd = false;
            }
        }
        held.write(from, offset, length);
        complete = ended;
        return ended || held.size() > MAX_BYTES;
    }

    /** The fields to put in front: a Date, a Message-ID, or nothing. */
    byte[] missing(String hostname, Instant now, RandomGenerator random) {
        if (!isComplete()) return new byte[0];
        Header header = Header.parse(held.toByteArray());
        StringBuilder fields = new StringBuilder();
        if (header.count("Date") == 0)
            fields.append("Date: ").append(ReceivedField.date(now)).append("\r\n");
        if (header.count("Message-ID") == 0) {
            fields.append("Message-ID: <")
                    .append(Long.toUnsignedString(random.nextLong(), 36))
                    .append('.');
            fields.append(Long.toUnsignedString(random.nextLong(), 36))
                    .append('@')
                    .append(hostname)
                    .append(">\r\n");
        }
        return fields.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** False when it is too long to be looked at. */
    boolean isComplete() {
        return complete || held.size() <= MAX_BYTES;
    }

    /**
     * The header, every field of it; empty when it is too long, or has more fields than a {@link
     * Header} keeps: what hides behind those would not be seen.
     */
    Optional<Header> whole() {
        if (!isComplete()) return Optional.empty();
        Header header = Header.parse(held.toByteArray());
        return Optional.of(header).filter(it -> it.size() < Limits.DEFAULT.headerFields());
    }

    /** What was held: the header, and what came with its end. */
    byte[] held() {
        return held.toByteArray();
    }

    /**
     * Passes on what was held.
     *
     * @param edits what takes the place of some of it
     */
    void end(MessageParser parser, Edits edits) {
        byte[] bytes = edits.applied(held.toByteArray());
        parser.feed(bytes, 0, bytes.length);
        held.reset();
        over = true;
    }
}
