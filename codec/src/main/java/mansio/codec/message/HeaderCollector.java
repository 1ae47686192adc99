package mansio.codec.message;

import java.util.Arrays;

/**
 * Gathers the header of one entity line by line, within limits. Owned by one {@link MessageParser}
 * and used again for each entity.
 */
final class HeaderCollector {
    /** Bytes of a line that are looked at when nothing is kept any more. */
    private static final int PROBE = Limits.BOUNDARY + 300;

    private final Limits limits;
    private byte[] bytes = new byte[2048];
    private int[] index = new int[3 * 32];
    private int count;
    private int lineStart;
    private int length;
    private boolean full;
    private boolean cutInField;
    private int totalBytes;
    private int totalFields;

    HeaderCollector(Limits limits) {
        this.limits = limits;
    }

    /** Begins the header of the next entity. */
    void begin() {
        count = 0;
        lineStart = 0;
        length = 0;
        full = false;
        cutInField = false;
    }

    /** Adds a piece of the current line. */
    void add(byte[] from, int offset, int n) {
        int room = full || !withinLimits(n) ? overflow() : n;
        int take = Math.min(room, n);
        if (length + take > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + take, bytes.length * 2));
        }
        System.arraycopy(from, offset, bytes, length, take);
        length += take;
    }

    private boolean withinLimits(int n) {
        long next = (long) length + n;
        return next <= limits.headerBytes() && totalBytes + next <= limits.totalHeaderBytes();
    }

    /** Stops keeping; gives how many bytes of this line may still be probed. */
    private int overflow() {
        if (!full) {
            full = true;
            cutInField = true;
        }
        return Math.max(0, PROBE - (length - lineStart));
    }

    boolean isFull() {
        return full;
    }

    byte[] line() {
        return bytes;
    }

    int lineStart() {
        return lineStart;
    }

    int lineEnd() {
        return length;
    }

    /** The line was no part of the header: an empty line, a delimiter. */
    void discardLine() {
        length = lineStart;
    }

    /** A line that goes on the field before it. */
    boolean isContinuation() {
        return count > 0 && length > lineStart && isSpace(bytes[lineStart]);
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t';
    }

    /**
     * Keeps the current line.
     *
     * @param colon where the field name ends, -1 for a malformed line; unused for a continuation
     * @return false when the line was not kept
     */
    boolean endLine(int colon, boolean continuation) {
        if (!full && !continuation && !hasRoomForField()) {
            full = true;
        }
        if (full) {
            if (cutInField && continuation) {
                count--; // A cut value would lie: the whole field is not kept.
            }
            cutInField = false;
            length = lineStart;
            return false;
        }
        if (!continuation) {
            if (count * 3 == index.length) {
                index = Arrays.copyOf(index, index.length * 2);
            }
            index[count * 3] = lineStart;
            index[count * 3 + 1] = colon;
            count++;
            totalFields++;
        }
        index[count * 3 - 1] = length;
        lineStart = length;
        return true;
    }

    private boolean hasRoomForField() {
        return count < limits.headerFields() && totalFields < Limits.TOTAL_FIELDS;
    }

    /** The header gathered, of which {@code offset} is the place in the message. */
    Header end(long offset) {
        if (count == 0) {
            return Header.EMPTY;
        }
        int used = index[count * 3 - 1];
        totalBytes += used;
        return new Header(
                Arrays.copyOf(bytes, used), offset, Arrays.copyOf(index, count * 3), count);
    }
}
