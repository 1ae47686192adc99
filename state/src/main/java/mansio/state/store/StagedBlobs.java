package mansio.state.store;

import mansio.net.time.Time;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;

/** All blobs: those being made in this process, and those in the engine. */
final class StagedBlobs implements Blobs {
    private final Engine engine;
    private final Committer committer;
    private final FreeSpace space;
    private final Time time;
    private final RandomGenerator random;
    private final long stagingLimit;

    private final ConcurrentHashMap<BlobId, StagedBlob> staged = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<BlobId, Integer> handedOn = new ConcurrentHashMap<>();
    private final PieceCache recent = new PieceCache();
    private final FreshPieces fresh;
    private final AtomicLong stagedBytes = new AtomicLong();
    private final AtomicLong lastId = new AtomicLong();

    StagedBlobs(Engine engine, Committer committer, FreeSpace space, Surroundings around) {
        this.engine = engine;
        this.committer = committer;
        this.space = space;
        this.time = around.time();
        this.random = around.random();
        this.fresh = FreshPieces.usual(around.time());
        this.stagingLimit = around.stagingLimitBytes();
    }

    @Override
    public BlobWriter create() throws IOException {
        space.check();
        StagedBlob blob = new StagedBlob(nextId(), this);
        staged.put(blob.id(), blob);
        return blob;
    }

    /** Ids of one process never go back, even when the clock does. */
    private BlobId nextId() {
        long now = nowMillis() << 16;
        long id = lastId.updateAndGet(last -> Math.max(now, last + 1));
        synchronized (random) {
            return new BlobId(id, random.nextLong());
        }
    }

    @Override
    public int read(BlobId blob, long position, byte[] to, int offset, int length)
            throws IOException {
        if (position < 0) throw new IllegalArgumentException("position " + position);
        if (length == 0) return 0;
        StagedBlob mine = staged.get(blob);
        if (mine != null) {
            Optional<Integer> read = mine.readStaged(position, to, offset, length);
            if (read.isPresent()) return read.get();
        }
        if (position / PIECE_BYTES > Integer.MAX_VALUE) return -1;
        int number = (int) (position / PIECE_BYTES);
        Optional<byte[]> kept = number == 0 ? fresh.get(blob) : Optional.empty();
        Optional<byte[]> cached = kept.isPresent() ? kept : recent.get(blob, number);
        Optional<byte[]> piece = cached.isPresent() ? cached : stored(blob, number);
        if (piece.isEmpty()) return endOrMissing(blob, number);
        byte[] stored = piece.get();
        int start = ValueHeader.BYTES + (int) (position % PIECE_BYTES);
        int count = Math.min(stored.length - start, length);
        if (count <= 0) return -1;
        System.arraycopy(stored, start, to, offset, count);
        if (kept.isPresent()) return count;
        // What was read whole in one go is mostly read once more: looked at, then sent.
        boolean more = start + count < stored.length || cached.isEmpty();
        if (more) recent.put(blob, number, stored);
        else recent.remove(blob, number);
        return count;
    }

    private Optional<byte[]> stored(BlobId blob, int number) throws IOException {
        byte[] key = EngineKeys.piece(blob, number);
        Optional<byte[]> stored = engine.get(Space.PIECES, key);
        if (stored.isPresent()) ValueHeader.check(key, stored.get());
        return stored;
    }

    /** A blob is being deleted. */
    void deleted(BlobId blob) {
        recent.remove(blob);
        fresh.remove(blob);
    }

    /** The only piece of a blob is durable, and will perhaps be read soon. */
    void keep(BlobId blob, byte[] stored) {
        fresh.put(blob, stored);
    }

    /** What {@link #keep} keeps now; for tests. */
    long freshBytes() {
        return fresh.bytes();
    }

    /** A partition lets go of a blob: whoever needed it soon has had it. */
    void released(BlobId blob) {
        fresh.remove(blob);
    }

    /** No such piece: fine behind the last one, damage otherwise. */
    private int endOrMissing(BlobId blob, int number) throws IOException {
        if (number > 0) {
            Optional<byte[]> before = engine.get(Space.PIECES, EngineKeys.piece(blob, number - 1));
            if (before.isPresent() && ValueHeader.isLastPiece(before.get())) return -1;
        }
        throw new BlobMissingException(blob);
    }

    /** A command is about to make another holder of a blob that has one. */
    void startHandOn(BlobId blob) {
        handedOn.merge(blob, 1, Integer::sum);
    }

    /** The command is durable, or has failed. */
    void endHandOn(BlobId blob) {
        handedOn.computeIfPresent(blob, (_, count) -> count == 1 ? null : count - 1);
    }

    boolean isHandedOn(BlobId blob) {
        return handedOn.containsKey(blob);
    }

    Optional<StagedBlob> staged(BlobId blob) {
        return Optional.ofNullable(staged.get(blob));
    }

    /** How many pieces a blob has, when somebody holds it. */
    Optional<Integer> heldPieces(BlobId blob) throws IOException {
        Engine.Found holders =
                engine.scan(
                        new Engine.Scan(
                                Space.DATA,
                                EngineKeys.holders(blob),
                                Reads.Direction.FORWARD,
                                1,
                                Reads.MAX_SCAN_BYTES,
                                Optional.empty()));
        if (holders.entries().isEmpty()) return Optional.empty();
        Engine.Stored holder = holders.entries().getFirst();
        return Optional.of(
                ByteBuffer.wrap(ValueHeader.unwrap(holder.key(), holder.value())).getInt());
    }

    /** Writes pieces that nothing refers to yet; a note beside them lets the sweeper find them. */
    Commit writeAhead(BlobId blob, Op.Put piece) {
        byte[] key = EngineKeys.loose(nowMillis(), blob);
        byte[] unknown = ByteBuffer.allocate(4).putInt(EngineKeys.PIECES_UNKNOWN).array();
        Op.Put note = new Op.Put(Space.DATA, key, ValueHeader.wrap(key, unknown));
        return submit(List.of(note, piece), Commit.Urgency.AHEAD);
    }

    Commit submit(List<Op> ops, Commit.Urgency urgency) {
        Commit commit = new Commit(ops, urgency, () -> {});
        committer.submit(commit);
        return commit;
    }

    /** Counts bytes of memory in use for blobs in the making. */
    void reserve(int bytes) throws IOException {
        space.check();
        if (stagedBytes.addAndGet(bytes) > stagingLimit) {
            stagedBytes.addAndGet(-bytes);
            throw space.tooMuchWaits(
                    "more than " + (stagingLimit >> 20) + " MiB of incoming messages in memory");
        }
    }

    void free(int bytes) {
        stagedBytes.addAndGet(-bytes);
    }

    long stagedBytes() {
        return stagedBytes.get();
    }

    void forget(StagedBlob blob) {
        staged.remove(blob.id(), blob);
    }

    long nowMillis() {
        return time.now().toEpochMilli();
    }
}
