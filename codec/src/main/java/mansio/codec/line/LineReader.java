package mansio.codec.line;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reads the lines of a text protocol, and the raw bytes between them (literals, DATA, BDAT).
 *
 * <p>While it waits for the first byte it holds 128 bytes, enough for most commands, so that they
 * are one read; a bigger buffer is leased when more have come, and given back once they are used up
 * and the next wait begins. Ten thousand idle sessions so cost little more than a megabyte.
 *
 * <p>As a {@link ByteSource} it hands out first what it has read ahead, then reads past its buffer
 * straight into the caller's.
 *
 * <p>Used by one thread at a time. A limit on time is the source's: its deadline makes the read
 * fail.
 */
public final class LineReader implements ByteSource {
    /** How much of a line that is too long is kept for the answer, in bytes. */
    public static final int KEPT_OF_TOO_LONG = 128;

    /** A peer that sends a line longer than this is not worth a dialogue. */
    public static final int MAX_SWALLOWED_BYTES = 1024 * 1024;

    /** Most commands and replies fit: they are one read. */
    private static final int IDLE_BYTES = 128;

    private static final byte[] NONE = new byte[0];
    private static final Line.End END = new Line.End();

    private final ByteSource source;
    private final BufferPool pool;
    private final BareLf bareLf;
    private final byte[] idle;

    /** Either {@link #idle} or a leased buffer, which is bigger. */
    private byte[] buffer;

    /** The bytes read ahead are those from {@code start} to before {@code end}. */
    private int start;

    private int end;

    public LineReader(ByteSource source, BufferPool pool, BareLf bareLf) {
        this.source = source;
        this.pool = pool;
        this.bareLf = bareLf;
        this.idle = new byte[Math.min(IDLE_BYTES, pool.bufferBytes() / 2)];
        this.buffer = idle;
    }

    /**
     * Reads one line.
     *
     * @param limitBytes the longest line allowed, its CRLF counted, as the RFCs count
     * @throws IOException when the source fails, or when a line is longer than {@link
     *     #MAX_SWALLOWED_BYTES}: then the connection is to be closed
     */
    public Line readLine(int limitBytes) throws IOException {
        byte[] earlier = NONE;
        int scanned = 0;
        while (true) {
            int lf = indexOfLf(start + scanned);
            if (lf >= 0) {
                int length = earlier.length + lf + 1 - start;
                return length > limitBytes
                        ? tooLong(join(earlier, lf + 1 - start), limitBytes)
                        : ended(earlier, lf);
            }
            int held = end - start;
            if (earlier.length + held >= limitBytes) {
                return swallow(tooLong(join(earlier, held), limitBytes));
            }
            if (held == pool.bufferBytes()) {
                earlier = join(earlier, held);
                held = 0;
            }
            if (!fill()) {
                start = end;
                return END;
            }
            scanned = held;
        }
    }

