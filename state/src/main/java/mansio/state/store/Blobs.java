package mansio.state.store;

import java.io.IOException;

/**
 * Large immutable byte strings, written once in pieces and shared by holders. Safe for use by any
 * thread.
 */
public interface Blobs {
    /** Pieces are at most this long. */
    int PIECE_BYTES = 64 << 10;

    /**
     * Starts a blob. Close it in every case: a blob closed before a turn has held it is thrown
     * away.
     */
    BlobWriter create() throws IOException;

    /**
     * Reads from a blob.
     *
     * @param position the first byte wanted
     * @return how many bytes were put into {@code to}: fewer than {@code length} only at a piece's
     *     end; -1 at the blob's end
     * @throws BlobMissingException when there is no such blob
     */
    int read(BlobId blob, long position, byte[] to, int offset, int length) throws IOException;
}
