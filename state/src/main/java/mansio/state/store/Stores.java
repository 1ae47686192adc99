package mansio.state.store;

import java.time.Duration;

/** Opens stores. */
public final class Stores {
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
}
