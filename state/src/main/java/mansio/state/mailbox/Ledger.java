package mansio.state.mailbox;

import mansio.net.time.Time;
import mansio.state.store.AccountId;
import mansio.state.store.Blobs;
import mansio.state.store.Command;
import mansio.state.store.Partition;
import mansio.state.store.Store;
import mansio.state.store.Turn;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * The one way by which an account's partition is written. Commands change the head of the writing
 * in memory at their turn; readers are shown it when it is durable.
 *
 * <p>A command may fail after it has run (the store finds its blob missing, say). Its version is
 * then used again by the next command, which sees by this that the head is not what the partition
 * holds, and reads it anew. That needs every write to the partition to come through here.
 */
final class Ledger {
    /** What a command does at its turn. */
    @FunctionalInterface
    interface Body<R> {
        R run(Work work) throws IOException;
    }

    /** What all accounts share. */
    record Surroundings(Store store, Time time, MailLimits limits, PlacementCache cache) {}

    private final AccountId id;
    private final Surroundings around;
    private final Partition partition;
    private final BlockCodec codec = new BlockCodec();
    private final Shown shown;

    /**
     * Commands share it; a large command, whose steps stand hidden behind the last placement of a
     * mailbox, has it alone, so that nobody appends there meanwhile. Taken before any turn.
     */
    private final ReentrantReadWriteLock gate = new ReentrantReadWriteLock();

    /** Null when a command failed, and at the beginning. Owned by whoever has the turn. */
    private @Nullable Head head;

    /** True while hidden blocks of a large command that failed may be there. */
    private volatile boolean unswept;

    Ledger(AccountId id, Surroundings around) throws IOException {
        this.id = id;
        this.around = around;
        this.partition = around.store().partition(id.partition());
        Catalog durable = Catalog.load(partition);
        this.shown = new Shown(partition, codec, around.cache(), durable);
        this.unswept = durable.staging();
    }

    AccountId id() {
        return id;
    }

    Partition partition() {
        return partition;
    }

    Blobs blobs() {
        return around.store().blobs();
    }

    Time time() {
        return around.time();
    }

    MailLimits limits() {
        return around.limits();
    }

    BlockCodec codec() {
        return codec;
    }

    Shown shown() {
        return shown;
    }

    /** Runs an ordinary command; refused when space is low. */
    <R> R write(Body<R> body) throws IOException {
        return shared(() -> partition.write(turn -> run(turn, body)));
    }

    /** The same for one that frees space, or takes next to none. */
    <R> R writeFreeing(Body<R> body) throws IOException {
        return shared(() -> partition.writeFreeing(turn -> run(turn, body)));
    }

    private interface Writing<R> {
        R write() throws IOException;
    }

    private <R> R shared(Writing<R> writing) throws IOException {
        while (true) {
            if (unswept) sweepStaged();
            gate.readLock().lock();
            try {
                // A large command may have failed while this one waited at the gate: what it has
                // staged must be gone before anything is written above it.
                if (!unswept) return writing.write();
            } finally {
                gate.readLock().unlock();
            }
        }
    }

    /** The steps of a large command. */
    interface Steps {
        <R> R step(Body<R> body) throws IOException;
    }

    /** A large command. */
    @FunctionalInterface
    interface Large<R> {
        R run(Steps steps) throws IOException;
    }

    /**
     * Runs a large command alone. Its first step puts {@link Tables#staging}, its last deletes it;
     * when it fails in between, the next command sweeps what it has staged.
     */
    <R> R writeLarge(Large<R> large) throws IOException {
        gate.writeLock().lock();
        boolean done = false;
        try {
            if (unswept) sweepStaged();
            R result = large.run(this::stepOf);
            done = true;
            return result;
        } finally {
            if (!done) unswept = true; // The next command sweeps.
            gate.writeLock().unlock();
        }
    }

    private <R> R stepOf(Body<R> body) throws IOException {
        return partition.write(turn -> run(turn, body));
    }

    private void sweepStaged() throws IOException {
        gate.writeLock().lock();
        try {
            if (!unswept) return;
            Command<Boolean> step = turn -> run(turn, Staging::sweep);
            boolean more = true;
            while (more) more = partition.writeFreeing(step);
            unswept = false;
        } finally {
            gate.writeLock().unlock();
        }
    }

    private <R> R run(Turn turn, Body<R> body) throws IOException {
        Head mine = head;
        head = null; // Stays so when the command throws.
        if (mine == null || mine.catalog().version() + 1 != turn.version()) {
            shown.dropFrom(turn.version());
            mine = new Head(Catalog.load(turn));
        }
        Work work = new Work(turn, this, mine);
        R result = body.run(work);
        if (work.finish()) shown.publish(work.delta());
        head = mine;
        return result;
    }
}
