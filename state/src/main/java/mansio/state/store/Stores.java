package mansio.state.store;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.time.Duration;

/** Opens stores. */
public final class Stores {
    /** The format that this release writes. */
    public static final int FORMAT = DataFolder.FORMAT;

    private static final long USUAL_MIN_FREE_BYTES = 1L << 30;
    private static final Committer.Pace PACE_ON_DISK =
            new Committer.Pace(Duration.ofMillis(50), Duration.ofSeconds(1));

    private final Surroundings around;

    public Stores(Surroundings around) {
        this.around = around;
    }

    /** Opens the store on a disk in memory; one that was open on it before stops. */
    public Store memory(MemoryDisk disk) {
        Engine engine = disk.open();
        Committer.Pace pace = new Committer.Pace(Duration.ZERO, Duration.ZERO);
        Committer committer = new Committer(engine, around.time(), pace, around.halt());
        var _ = around.threads().start("store-committer", committer);
        FreeSpace space = new FreeSpace(around.time(), () -> Long.MAX_VALUE);
        return new EngineStore(engine, committer, space, around);
    }

    /**
     * Opens the store in a data folder. When it returns, everything that recovery found is durable.
     *
     * @throws IOException with a sentence for the administrator: the folder is in use, was written
     *     by a newer release, is damaged, or lacks acknowledged changes
     */
    public Store disk(DiskSettings settings) throws IOException {
        DataFolder folder = DataFolder.open(settings.folder());
        try {
            FreeSpace.Probe probe = probe(settings);
            RocksEngine engine = RocksEngine.open(folder, settings.acceptLoss());
            Committer committer = new Committer(engine, around.time(), PACE_ON_DISK, around.halt());
            // A platform thread: its native writes would hold a carrier for the time of a sync.
            Thread.ofPlatform().daemon().name("store-committer").start(committer);
            FreeSpace space = new FreeSpace(around.time(), probe);
            EngineStore store = new EngineStore(engine, committer, space, around);
            var _ = around.threads().start("store-sweeper", store.sweeper());
            return store;
        } catch (IOException | RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private static FreeSpace.Probe probe(DiskSettings settings) throws IOException {
        FileStore disk = Files.getFileStore(settings.folder());
        if (settings.minFreeBytes() >= 0) {
            return () -> disk.getUsableSpace() - settings.minFreeBytes();
        }
        return () ->
                disk.getUsableSpace()
                        - Math.max(USUAL_MIN_FREE_BYTES, disk.getTotalSpace() / 100 * 3);
    }
}
