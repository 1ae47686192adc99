package mansio.state.store;

import java.io.Closeable;
import java.io.IOException;

/**
 * A blob in the making. Its pieces are on disk, or staged with the write that first holds it; they
 * are durable when that write is. Owned by one thread.
 */
public interface BlobWriter extends Closeable {
    BlobId id();

    /**
     * Adds bytes.
     *
     * @throws LowSpaceException when the disk is nearly full, or more than the staging limit waits
     *     in all
     */
    void write(byte[] from, int offset, int length) throws IOException;

    /** How many bytes were added. */
    long length();

    /** How many bytes of memory are set aside for it until it is closed. */
    long stagedBytes();

    /** Says that no more bytes come; from now on a {@link Turn} may hold the blob. */
    void finish() throws IOException;

    /** Ends the writing. What no turn has held by now is thrown away; what was held stays. */
    @Override
    void close() throws IOException;
}
