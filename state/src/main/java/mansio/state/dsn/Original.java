package mansio.state.dsn;

import mansio.codec.message.Header;
import mansio.state.queue.QueueEntry;
import mansio.state.store.Blobs;
import mansio.state.store.Content;
import mansio.state.store.ContentReader;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;

/**
 * What a report needs of the message it is about.
 *
 * @param content as it went on
 * @param header its beginning, at most {@link #MAX_HEADER_BYTES}, up to the empty line
 * @param eightBit whether a byte above 127 is in what a report brings back
 * @param whole whether it is small enough to be brought back whole
 */
record Original(Content content, byte[] header, boolean eightBit, boolean whole) {
    /** Of a longer header only the beginning comes back. */
    static final int MAX_HEADER_BYTES = 24 << 10;

    /** Longer messages come back as their header only. */
    static final int MAX_WHOLE_BYTES = 50 << 10;

    static Original of(QueueEntry entry, Blobs blobs) throws IOException {
        Content content = entry.content();
        boolean whole = content.length() <= MAX_WHOLE_BYTES;
        byte[] start =
                start(
                        new ContentReader(blobs, content),
                        whole ? MAX_WHOLE_BYTES : MAX_HEADER_BYTES);
        int end = headerEnd(start);
        byte[] header = new byte[end];
        System.arraycopy(start, 0, header, 0, end);
        return new Original(content, header, eightBit(whole ? start : header), whole);
    }

    Header fields() {
        return Header.parse(header);
    }

    /** The header, or as many of its lines as {@code max} bytes hold. */
    byte[] headerWithin(int max) {
        if (header.length <= max) return header;
        int end = Math.max(0, max);
        while (end > 0 && header[end - 1] != '\n') end--;
        return Arrays.copyOf(header, end);
    }

    private static byte[] start(ContentReader in, int max) throws IOException {
        ByteArrayOutputStream start = new ByteArrayOutputStream(4 << 10);
        byte[] block = new byte[8 << 10];
        while (start.size() < max) {
            int count = in.read(block, 0, Math.min(block.length, max - start.size()));
            if (count < 0) break;
            start.write(block, 0, count);
        }
        return start.toByteArray();
    }

    /** Where the header ends, without its empty line; the last whole line of a cut one. */
    private static int headerEnd(byte[] bytes) {
        int lastLineEnd = 0;
        int limit = Math.min(bytes.length, MAX_HEADER_BYTES);
        for (int i = 0; i < limit; i++) {
            if (bytes[i] != '\n') continue;
            if (i - lastLineEnd <= 1 && isEmptyLine(bytes, lastLineEnd, i)) return lastLineEnd;
            lastLineEnd = i + 1;
        }
        return bytes.length < limit || lastLineEnd > 0 ? lastLineEnd : limit;
    }

    private static boolean isEmptyLine(byte[] bytes, int start, int lineFeed) {
        return lineFeed == start || (lineFeed == start + 1 && bytes[start] == '\r');
    }

    private static boolean eightBit(byte[] bytes) {
        for (byte b : bytes) if (b < 0) return true;
        return false;
    }
}
