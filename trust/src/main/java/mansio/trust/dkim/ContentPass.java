package mansio.trust.dkim;

import java.util.Arrays;
import java.util.List;

/**
 * One reading of a message, as it arrives or as it leaves, for all who verify or sign it: the
 * header is held and shown to each {@link Reader}, who asks for the body hashes it needs; then each
 * octet of the body goes through each distinct hash once. Lines end with CRLF. One for a message,
 * used by one thread.
 *
 * <pre>{@code
 * DkimVerification dkim = new DkimVerification(surroundings);
 * ContentPass pass = new ContentPass(surroundings.crypto(), List.of(dkim));
 * pass.feed(bytes, 0, bytes.length);
 * pass.end();
 * List<DkimResult> results = dkim.results(deadlineNanos);
 * }</pre>
 */
public final class ContentPass {
    /** A header with more octets is not held, and what it signs is not looked at. */
    public static final int MAX_HEADER = 256 << 10;

    /** Somebody who needs header and body hashes of a message. */
    public interface Reader {
        /**
         * The header has ended, or is larger than {@link #MAX_HEADER}: then it is not complete and
         * holds what came until then.
         *
         * @param bodies to be asked for the hashes needed, whose values are known after the end
         */
        void header(RawHeader header, BodyHashers bodies);
    }

    private final List<Reader> readers;
    private final BodyHashers bodies;
    private byte[] header = new byte[4096];
    private int length;
    private int lineStart;
    private boolean inHeader = true;

    public ContentPass(Crypto crypto, List<? extends Reader> readers) {
        this.readers = List.copyOf(readers);
        bodies = new BodyHashers(crypto);
    }

    /** Takes the next bytes of the message, cut anywhere. */
    public void feed(byte[] bytes, int offset, int n) {
        int at = offset;
        int end = offset + n;
        while (inHeader && at < end) {
            at = headerLine(bytes, at, end);
        }
        if (at < end) {
            bodies.feed(bytes, at, end - at);
        }
    }

    /** The message has ended; a header without end ends here too. To be called once. */
    public void end() {
        if (inHeader) {
            endHeader(true);
        }
        bodies.end();
    }

    private int headerLine(byte[] bytes, int from, int end) {
        int next = from;
        while (next < end && bytes[next] != '\n') {
            next++;
        }
        boolean whole = next < end;
        if (whole) {
            next++;
        }
        if (next - from > MAX_HEADER - length) {
            endHeader(false);
            return end;
        }
        hold(bytes, from, next - from);
        if (whole) {
            int line = length - lineStart;
            if (line == 1 || (line == 2 && header[lineStart] == '\r')) {
                length = lineStart;
                endHeader(true);
            }
            lineStart = length;
        }
        return next;
    }

    private void hold(byte[] bytes, int from, int n) {
        if (length + n > header.length) {
            header = Arrays.copyOf(header, Math.max(length + n, header.length * 2));
        }
        System.arraycopy(bytes, from, header, length, n);
        length += n;
    }

    private void endHeader(boolean complete) {
        inHeader = false;
        RawHeader whole = RawHeader.parse(header, length, complete);
        for (Reader reader : readers) {
            reader.header(whole, bodies);
        }
    }
}
