package mansio.codec.line;

import java.util.concurrent.ArrayBlockingQueue;

/**
 * Buffers of one size that connections borrow while they have bytes to hold. Only as many as {@code
 * kept} rest here; how many are lent at once is bounded by the number of connections, so that a
 * slow peer holding a buffer never makes another wait for one.
 *
 * <p>Safe for use by any thread.
 */
public final class BufferPool {
    /** The usual buffer: one full TLS record of plain text, or some twenty pipelined commands. */
    public static final int USUAL_BYTES = 16 * 1024;

    /** So that a leased buffer is always bigger than what a reader holds without one. */
    private static final int LEAST_BYTES = 32;

    private final int bufferBytes;
    private final ArrayBlockingQueue<byte[]> resting;

    /**
     * @param bufferBytes the size of each buffer, at least 32
     * @param kept how many unused buffers are kept, at least 1
     */
    public BufferPool(int bufferBytes, int kept) {
        if (bufferBytes < LEAST_BYTES) {
            throw new IllegalArgumentException("buffer of " + bufferBytes + " bytes");
        }
        this.bufferBytes = bufferBytes;
        this.resting = new ArrayBlockingQueue<>(kept);
    }

    /** The size of each buffer in bytes. */
    public int bufferBytes() {
        return bufferBytes;
    }

    /** A buffer to use until it is given back. It holds old bytes of whoever had it before. */
    public byte[] lease() {
        byte[] buffer = resting.poll();
        return buffer == null ? new byte[bufferBytes] : buffer;
    }

    /** Takes back a buffer of {@link #lease()}; the caller touches it no more. */
    public void giveBack(byte[] buffer) {
        if (buffer.length != bufferBytes) {
            throw new IllegalArgumentException("not a buffer of this pool");
        }
        // Beyond what is kept, the collector gets it.
        boolean _ = resting.offer(buffer);
    }

    /** How many buffers rest here now; for measurements and tests. */
    public int resting() {
        return resting.size();
    }
}
