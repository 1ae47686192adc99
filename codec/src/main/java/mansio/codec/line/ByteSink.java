package mansio.codec.line;

import java.io.IOException;

/**
 * Where bytes go. What is written may wait in a buffer until {@link #flush()}. Used by one thread
 * at a time.
 */
public interface ByteSink {
    void write(byte[] from, int offset, int length) throws IOException;

    /** Hands on all that was written. */
    void flush() throws IOException;
}
