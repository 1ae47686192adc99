package mansio.state.store;

import java.io.IOException;

/** A room's own check of a partition that it keeps things in. */
public interface Verifier {
    /** True when this room keeps things, and blobs, in partitions of that kind. */
    boolean covers(PartitionId.Kind kind);

    /** Walks over the room's tables of one partition, and tells what it refers to and finds. */
    void verify(Partition partition, Report report) throws IOException;

    /** Where a room tells what it sees. */
    interface Report {
        /** Something stored refers to the blob, so the partition must hold it. */
        void refersTo(BlobId blob);

        /** Something is wrong; the partition's name is put in front of the text. */
        void finding(Finding finding);
    }
}
