package mansio.state.store;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A blob in the making. Up to one piece it stays in memory until a command holds it, and travels in
 * that command's write. A longer one hands piece after piece to the committer, a few at a time, and
 * uses their buffers again.
 *
 * <p>Writing belongs to one thread; what commands of other threads touch is under {@link #lock}.
 */
final class StagedBlob implements BlobWriter {
    private static final int FIRST_BUFFER_BYTES = 8 << 10;

    /** Pieces of one blob that may wait for the committer. */
    private static final int PIECES_ON_THE_WAY = 3;

    private record Sent(Commit commit, byte[] buffer) {}

    private final BlobId id;
    private final StagedBlobs blobs;

    // The writer's own.
    private byte[] buffer = new byte[0];
    private int filled;
    private long length;
    private int reserved;
    private final ArrayDeque<Sent> sent = new ArrayDeque<>();

    // Read by others once the writer is finished.
    private volatile int pieceNumber;
    private volatile @Nullable Commit lastSent;
    private volatile boolean finished;

    private final ReentrantLock lock = new ReentrantLock();
    private int claims;
    private boolean held;
    private boolean durable;
    private boolean closed;
    private boolean gone;

    StagedBlob(BlobId id, StagedBlobs blobs) {
        this.id = id;
        this.blobs = blobs;
    }

    @Override
    public BlobId id() {
        return id;
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public long stagedBytes() {
        return reserved;
    }

    @Override
    public void write(byte[] from, int offset, int count) throws IOException {
        if (finished || closed) throw new IllegalStateException("blob " + id + " is finished");
        int done = 0;
        while (done < count) {
            // A full piece goes out only when more follows: the last one is marked.
            if (filled == Blobs.PIECE_BYTES) send(ValueHeader.PIECE);
            int room = Math.min(count - done, Blobs.PIECE_BYTES - filled);
            makeRoom(filled + room);
            System.arraycopy(from, offset + done, buffer, ValueHeader.BYTES + filled, room);
            filled += room;
            done += room;
        }
        length += count;
    }

    private void makeRoom(int bytes) throws IOException {
        if (buffer.length >= ValueHeader.BYTES + bytes) return;
        int capacity =
                pieceNumber == 0 && bytes <= FIRST_BUFFER_BYTES
                        ? FIRST_BUFFER_BYTES
                        : Blobs.PIECE_BYTES;
        reserve(capacity - Math.max(0, buffer.length - ValueHeader.BYTES));
        buffer = Arrays.copyOf(buffer, ValueHeader.BYTES + capacity);
    }

    private void reserve(int bytes) throws IOException {
        blobs.reserve(bytes);
        reserved += bytes;
    }

    /** Hands the full buffer on and takes another: a used one when enough are on their way. */
    private void send(byte format) throws IOException {
        Op.Put piece = seal(format);
        int number = pieceNumber;
        Commit commit =
                number == 0
                        ? blobs.writeAhead(id, piece)
                        : blobs.submit(List.of(piece), Commit.Urgency.AHEAD);
        lastSent = commit;
        pieceNumber = number + 1;
        sent.add(new Sent(commit, buffer));
        filled = 0;
        Sent oldest = sent.element();
        if (sent.size() >= PIECES_ON_THE_WAY || oldest.commit.isDone()) {
            oldest.commit.await();
            buffer = sent.remove().buffer;
        } else {
            buffer = new byte[0];
        }
    }

    private Op.Put seal(byte format) {
        byte[] key = EngineKeys.piece(id, pieceNumber);
        int end = ValueHeader.BYTES + filled;
        if (buffer.length < end) buffer = new byte[end];
        ValueHeader.seal(key, buffer, end, format);
        return new Op.Put(Space.PIECES, key, buffer, end);
    }

    @Override
    public void finish() throws IOException {
        if (finished) return;
        if (closed) throw new IllegalStateException("blob " + id + " is closed");
        if (pieceNumber == 0) {
            if (buffer.length == 0) buffer = new byte[ValueHeader.BYTES];
            var _ = seal(ValueHeader.LAST_PIECE);
        } else {
            // No waiting: a command that holds it stands behind the pieces in the committer's
            // queue.
            send(ValueHeader.LAST_PIECE);
            buffer = new byte[0];
            sent.clear(); // No buffer will be used again.
        }
        finished = true;
    }

    private void freeAll() {
        blobs.free(reserved);
        reserved = 0;
    }

    /** The pieces of the finished blob. */
    int pieces() {
        return Math.max(1, pieceNumber);
    }

    /** The only piece of a short blob, when no command has taken it along yet. */
    Optional<Op.Put> unwrittenPiece() {
        lock.lock();
        try {
            if (pieceNumber > 0 || held) return Optional.empty();
            byte[] key = EngineKeys.piece(id, 0);
            return Optional.of(new Op.Put(Space.PIECES, key, buffer, ValueHeader.BYTES + filled));
        } finally {
            lock.unlock();
        }
    }

    /** True when it is ready, and no command has taken it along yet. */
    boolean isHeldByNobody() {
        lock.lock();
        try {
            return finished && !gone && !held;
        } finally {
            lock.unlock();
        }
    }

    /** Reads what the engine does not have yet; empty when the engine has it. */
    Optional<Integer> readStaged(long position, byte[] to, int offset, int count) {
        int inMemory = pieceNumber;
        boolean ended = finished && inMemory > 0;
        if (ended || position < (long) inMemory * Blobs.PIECE_BYTES) {
            Commit last = lastSent;
            if (last != null) last.await();
            return Optional.empty();
        }
        lock.lock();
        try {
            // Who asks found it a moment ago; since then its command may have reached the disk.
            if (gone) return Optional.empty();
            int inPiece = (int) Math.min(position - (long) inMemory * Blobs.PIECE_BYTES, filled);
            int length = Math.min(count, filled - inPiece);
            if (length <= 0) return Optional.of(-1);
            System.arraycopy(buffer, ValueHeader.BYTES + inPiece, to, offset, length);
            return Optional.of(length);
        } finally {
            lock.unlock();
        }
    }

    /** Keeps the blob from being thrown away while a command works; false when it is gone. */
    boolean claim() {
        lock.lock();
        try {
            if (!finished || gone) return false;
            claims++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The command that claimed it has thrown, or is on its way to the disk. */
    void unclaim(boolean submitted) {
        lock.lock();
        try {
            claims--;
            held |= submitted;
            settle();
        } finally {
            lock.unlock();
        }
    }

    /** A command that holds it is on disk. */
    void durable() {
        lock.lock();
        try {
            durable = true;
            settle();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) return;
            closed = true;
            settle();
        } finally {
            lock.unlock();
        }
    }

    /** Lets go of the memory when nobody needs it, and of the pieces when nobody held them. */
    private void settle() {
        if (!closed || gone || claims > 0 || (held && !durable)) return;
        gone = true;
        if (held && pieceNumber == 0)
            blobs.keep(id, Arrays.copyOf(buffer, ValueHeader.BYTES + filled));
        blobs.forget(this);
        freeAll();
        buffer = new byte[0];
        sent.clear();
        if (!held && pieceNumber > 0) {
            List<Op> deletes = new ArrayList<>();
            for (int i = 0; i < pieceNumber; i++) {
                deletes.add(new Op.Delete(Space.PIECES, EngineKeys.piece(id, i)));
            }
            var _ = blobs.submit(deletes, Commit.Urgency.LAZY);
        }
    }
}
