package mansio.state.store;

import mansio.net.time.Time;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The pieces of short blobs that have just become durable: what comes in is mostly read again at
 * once, to be sent on, and then let go of. A piece is forgotten when somebody lets go of its blob.
 *
 * <p>Who sends takes the oldest first, so a new piece does not push out older ones: when there is
 * no room it is left to the engine, unless the oldest is stale. Pieces never change. Safe for use
 * by any thread; {@link #lock} guards all of it.
 */
final class FreshPieces {
    /** What is kept in all, where the heap is big enough: some seconds of mail that comes in. */
    private static final long MOST_BYTES = 48L << 20;

    /** What a piece costs besides its bytes. */
    private static final int BESIDE_BYTES = 128;

    /** What nobody let go of by then waits for a reason that lasts longer. */
    static final Duration STALE = Duration.ofMinutes(1);

    private record Piece(byte[] stored, long sinceNanos) {
        int bytes() {
            return stored.length + BESIDE_BYTES;
        }
    }

    private final Time time;
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<BlobId, Piece> pieces = new LinkedHashMap<>();
    private long bytes;

    FreshPieces(Time time, long maxBytes) {
        this.time = time;
        this.maxBytes = maxBytes;
    }

    /** With an eighth of the heap at most. */
    static FreshPieces usual(Time time) {
        return new FreshPieces(time, Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / 8));
    }

    /** The stored form of the only piece of a blob. */
    Optional<byte[]> get(BlobId blob) {
        lock.lock();
        try {
            return Optional.ofNullable(pieces.get(blob)).map(Piece::stored);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Keeps the only piece of a blob, where there is room.
     *
     * @param stored as the engine has it; nobody changes it any more
     */
    void put(BlobId blob, byte[] stored) {
        long now = time.nanos();
        Piece piece = new Piece(stored, now);
        lock.lock();
        try {
            dropStale(now);
            if (bytes + piece.bytes() > maxBytes || pieces.containsKey(blob)) return;
            pieces.put(blob, piece);
            bytes += piece.bytes();
        } finally {
            lock.unlock();
        }
    }

    private void dropStale(long now) {
        Iterator<Map.Entry<BlobId, Piece>> oldest = pieces.entrySet().iterator();
        while (oldest.hasNext()) {
            Piece piece = oldest.next().getValue();
            if (now - piece.sinceNanos < STALE.toNanos()) return;
            oldest.remove();
            bytes -= piece.bytes();
        }
    }

    /** Somebody lets go of the blob, or it is being deleted. */
    void remove(BlobId blob) {
        lock.lock();
        try {
            Piece piece = pieces.remove(blob);
            if (piece != null) bytes -= piece.bytes();
        } finally {
            lock.unlock();
        }
    }

    /** What is kept now; for tests. */
    long bytes() {
        lock.lock();
        try {
            return bytes;
        } finally {
            lock.unlock();
        }
    }
}
