package mansio.codec.line;

import java.io.IOException;

/**
 * Where bytes come from: a connection, a stored message, an array in a test. Used by one thread at
 * a time.
 */
@FunctionalInterface
public interface ByteSource {
    /**
     * Reads at least one byte, waiting for it when there is none yet.
     *
     * @return how many bytes were put into {@code to}, or -1 at the end
     * @throws IOException when it cannot tell: the peer vanished, a deadline passed, a disk failed
     */
    int read(byte[] to, int offset, int length) throws IOException;
}
