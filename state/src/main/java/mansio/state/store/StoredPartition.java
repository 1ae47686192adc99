package mansio.state.store;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A partition over an engine. The turn is a lock: its holder runs one command and hands the changes
 * to the committer before it gives the turn away, so versions enter the committer's queue in order.
 * It waits for the disk after the turn; the next command works meanwhile on what is on its way
 * ({@link #pending}). What waits together, in this partition or another, is one write of the
 * committer.
 *
 * <p>Lock order: {@link #turn}, then {@link #pendingLock} or {@link #loadLock}.
 */
final class StoredPartition implements Partition, PartitionTurn.Below {
    private static final Logger LOG = LoggerFactory.getLogger(StoredPartition.class);
    private static final long UNKNOWN = -1;

    private final PartitionId id;
    private final byte[] prefix;
    private final EngineStore store;
    private final PartitionReads durable;

    private final ReentrantLock turn = new ReentrantLock();
    private long lastVersion = UNKNOWN;
    private @Nullable Commit lastCommit;

    private final ReentrantLock pendingLock = new ReentrantLock();
    private final Overlay pending = new Overlay();

    private final ReentrantLock loadLock = new ReentrantLock();
    private volatile long durableVersion = UNKNOWN;
    private volatile boolean erased;

    private final CopyOnWriteArrayList<Registration> registrations = new CopyOnWriteArrayList<>();
    private final AtomicBoolean announced = new AtomicBoolean();

    StoredPartition(PartitionId id, EngineStore store) {
        this.id = id;
        this.store = store;
        prefix = EngineKeys.partition(id);
        durable = new PartitionReads(store.engine(), prefix);
    }

    @Override
    public PartitionId id() {
        return id;
    }

    @Override
    public long version() throws IOException {
        if (durableVersion == UNKNOWN) load();
        return durableVersion;
    }

    private void load() throws IOException {
        loadLock.lock();
        try {
            if (durableVersion != UNKNOWN) return;
            erased = store.engine().get(Space.DATA, EngineKeys.erased(prefix)).isPresent();
            durableVersion = durable.version();
        } finally {
            loadLock.unlock();
        }
    }

    @Override
    public Optional<byte[]> get(Key key) throws IOException {
        return durable.get(key);
    }

    @Override
    public List<Optional<byte[]>> getAll(List<Key> keys) throws IOException {
        return durable.getAll(keys);
    }

    @Override
    public Page scan(Range range, Direction direction, int maxEntries, int maxBytes)
            throws IOException {
        return durable.scan(range, direction, maxEntries, maxBytes);
    }

    @Override
    public <R> R write(Command<R> command) throws IOException {
        store.space().check();
        return run(command, Commit.Urgency.SYNCED);
    }

    @Override
    public <R> R writeFreeing(Command<R> command) throws IOException {
        return run(command, Commit.Urgency.SYNCED);
    }

    @Override
    public <R> R writeLazily(Command<R> command) throws IOException {
        return run(command, Commit.Urgency.LAZY);
    }

    private <R> R run(Command<R> command, Commit.Urgency urgency) throws IOException {
        if (turn.isHeldByCurrentThread()) {
            throw new IllegalStateException("a command must not write to its own partition");
        }
        R result;
        Commit commit;
        turn.lock();
        try {
            if (lastVersion == UNKNOWN) lastVersion = version();
            if (erased) throw new IOException(id + " is erased");
            PartitionTurn mine = new PartitionTurn(durable, this, prefix, lastVersion + 1);
            Holds holds = new Holds(store.stagedBlobs());
            boolean submitted = false;
            try {
                result = command.run(mine);
                submitted = submit(mine, holds, urgency);
            } finally {
                if (!submitted) holds.abandoned();
            }
            commit = lastCommit;
        } finally {
            turn.unlock();
        }
        // A command that wrote nothing may have seen what is on its way: its answer waits for that.
        if (urgency != Commit.Urgency.LAZY && commit != null) store.committer().await(commit);
        return result;
    }

    /** Hands over what the command wrote; false when that was nothing. */
    private boolean submit(PartitionTurn mine, Holds holds, Commit.Urgency urgency)
            throws IOException {
        List<Op> ops = new ArrayList<>();
        Overlay changes = mine.finish(holds, ops);
        if (changes.isEmpty() && ops.isEmpty()) return false;
        long version = mine.version();
        changes.addOps(prefix, ops);
        byte[] versionKey = EngineKeys.version(prefix);
        byte[] value = ByteBuffer.allocate(8).putLong(version).array();
        ops.add(new Op.Put(Space.DATA, versionKey, ValueHeader.wrap(versionKey, value)));
        Commit commit = new Commit(ops, urgency, () -> durable(version, changes, holds));
        addPending(changes);
        store.committer().submit(commit);
        holds.submitted();
        lastVersion = version;
        lastCommit = commit;
        return true;
    }

    private void addPending(Overlay changes) {
        pendingLock.lock();
        try {
            pending.add(changes);
        } finally {
            pendingLock.unlock();
        }
    }

    /** On the committer's thread: the changes are in the engine and on disk. */
    private void durable(long version, Overlay changes, Holds holds) {
        pendingLock.lock();
        try {
            pending.remove(changes);
        } finally {
            pendingLock.unlock();
        }
        holds.durable();
        durableVersion = version;
        if (!registrations.isEmpty() && announced.compareAndSet(false, true)) {
            store.announcer().add(this);
        }
    }

    @Override
    public Optional<Overlay.Change> pending(Key key) {
        pendingLock.lock();
        try {
            return pending.isEmpty() ? Optional.empty() : pending.find(key);
        } finally {
            pendingLock.unlock();
        }
    }

    @Override
    public Overlay pending(Range range) {
        Overlay copy = new Overlay();
        pendingLock.lock();
        try {
            if (!pending.isEmpty()) copy.add(pending, range);
        } finally {
            pendingLock.unlock();
        }
        return copy;
    }

    @Override
    public Subscription listen(Listener listener) {
        Registration registration = new Registration(listener);
        registrations.add(registration);
        return () -> registrations.remove(registration);
    }

    /** On the announcer's thread. */
    void announce() {
        announced.set(false);
        long version = durableVersion;
        for (Registration registration : registrations) registration.tell(version);
    }

    private static final class Registration {
        private final Listener listener;
        private long told;

        Registration(Listener listener) {
            this.listener = listener;
        }

        void tell(long version) {
            if (version <= told) return;
            told = version;
            try {
                listener.changed(version);
            } catch (RuntimeException | Error e) {
                // One listener's bug must not end the telling of all others.
                LOG.error("a listener failed", e);
            }
        }
    }

    /** Lets no more commands in, and starts the erasing, durably. */
    void erase() throws IOException {
        Commit commit =
                new Commit(
                        List.of(note(EngineKeys.erased(prefix)), note(EngineKeys.erasing(prefix))),
                        Commit.Urgency.SYNCED,
                        () -> {});
        turn.lock();
        try {
            var _ = version();
            if (erased) return;
            erased = true;
            store.committer().submit(commit);
        } finally {
            turn.unlock();
        }
        store.committer().await(commit);
    }

    private static Op note(byte[] key) {
        return new Op.Put(Space.DATA, key, ValueHeader.wrap(key, new byte[0]));
    }
}
