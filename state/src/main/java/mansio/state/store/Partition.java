package mansio.state.store;

import java.io.IOException;

/**
 * The unit of consistency: an account, a shard of the queue, the directory. Its writes are
 * serialised, atomic and durable; its reads see durable state only. Safe for use by any thread.
 */
public interface Partition extends Reads {
    PartitionId id();

    /** The last durable version; 0 for a partition never written. Reads the disk at first use. */
    long version() throws IOException;

    /**
     * Runs {@code command} at its turn and returns its result when what it wrote is synced to disk.
     * Commands that wait together share one write. A command that writes nothing uses no version
     * and waits for what it may have seen of others.
     *
     * @throws LowSpaceException when the disk is nearly full and the command is not marked as
     *     freeing space
     * @throws IOException when it cannot tell; after a failed write or sync the whole process stops
     *     answering
     */
    <R> R write(Command<R> command) throws IOException;

    /** Like {@link #write}, but allowed when space is low: for deletions and bookkeeping. */
    <R> R writeFreeing(Command<R> command) throws IOException;

    /**
     * Like {@link #writeFreeing}, but returns without waiting for the disk: for notes whose loss is
     * harmless because they are derived again, such as "this recipient is done" when a receipt says
     * so too. Later writes are durable no earlier than this one.
     */
    <R> R writeLazily(Command<R> command) throws IOException;

    /**
     * Calls {@code listener} after each durable change with the newest version; several changes may
     * come as one call. Calls come one at a time on a thread of the store: return at once, hand on
     * work. A listener that throws is logged.
     */
    Subscription listen(Listener listener);

    /** Told of durable versions. */
    @FunctionalInterface
    interface Listener {
        void changed(long version);
    }

    /** A registration that can be given up. */
    interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