    /**
     * Reads at least one byte: what was read ahead first. A read of a buffer's size or more goes
     * past the buffer, without a copy.
     */
    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, to.length);
        if (start == end) {
            rest();
            return source.read(to, offset, length);
        }
        int count = Math.min(length, end - start);
        System.arraycopy(buffer, start, to, offset, count);
        start += count;
        return count;
    }

    /**
     * The next {@code count} bytes as a source of its own, for a literal or a BDAT chunk: it ends
     * after them. Use it up before reading on here.
     *
     * <p>When the peer closes before all have come it throws an {@link EOFException}.
     */
    public ByteSource exactly(long count) {
        if (count < 0) {
            throw new IllegalArgumentException("count " + count);
        }
        return new Exactly(count);
    }

    /** Reads and throws away {@code count} bytes. */
    public void skip(long count) throws IOException {
        long left = count;
        while (left > 0) {
            int held = peek().remaining();
            if (held == 0) {
                throw new EOFException("the peer closed with " + left + " bytes still to come");
            }
            int now = (int) Math.min(left, held);
            consume(now);
            left -= now;
        }
    }

    /**
     * The bytes at hand without copying them; waits for at least one, and has none only at the end.
     * They stay unread until {@link #consume}. Valid until the next call of any other method; its
     * array is for looking at, never for writing.
     */
    public ByteBuffer peek() throws IOException {
        if (start == end) {
            start = 0;
            end = 0;
            if (buffer.length == idle.length) {
                // Somebody streams: the short wait with a small buffer would be one read more.
                buffer = pool.lease();
            }
            end = Math.max(0, source.read(buffer, 0, buffer.length));
        }
        return ByteBuffer.wrap(buffer, start, end - start);
    }

    /** Takes the first {@code count} of the bytes read ahead. */
    public void consume(int count) {
        start += Objects.checkIndex(count, end - start + 1);
    }

    /** How many bytes have been read ahead. While there are some, the next read need not wait. */
    public int buffered() {
        return end - start;
    }

    /**
     * Throws away what was read ahead, for STARTTLS: plain bytes sent before the handshake must
     * never be obeyed after it (RFC 3207 section 4.2).
     *
     * @return how many bytes there were: more than none is an attack or a broken client
     */
    public int discardBuffered() {
        int count = end - start;
        rest();
        return count;
    }

    /** Gives the buffer back and forgets what it held; at the end of a session. */
    public void release() {
        rest();
    }

    private int indexOfLf(int from) {
        byte[] bytes = buffer;
        for (int at = from; at < end; at++) {
            if (bytes[at] == '\n') {
                return at;
            }
        }
        return -1;
    }

    /** Takes {@code count} bytes from the buffer behind those taken earlier. */
    private byte[] join(byte[] earlier, int count) {
        byte[] joined = Arrays.copyOf(earlier, earlier.length + count);
        System.arraycopy(buffer, start, joined, earlier.length, count);
        start += count;
        return joined;
    }

    private Line ended(byte[] earlier, int lf) {
        int held = lf - start;
        byte[] bytes;
        boolean crlf;
        if (held > 0) {
            crlf = buffer[lf - 1] == '\r';
            bytes = join(earlier, crlf ? held - 1 : held);
        } else {
            crlf = earlier.length > 0 && earlier[earlier.length - 1] == '\r';
            bytes = Arrays.copyOf(earlier, crlf ? earlier.length - 1 : earlier.length);
        }
        start = lf + 1;
        if (crlf) {
            return new Line.Text(bytes);
        }
        return switch (bareLf) {
            case ENDS_LINE -> new Line.Text(bytes);
            case REFUSED -> new Line.BareLineFeed(bytes);
        };
    }

    private static Line.TooLong tooLong(byte[] line, int limitBytes) {
        return new Line.TooLong(Arrays.copyOf(line, Math.min(limitBytes, KEPT_OF_TOO_LONG)));
    }

    private Line swallow(Line.TooLong line) throws IOException {
        int swallowed = 0;
        while (true) {
            int lf = indexOfLf(start);
            if (lf >= 0) {
                start = lf + 1;
                return line;
            }
            swallowed += end - start;
            start = end;
            if (swallowed > MAX_SWALLOWED_BYTES) {
                throw new IOException("a line of more than " + MAX_SWALLOWED_BYTES + " bytes");
            }
            if (!peek().hasRemaining()) {
                return END;
            }
        }
    }

    /** Reads more behind what is held; the caller has seen to it that there is room. */
    private boolean fill() throws IOException {
        if (start == end) {
            rest();
        } else if (start > 0) {
            System.arraycopy(buffer, start, buffer, 0, end - start);
            end -= start;
            start = 0;
        }
        if (end == idle.length && buffer.length == idle.length) {
            buffer = pool.lease();
            System.arraycopy(idle, 0, buffer, 0, end);
        }
        int count = source.read(buffer, end, buffer.length - end);
        if (count < 0) {
            return false;
        }
        end += count;
        return true;
    }

    private void rest() {
        start = 0;
        end = 0;
        if (buffer.length != idle.length) {
            byte[] leased = buffer;
            buffer = idle;
            pool.giveBack(leased);
        }
    }

    private final class Exactly implements ByteSource {
        private long left;

        Exactly(long count) {
            left = count;
        }

        @Override
        public int read(byte[] to, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int count = LineReader.this.read(to, offset, (int) Math.min(left, length));
            if (count < 0) {
                throw new EOFException("the peer closed with " + left + " bytes still to come");
            }
            left -= count;
            return count;
        }
    }
}
