package mansio.codec.line;

import java.io.IOException;
import java.util.Objects;

/**
 * Gathers small writes into one. The buffer is leased at the first byte and given back by {@link
 * #flush()}. Used by one thread at a time.
 */
public final class BufferedSink implements ByteSink {
    private static final byte[] NONE = new byte[0];

    private final ByteSink sink;
    private final BufferPool pool;
    private byte[] buffer = NONE;
    private int used;

    public BufferedSink(ByteSink sink, BufferPool pool) {
        this.sink = sink;
        this.pool = pool;
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, from.length);
        if (length > pool.bufferBytes() - used) {
            drain();
        }
        if (length >= pool.bufferBytes()) {
            sink.write(from, offset, length);
            return;
        }
        if (buffer.length == 0 && length > 0) {
            buffer = pool.lease();
        }
        System.arraycopy(from, offset, buffer, used, length);
        used += length;
    }

    @Override
    public void flush() throws IOException {
        if (buffer.length > 0) {
            try {
                drain();
            } finally {
                release();
            }
        }
        sink.flush();
    }

    /** Gives the buffer back and forgets what was not flushed; at the end of a connection. */
    public void release() {
        used = 0;
        if (buffer.length > 0) {
            byte[] leased = buffer;
            buffer = NONE;
            pool.giveBack(leased);
        }
    }

    private void drain() throws IOException {
        int count = used;
        used = 0;
        if (count > 0) {
            sink.write(buffer, 0, count);
        }
    }
}
