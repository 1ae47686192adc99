package mansio.state.store;

import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.StampedLock;

/**
 * The engine on disk: RocksDB, with pieces in its blob files.
 *
 * <p>A read on a virtual thread first asks memory only (memtables and block cache); when that is
 * not enough it goes to {@link DiskReaders}. Native objects must not be used after they were
 * closed, so each read holds {@link #using}, and {@link #close} waits for all of them.
 */
final class RocksEngine implements Engine {
    /** The number RocksDB gives to the second column family it makes. */
    static final int PIECES_FAMILY = 1;

    /** A virtual thread does not walk further than this by itself: native code is not preempted. */
    private static final int LONG_SCAN_ENTRIES = 256;

    private static final int READER_THREADS = 4;

    private final RocksSettings settings;
    private final RocksDB db;
    private final ColumnFamilyHandle data;
    private final ColumnFamilyHandle pieces;
    private final HighWater highWater;
    private final DataFolder folder;
    private final DiskReaders diskReaders = new DiskReaders(READER_THREADS);
    private final WriteBatchBytes encoder = new WriteBatchBytes();
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final WriteOptions unsynced = new WriteOptions();
    private final ReadOptions anywhere = new ReadOptions();
    private final ReadOptions inMemory = new ReadOptions().setReadTier(ReadTier.BLOCK_CACHE_TIER);
    private final StampedLock using = new StampedLock();
    private boolean closed;

    private RocksEngine(
            DataFolder folder, RocksSettings settings, HighWater highWater, Handles db) {
        this.folder = folder;
        this.settings = settings;
        this.highWater = highWater;
        this.db = db.db;
        data = db.families.get(0);
        pieces = db.families.get(1);
    }

    private record Handles(RocksDB db, List<ColumnFamilyHandle> families) {}

    /**
     * Opens and recovers. When it returns, everything that is there is durable.
     *
     * @throws IOException with a sentence for the administrator, when the engine is damaged or
     *     acknowledged changes are missing
     */
    static RocksEngine open(DataFolder folder, DiskSettings.Loss loss) throws IOException {
        NativeLibrary.load(folder.file("native"));
        HighWater water = new HighWater(folder.file("high-water"));
        RocksSettings settings = new RocksSettings();
        List<ColumnFamilyHandle> families = new ArrayList<>();
        RocksEngine engine;
        try {
            DBOptions options = settings.database(loss);
            RocksDB db =
                    RocksDB.open(
                            options,
                            folder.engine().toString(),
                            List.of(
                                    new ColumnFamilyDescriptor(
                                            RocksDB.DEFAULT_COLUMN_FAMILY, settings.data()),
                                    new ColumnFamilyDescriptor(
                                            "pieces".getBytes(StandardCharsets.US_ASCII),
                                            settings.pieces())),
                            families);
            engine = new RocksEngine(folder, settings, water, new Handles(db, families));
        } catch (RocksDBException e) {
            settings.close();
            water.close();
            throw new IOException(
                    "the store in " + folder.engine() + " cannot be opened: " + e.getMessage(), e);
        }
        try {
            engine.afterRecovery(loss);
        } catch (IOException | RuntimeException e) {
            engine.close();
            throw e;
        }
        return engine;
    }

    private void afterRecovery(DiskSettings.Loss loss) throws IOException {
        if (pieces.getID() != PIECES_FAMILY) {
            throw new IOException("the store's pieces are column family " + pieces.getID());
        }
        if (loss == DiskSettings.Loss.REFUSE) checkHighWater();
        byte[] key = EngineKeys.opened();
        write(List.of(new Op.Put(Space.DATA, key, ValueHeader.wrap(key, new byte[0]))), true);
        writeHighWater();
    }

    private void checkHighWater() throws IOException {
        String accept = "; 'mansio verify --accept-loss' goes on without them";
        if (highWater.isDamaged()) {
            throw new IOException(
                    "the high-water file is damaged, so acknowledged changes may be missing"
                            + accept);
        }
        long recovered = db.getLatestSequenceNumber();
        long noted = highWater.sequence().orElse(0);
        if (recovered < noted) {
            throw new IOException(
                    "the store lost acknowledged changes: recovery ended at change "
                            + (recovered + ", but changes up to " + noted)
                            + (" had been durable: " + (noted - recovered) + " are missing")
                            + accept);
        }
    }

    private ColumnFamilyHandle family(Space space) {
        return switch (space) {
            case DATA -> data;
            case PIECES -> pieces;
        };
    }

    /** A read that may be tried in memory first. */
    private interface Attempt<R> {
        R run(ReadOptions options) throws RocksDBException;
    }

    private <R> R read(boolean isLong, Attempt<R> attempt) throws IOException {
        if (Thread.currentThread().isVirtual() && !isLong) {
            try {
                return use(() -> attempt.run(inMemory));
            } catch (RocksDBException e) {
                Status status = e.getStatus();
                if (status == null || status.getCode() != Status.Code.Incomplete) throw failure(e);
            }
        }
        return diskReaders.run(() -> readAnywhere(attempt));
    }

