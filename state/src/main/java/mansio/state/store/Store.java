package mansio.state.store;

import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;

/**
 * All that is kept on disk. Opened once by the program; whoever holds the data folder's lock owns
 * it. Safe for use by any thread.
 */
public interface Store extends AutoCloseable {
    /**
     * The partition of that id; it exists as soon as something is written to it. The same object
     * for the same id.
     */
    Partition partition(PartitionId id);

    Blobs blobs();

    /**
     * The ids of all partitions of a kind, a page at a time, in order, each greater than {@code
     * after}.
     */
    List<PartitionId> partitions(PartitionId.Kind kind, long after, int max) throws IOException;

    /**
     * Forgets a whole partition and its holds, in the background; its id is never used again, and
     * writes to it are an IOException from now on.
     */
    void erase(PartitionId id) throws IOException;

    /**
     * Deletes now what the background would delete in time: blobs without holders for 24 hours,
     * what is left of erased partitions. For tests and administrators.
     */
    void sweep() throws IOException;

    /**
     * Looks at everything that is stored and tells what is wrong, in words; each verifier looks at
     * the partitions it covers. Reads the whole disk.
     */
    void verify(List<Verifier> verifiers, Consumer<Finding> findings) throws IOException;

    /** Writes out what is buffered and gives up the lock. */
    @Override
    void close();
}
