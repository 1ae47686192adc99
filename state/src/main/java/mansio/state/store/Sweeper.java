package mansio.state.store;

import mansio.net.time.Time;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Deletes in the background, a little at a time: blobs that had no holder for a day, and what is
 * left of erased partitions. Its work is proportional to what was released, not to what is kept:
 * each release leaves a note, ordered by time.
 *
 * <p>A blob that is about to be held again is safe at any clock: whoever hands a blob on says so
 * first and looks for a holder then ({@link StagedBlobs#startHandOn}); the sweeper looks for a
 * holder first and asks then.
 */
final class Sweeper implements Runnable {
    /** How long a blob stays without a holder: what an interrupted hand-over may need. */
    static final Duration GRACE = Duration.ofHours(24);

    private static final Logger LOG = LoggerFactory.getLogger(Sweeper.class);
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final int STEP_ENTRIES = 200;

    private final Engine engine;
    private final Committer committer;
    private final StagedBlobs blobs;
    private final Time time;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();
    private boolean closed;

    Sweeper(Engine engine, Committer committer, StagedBlobs blobs, Time time) {
        this.engine = engine;
        this.committer = committer;
        this.blobs = blobs;
        this.time = time;
    }

    @Override
    public void run() {
        while (waitForNext()) {
            try {
                sweep();
            } catch (IOException | RuntimeException e) {
                LOG.warn("sweeping goes on later", e);
            } catch (StoreStoppedError e) {
                return;
            }
        }
    }

    private boolean waitForNext() {
        long deadline = time.deadline(EVERY);
        lock.lock();
        try {
            boolean early = true;
            while (early && !closed) early = time.await(lock, closing, deadline);
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Deletes all that is due now. */
    void sweep() throws IOException {
        sweepErased();
        sweepLoose();
    }

    private void sweepLoose() throws IOException {
        Engine.Bounds due = EngineKeys.looseBefore(blobs.nowMillis() - GRACE.toMillis());
        Engine.Found page;
        do {
            page = engine.scan(forward(Space.DATA, due, STEP_ENTRIES));
            for (Engine.Stored note : page.entries()) trySweepLoose(note);
            if (!page.entries().isEmpty()) due = behind(page, due);
        } while (page.more());
    }

    /** A damaged note, which only verification can tell more of, does not stop the others. */
    private void trySweepLoose(Engine.Stored note) {
        try {
            sweepLoose(note);
        } catch (IOException e) {
            LOG.warn("a released blob is kept: {}", e.getMessage());
        }
    }

    private void sweepLoose(Engine.Stored note) throws IOException {
        BlobId blob = EngineKeys.blobOfLoose(note.key());
        List<Op> ops = new ArrayList<>();
        if (blobs.heldPieces(blob).isEmpty()) {
            if (blobs.staged(blob).isPresent() || blobs.isHandedOn(blob)) return;
            blobs.deleted(blob);
            int pieces = ByteBuffer.wrap(ValueHeader.unwrap(note.key(), note.value())).getInt();
            if (pieces == EngineKeys.PIECES_UNKNOWN) addPieces(blob, ops);
            for (int i = 0; i < pieces; i++) {
                ops.add(new Op.Delete(Space.PIECES, EngineKeys.piece(blob, i)));
            }
        }
        ops.add(new Op.Delete(Space.DATA, note.key()));
        write(ops);
    }

    private void addPieces(BlobId blob, List<Op> ops) throws IOException {
        Engine.Bounds rest = EngineKeys.pieces(blob);
        Engine.Found page;
        do {
            page = engine.scan(forward(Space.PIECES, rest, STEP_ENTRIES));
            for (Engine.Stored piece : page.entries()) {
                ops.add(new Op.Delete(Space.PIECES, piece.key()));
            }
            if (!page.entries().isEmpty()) rest = behind(page, rest);
        } while (page.more());
    }

    private void sweepErased() throws IOException {
        Engine.Bounds erasing = EngineKeys.allErasing();
        Engine.Found page = engine.scan(forward(Space.DATA, erasing, STEP_ENTRIES));
        for (Engine.Stored note : page.entries()) {
            Optional<PartitionId> partition = EngineKeys.partitionOfErasing(note.key());
            if (partition.isPresent()) erase(note.key(), EngineKeys.partition(partition.get()));
        }
    }

    private void erase(byte[] note, byte[] partition) throws IOException {
        Engine.Bounds holds = EngineKeys.holds(partition);
        Engine.Found page;
        do {
            page = engine.scan(forward(Space.DATA, holds, STEP_ENTRIES));
            List<Op> ops = new ArrayList<>();
            for (Engine.Stored hold : page.entries()) {
                BlobId blob = EngineKeys.blobOfStoredHold(hold.key());
                byte[] loose = EngineKeys.loose(blobs.nowMillis(), blob);
                byte[] pieces = ValueHeader.unwrap(hold.key(), hold.value());
                ops.add(new Op.Delete(Space.DATA, hold.key()));
                ops.add(new Op.Delete(Space.DATA, EngineKeys.holder(blob, partition)));
                ops.add(new Op.Put(Space.DATA, loose, ValueHeader.wrap(loose, pieces)));
            }
            if (!ops.isEmpty()) write(ops);
        } while (page.more());
        Op all = new Op.DeleteRange(Space.DATA, partition, EngineKeys.after(partition));
        write(List.of(all, new Op.Delete(Space.DATA, note)));
    }

    private static Engine.Scan forward(Space space, Engine.Bounds bounds, int maxEntries) {
        return new Engine.Scan(
                space,
                bounds,
                Reads.Direction.FORWARD,
                maxEntries,
                Reads.MAX_SCAN_BYTES,
                Optional.empty());
    }

    private static Engine.Bounds behind(Engine.Found page, Engine.Bounds bounds) {
        return new Engine.Bounds(EngineKeys.next(page.entries().getLast().key()), bounds.to());
    }

    /** Waits, so that sweeping never crowds out what people wait for. */
    private void write(List<Op> ops) {
        committer.await(blobs.submit(ops, Commit.Urgency.LAZY));
    }
}