    private <R> R readAnywhere(Attempt<R> attempt) throws IOException {
        try {
            return use(() -> attempt.run(anywhere));
        } catch (RocksDBException e) {
            throw failure(e);
        }
    }

    private interface Native<R> {
        R run() throws RocksDBException;
    }

    private <R> R use(Native<R> call) throws RocksDBException {
        long stamp = using.readLock();
        try {
            if (closed) throw new StoreStoppedError("the store is closed");
            return call.run();
        } finally {
            using.unlockRead(stamp);
        }
    }

    private static IOException failure(RocksDBException e) {
        return new IOException("the store cannot read: " + e.getMessage(), e);
    }

    @Override
    public Optional<byte[]> get(Space space, byte[] key) throws IOException {
        return read(false, options -> Optional.ofNullable(db.get(family(space), options, key)));
    }

    @Override
    public List<Optional<byte[]>> getAll(Space space, List<byte[]> keys) throws IOException {
        // RocksDB's own call for many keys, as Java has it, tells "failed" and "absent" not apart.
        return read(keys.size() > LONG_SCAN_ENTRIES, options -> getAt(space, keys, options));
    }

    private List<Optional<byte[]>> getAt(Space space, List<byte[]> keys, ReadOptions options)
            throws RocksDBException {
        List<Optional<byte[]>> values = new ArrayList<>(keys.size());
        Snapshot snapshot = db.getSnapshot();
        try (ReadOptions atOnce = new ReadOptions(options).setSnapshot(snapshot)) {
            for (byte[] key : keys) {
                values.add(Optional.ofNullable(db.get(family(space), atOnce, key)));
            }
        } finally {
            db.releaseSnapshot(snapshot);
        }
        return values;
    }

    @Override
    public Engine.Found scan(Scan scan) throws IOException {
        return read(scan.maxEntries() > LONG_SCAN_ENTRIES, options -> scan(scan, options));
    }

    private Engine.Found scan(Scan scan, ReadOptions options) throws RocksDBException {
        byte[] to = scan.bounds().to();
        // The bounds keep the walk out of tombstones beyond the range. One iterator is one moment,
        // so the key beside the range, which stands before it, is looked up with it as well.
        byte[] from = scan.beside().orElse(scan.bounds().from());
        try (Slice upper = new Slice(to);
                Slice lower = new Slice(from);
                ReadOptions bounded =
                        new ReadOptions(options)
                                .setIterateUpperBound(upper)
                                .setIterateLowerBound(lower);
                RocksIterator at = db.newIterator(family(scan.space()), bounded)) {
            Optional<byte[]> beside = Optional.empty();
            if (scan.beside().isPresent()) beside = find(at, scan.beside().get());
            switch (scan.direction()) {
                case FORWARD -> at.seek(scan.bounds().from());
                case BACKWARD -> at.seekForPrev(to);
            }
            return walk(at, scan, beside);
        }
    }

    private static Optional<byte[]> find(RocksIterator at, byte[] key) throws RocksDBException {
        at.seek(key);
        if (!at.isValid()) at.status();
        return at.isValid() && Arrays.equals(at.key(), key)
                ? Optional.of(at.value())
                : Optional.empty();
    }

    private static Engine.Found walk(RocksIterator at, Scan scan, Optional<byte[]> beside)
            throws RocksDBException {
        byte[] from = scan.bounds().from();
        List<Stored> entries = new ArrayList<>();
        long bytes = 0;
        boolean forward = scan.direction() == Reads.Direction.FORWARD;
        while (at.isValid()) {
            byte[] key = at.key();
            if (!forward && Arrays.compareUnsigned(key, from) < 0) {
                return new Engine.Found(entries, false, beside);
            }
            byte[] value = at.value();
            bytes += value.length - ValueHeader.BYTES;
            boolean full = entries.size() == scan.maxEntries() || bytes > scan.maxBytes();
            if (full && !entries.isEmpty()) return new Engine.Found(entries, true, beside);
            entries.add(new Stored(key, value));
            if (forward) at.next();
            else at.prev();
        }
        at.status();
        return new Engine.Found(entries, false, beside);
    }

    @Override
    public void write(List<Op> ops, boolean sync) throws IOException {
        try (WriteBatch batch = new WriteBatch(encoder.encode(ops))) {
            db.write(sync ? synced : unsynced, batch);
        } catch (RocksDBException e) {
            throw new IOException("the store cannot write: " + e.getMessage(), e);
        }
    }

    @Override
    public void writeHighWater() throws IOException {
        highWater.write(db.getLatestSequenceNumber());
    }

    @Override
    public void close() {
        diskReaders.close();
        long stamp = using.writeLock();
        try {
            if (closed) return;
            closed = true;
            data.close();
            pieces.close();
            db.close();
            synced.close();
            unsynced.close();
            anywhere.close();
            inMemory.close();
            settings.close();
            highWater.close();
            folder.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } finally {
            using.unlockWrite(stamp);
        }
    }
}
