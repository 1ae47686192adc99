package mansio.state.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The store over any engine. */
final class EngineStore implements Store {
    private final Engine engine;
    private final Committer committer;
    private final Announcer announcer;
    private final FreeSpace space;
    private final StagedBlobs blobs;
    private final Sweeper sweeper;
    private final ConcurrentHashMap<PartitionId, StoredPartition> partitions =
            new ConcurrentHashMap<>();

    /**
     * @param committer its thread runs already, or is about to
     */
    EngineStore(Engine engine, Committer committer, FreeSpace space, Surroundings around) {
        this.engine = engine;
        this.committer = committer;
        this.space = space;
        announcer = new Announcer();
        blobs = new StagedBlobs(engine, committer, space, around);
        sweeper = new Sweeper(engine, committer, blobs, around.time());
        var _ = around.threads().start("store-listeners", announcer);
    }

    @Override
    public Partition partition(PartitionId id) {
        return stored(id);
    }

    private StoredPartition stored(PartitionId id) {
        return partitions.computeIfAbsent(id, wanted -> new StoredPartition(wanted, this));
    }

    @Override
    public Blobs blobs() {
        return blobs;
    }

    @Override
    public List<PartitionId> partitions(PartitionId.Kind kind, long after, int max)
            throws IOException {
        List<PartitionId> ids = new ArrayList<>();
        long last = after;
        while (ids.size() < max && last != -1) {
            Optional<PartitionId> next = partitionFrom(new PartitionId(kind, last + 1));
            if (next.isEmpty()) break;
            ids.add(next.get());
            last = next.get().number();
        }
        return ids;
    }

    private Optional<PartitionId> partitionFrom(PartitionId from) throws IOException {
        byte[] end = new byte[] {(byte) (from.kind().code() + 1)};
        Engine.Found first =
                engine.scan(
                        new Engine.Scan(
                                Space.DATA,
                                new Engine.Bounds(EngineKeys.partition(from), end),
                                Reads.Direction.FORWARD,
                                1,
                                Reads.MAX_SCAN_BYTES,
                                Optional.empty()));
        return first.entries().isEmpty()
                ? Optional.empty()
                : EngineKeys.partitionOf(first.entries().getFirst().key());
    }

    @Override
    public void erase(PartitionId id) throws IOException {
        stored(id).erase();
    }

    @Override
    public void sweep() throws IOException {
        sweeper.sweep();
    }

    @Override
    public void verify(List<Verifier> verifiers, Consumer<Finding> findings) throws IOException {
        new Verification(this, findings).run(verifiers);
    }

    /** The background sweeping; whoever opens the store decides whether it has a thread. */
    Sweeper sweeper() {
        return sweeper;
    }

    @Override
    public void close() {
        sweeper.close();
        committer.close();
        announcer.close();
        engine.close();
    }

    Engine engine() {
        return engine;
    }

    Committer committer() {
        return committer;
    }

    Announcer announcer() {
        return announcer;
    }

    FreeSpace space() {
        return space;
    }

    StagedBlobs stagedBlobs() {
        return blobs;
    }
}
