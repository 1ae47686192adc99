package mansio.codec.smtp;

import mansio.codec.line.ByteSink;
import mansio.codec.text.Ascii;

import java.io.IOException;
import java.util.Optional;

/**
 * What stands between the wire and the store: passes the bytes of one message on as long as it can
 * be accepted, and counts what a server must know of it. Once there is a refusal nothing more is
 * passed on, while the caller goes on reading to the message's end.
 *
 * <p>A CR or LF that is not part of a CRLF refuses the message and is never repaired: two programs
 * that disagree about line ends can be made to disagree about where a message ends (RFC 5321
 * section 2.3.8; "SMTP smuggling").
 *
 * <p>Used by one thread.
 */
public final class ContentGate implements ByteSink {
    private static final String RECEIVED = "received:";

    private final ByteSink store;
    private final Limits limits;
    private final byte[] lineBeginning = new byte[RECEIVED.length()];
    private long size;
    private long headerSize = -1;
    private long lineLength;
    private int receivedFields;
    private boolean afterCr;
    private boolean bareLineBreak;
    private boolean eightBit;

    /**
     * What one message may have.
     *
     * @param maxSize octets
     * @param maxReceivedFields RFC 5321 section 6.3: more are a loop
     */
    public record Limits(long maxSize, int maxReceivedFields) {}

    /** Why a message is refused, the gravest last. */
    public enum Refusal {
        TOO_MANY_HOPS,
        TOO_LARGE,
        BARE_LINE_BREAK
    }

    public ContentGate(ByteSink store, Limits limits) {
        this.store = store;
        this.limits = limits;
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        if (length == 0) {
            return;
        }
        size += length;
        look(from, offset, offset + length);
        eightBit = eightBit || ByteScan.hasEightBit(from, offset, offset + length);
        if (!refused()) {
            store.write(from, offset, length);
        }
    }

    @Override
    public void flush() throws IOException {
        store.flush();
    }

    /** Call it at the end of the message: a CR that nothing follows is bare too. */
    public void end() {
        if (afterCr) {
            bareLineBreak = true;
        }
        if (headerSize < 0) {
            endOfHeaderLine();
            headerSize = size;
        }
    }

    private boolean refused() {
        return bareLineBreak || size > limits.maxSize || receivedFields > limits.maxReceivedFields;
    }

    /** Why the message cannot be accepted, as far as it has been seen. */
    public Optional<Refusal> refusal() {
        if (bareLineBreak) {
            return Optional.of(Refusal.BARE_LINE_BREAK);
        }
        if (size > limits.maxSize) {
            return Optional.of(Refusal.TOO_LARGE);
        }
        return receivedFields > limits.maxReceivedFields
                ? Optional.of(Refusal.TOO_MANY_HOPS)
                : Optional.empty();
    }

    /** Octets seen. */
    public long size() {
        return size;
    }

    /**
     * Octets of the header with the empty line after it; -1 while it has not ended. All of a
     * message without an empty line is header.
     */
    public long headerSize() {
        return headerSize;
    }

    /** How many Received fields the header has. */
    public int receivedFields() {
        return receivedFields;
    }

    /** Whether any octet was above 127. */
    public boolean eightBit() {
        return eightBit;
    }

    private void look(byte[] bytes, int from, int to) {
        int at = from;
        if (afterCr) {
            afterCr = false;
            if (bytes[at] == '\n') {
                at++;
                lineEnd(size - (to - at));
            } else {
                bareLineBreak = true;
            }
        }
        while (at < to) {
            int lineBreak = ByteScan.lineBreak(bytes, at, to);
            int textEnd = lineBreak < 0 ? to : lineBreak;
            if (headerSize < 0) {
                keepBeginning(bytes, at, textEnd);
            }
            lineLength += textEnd - at;
            if (lineBreak < 0) {
                return;
            }
            if (bytes[lineBreak] == '\n') {
                bareLineBreak = true;
                at = lineBreak + 1;
            } else if (lineBreak + 1 == to) {
                afterCr = true;
                return;
            } else if (bytes[lineBreak + 1] == '\n') {
                at = lineBreak + 2;
                lineEnd(size - (to - at));
            } else {
                bareLineBreak = true;
                at = lineBreak + 1;
            }
        }
    }

    private void keepBeginning(byte[] bytes, int from, int to) {
        if (lineLength < lineBeginning.length) {
            int room = lineBeginning.length - (int) lineLength;
            System.arraycopy(
                    bytes, from, lineBeginning, (int) lineLength, Math.min(room, to - from));
        }
    }

    /** {@code sizeNow}: octets up to and with this line's CRLF. */
    private void lineEnd(long sizeNow) {
        if (headerSize < 0) {
            if (lineLength == 0) {
                headerSize = sizeNow;
            } else {
                endOfHeaderLine();
            }
        }
        lineLength = 0;
    }

    private void endOfHeaderLine() {
        if (lineLength < lineBeginning.length) {
            return;
        }
        for (int i = 0; i < lineBeginning.length; i++) {
            if (Ascii.lower((char) lineBeginning[i]) != RECEIVED.charAt(i)) {
                return;
            }
        }
        receivedFields++;
    }
}
