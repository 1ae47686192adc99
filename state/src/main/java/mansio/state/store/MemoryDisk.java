package mansio.state.store;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * A disk in memory that can crash. It outlives the stores opened on it, one at a time; {@link
 * #crash} ends the one that is open: what was synced stays, of what was only written a prefix
 * stays. Safe for use by any thread.
 */
public final class MemoryDisk {
    private final Runnable pause;
    private final ReentrantLock lock = new ReentrantLock();
    private Content durable = new Content();
    private Content written = new Content();
    private List<List<Op>> unsynced = new ArrayList<>();
    private int generation;
    private boolean failing;
    private int writesLeft = Integer.MAX_VALUE;
    private long syncs;

    private static final class Content {
        final NavigableMap<byte[], byte[]> data = new TreeMap<>(Arrays::compareUnsigned);
        final NavigableMap<byte[], byte[]> pieces = new TreeMap<>(Arrays::compareUnsigned);

        NavigableMap<byte[], byte[]> of(Space space) {
            return switch (space) {
                case DATA -> data;
                case PIECES -> pieces;
            };
        }

        void apply(List<Op> ops) {
            for (Op op : ops) {
                NavigableMap<byte[], byte[]> map = of(op.space());
                switch (op) {
                    case Op.Put put -> map.put(put.key(), put.value());
                    case Op.Delete delete -> map.remove(delete.key());
                    case Op.DeleteRange range ->
                            map.subMap(range.from(), true, range.to(), false).clear();
                }
            }
        }

        Content copy() {
            Content copy = new Content();
            copy.data.putAll(data);
            copy.pieces.putAll(pieces);
            return copy;
        }
    }

    public MemoryDisk() {
        this(() -> {});
    }

    /**
     * @param pause called at each access, and between writing and syncing, outside of locks: a
     *     simulation lets others run there
     */
    public MemoryDisk(Runnable pause) {
        this.pause = pause;
    }

    /**
     * Ends the store that is open as a power failure would. Its waiting callers get {@link
     * StoreStoppedError}; then a new store may be opened.
     *
     * @param random decides how much of what was written but not synced is still there
     */
    public void crash(RandomGenerator random) {
        lock.lock();
        try {
            generation++;
            failing = false;
            writesLeft = Integer.MAX_VALUE;
            int kept = random.nextInt(unsynced.size() + 1);
            for (List<Op> ops : unsynced.subList(0, kept)) durable.apply(ops);
            unsynced = new ArrayList<>();
            written = durable.copy();
        } finally {
            lock.unlock();
        }
    }

    /** Lets every write from now on fail, until {@link #crash}. */
    public void failWrites() {
        lock.lock();
        try {
            failing = true;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets so many more writes succeed, then fails, until {@link #crash}. As on a real disk, what a
     * failed write wrote may still be there after the crash.
     */
    public void failWritesAfter(int writes) {
        lock.lock();
        try {
            writesLeft = writes;
        } finally {
            lock.unlock();
        }
    }

    /** How many synced writes there were. */
    public long syncs() {
        lock.lock();
        try {
            return syncs;
        } finally {
            lock.unlock();
        }
    }

    /** Changes one bit of the stored value, for tests of checksums. */
    boolean flipBit(Space space, byte[] key) {
        lock.lock();
        try {
            byte[] value = written.of(space).get(key);
            if (value == null) return false;
            byte[] damaged = value.clone();
            damaged[damaged.length - 1] ^= 1;
            written.of(space).put(key, damaged);
            durable.of(space).put(key, damaged);
            return true;
        } finally {
            lock.unlock();
        }
    }

    Engine open() {
        lock.lock();
        try {
            generation++;
            return new Access(generation);
        } finally {
            lock.unlock();
        }
    }

    private final class Access implements Engine {
        private final int mine;

        Access(int mine) {
            this.mine = mine;
        }

        @Override
        public Optional<byte[]> get(Space space, byte[] key) {
            enter();
            try {
                return Optional.ofNullable(written.of(space).get(key));
            } finally {
                lock.unlock();
            }
        }

        @Override
        public List<Optional<byte[]>> getAll(Space space, List<byte[]> keys) {
            enter();
            try {
                List<Optional<byte[]>> values = new ArrayList<>(keys.size());
                for (byte[] key : keys) {
                    values.add(Optional.ofNullable(written.of(space).get(key)));
                }
                return values;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public Found scan(Scan scan) {
            enter();
            try {
                NavigableMap<byte[], byte[]> map = written.of(scan.space());
                NavigableMap<byte[], byte[]> range =
                        map.subMap(scan.bounds().from(), true, scan.bounds().to(), false);
                if (scan.direction() == Reads.Direction.BACKWARD) range = range.descendingMap();
                Optional<byte[]> beside =
                        scan.beside().flatMap(key -> Optional.ofNullable(map.get(key)));
                List<Stored> entries = new ArrayList<>();
                long bytes = 0;
                for (var entry : range.entrySet()) {
                    bytes += entry.getValue().length - ValueHeader.BYTES;
                    boolean full = entries.size() == scan.maxEntries() || bytes > scan.maxBytes();
                    if (full && !entries.isEmpty()) return new Found(entries, true, beside);
                    entries.add(new Stored(entry.getKey(), entry.getValue()));
                }
                return new Found(entries, false, beside);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void write(List<Op> ops, boolean sync) throws IOException {
            List<Op> kept = ops.stream().map(Access::copy).toList();
            enter();
            try {
                if (failing) throw new IOException("the disk in memory fails");
                if (writesLeft == 0) {
                    unsynced.add(kept);
                    throw new IOException("the disk in memory fails");
                }
                if (writesLeft < Integer.MAX_VALUE) writesLeft--;
                unsynced.add(kept);
                if (!sync) written.apply(kept);
            } finally {
                lock.unlock();
            }
            if (sync) sync(kept);
        }

        /** Readers see what was written when it is durable, as with a real engine. */
        private void sync(List<Op> last) throws IOException {
            enter();
            try {
                if (failing) throw new IOException("the disk in memory fails");
                for (List<Op> each : unsynced) durable.apply(each);
                unsynced = new ArrayList<>();
                written.apply(last);
                syncs++;
            } finally {
                lock.unlock();
            }
        }

        /** Writers use their buffers again. */
        private static Op copy(Op op) {
            return op instanceof Op.Put put
                    ? new Op.Put(put.space(), put.key(), Arrays.copyOf(put.value(), put.length()))
                    : op;
        }

        private void enter() {
            pause.run();
            lock.lock();
            if (generation != mine) {
                lock.unlock();
                throw new StoreStoppedError("the disk in memory has crashed");
            }
        }

        @Override
        public void close() {}
    }
}
