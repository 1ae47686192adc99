package mansio.state.store;

import mansio.net.time.Time;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writes what all partitions commit: one thread takes everything that waits, up to 1 MiB, and hands
 * it to the engine as one synced write. Nobody waits artificially: what arrives during a write is
 * the next one.
 *
 * <p>Two queues, each in order. Pieces of blobs go first and need no sync; a commit goes in the
 * same write as, or after, all pieces that were submitted before it. So a reference is never on
 * disk before the pieces it needs.
 *
 * <p>After a failed write the process ends: {@link Halt}.
 */
final class Committer implements Runnable {
    /** What one write carries at most, unless a single commit is larger. */
    static final int WRITE_BYTES = 1 << 20;

    /** What may wait in all; over it submitters wait. */
    static final int QUEUE_BYTES = 16 << 20;

    /**
     * @param lazily how long a lazy commit may wait for company
     * @param highWater how often the high-water mark is written while there are writes; zero for
     *     never
     */
    record Pace(Duration lazily, Duration highWater) {}

    private record Waiting(Commit commit, long piecesBefore) {}

    private record Group(List<Commit> commits, boolean sync, boolean last) {}

    private final Engine engine;
    private final Time time;
    private final Pace pace;
    private final Halt halt;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final Condition ended = lock.newCondition();
    private final ArrayDeque<Commit> pieces = new ArrayDeque<>();
    private final ArrayDeque<Waiting> commits = new ArrayDeque<>();
    private long piecesSubmitted;
    private long piecesTaken;
    private long queuedBytes;
    private int syncedWaiting;
    private boolean demanded;
    private long lazyDeadline;
    private boolean highWaterDirty;
    private long highWaterDeadline;
    private boolean closing;
    private boolean stopped;

    Committer(Engine engine, Time time, Pace pace, Halt halt) {
        this.engine = engine;
        this.time = time;
        this.pace = pace;
        this.halt = halt;
    }

    /**
     * Takes a commit into the queue; waits only when too much waits already.
     *
     * @throws StoreStoppedError when the store has stopped
     */
    void submit(Commit commit) {
        lock.lock();
        try {
            while (queuedBytes > QUEUE_BYTES && !stopped) room.awaitUninterruptibly();
            if (stopped || closing) throw new StoreStoppedError("the store has stopped");
            queuedBytes += commit.bytes();
            switch (commit.urgency()) {
                case AHEAD -> {
                    pieces.add(commit);
                    piecesSubmitted++;
                }
                case LAZY -> {
                    if (commits.isEmpty()) lazyDeadline = time.deadline(pace.lazily());
                    commits.add(new Waiting(commit, piecesSubmitted));
                }
                case SYNCED -> {
                    commits.add(new Waiting(commit, piecesSubmitted));
                    syncedWaiting++;
                }
            }
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Waits for a commit; a lazy one waits for company no longer. */
    void await(Commit commit) {
        if (commit.urgency() == Commit.Urgency.LAZY && !commit.isDone()) {
            lock.lock();
            try {
                demanded = true;
                work.signal();
            } finally {
                lock.unlock();
            }
        }
        commit.await();
    }

    /** Writes all that waits and ends the committer's thread. */
    void close() {
        lock.lock();
        try {
            closing = true;
            work.signal();
            while (!stopped) ended.awaitUninterruptibly();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void run() {
        boolean going = true;
        while (going) {
            Group group = take();
            try {
                write(group);
            } catch (StoreStoppedError e) {
                stop(group);
                return;
            } catch (Throwable e) {
                halt.halt("the store cannot write: " + e, e);
                stop(group);
                return;
            }
            going = !group.last;
        }
        stop(new Group(List.of(), false, true));
    }

    private void write(Group group) throws java.io.IOException {
        if (!group.commits.isEmpty()) {
            engine.write(ops(group.commits), group.sync);
            for (Commit commit : group.commits) commit.done();
            if (group.sync && !highWaterDirty && pace.highWater.isPositive()) {
                highWaterDirty = true;
                highWaterDeadline = time.deadline(pace.highWater);
            }
        }
        if (highWaterDirty && (group.last || isOver(highWaterDeadline))) {
            engine.writeHighWater();
            highWaterDirty = false;
        }
    }

    private static List<Op> ops(List<Commit> commits) {
        if (commits.size() == 1) return commits.getFirst().ops();
        List<Op> all = new ArrayList<>();
        for (Commit commit : commits) all.addAll(commit.ops());
        return all;
    }

    private void stop(Group unfinished) {
        List<Commit> lost = new ArrayList<>(unfinished.commits);
        lock.lock();
        try {
            stopped = true;
            lost.addAll(pieces);
            for (Waiting waiting : commits) lost.add(waiting.commit);
            pieces.clear();
            commits.clear();
            room.signalAll();
            ended.signalAll();
        } finally {
            lock.unlock();
        }
        for (Commit commit : lost) if (!commit.isDone()) commit.lost();
    }

    /** Waits for something to do. */
    private Group take() {
        lock.lock();
        try {
            while (true) {
                if (commitsDue() || !pieces.isEmpty()) return collect();
                if (closing) return new Group(List.of(), false, true);
                Optional<Long> deadline = deadline();
                if (deadline.isEmpty()) {
                    work.awaitUninterruptibly();
                } else if (!time.await(lock, work, deadline.get())) {
                    if (highWaterDirty && isOver(highWaterDeadline)) {
                        return new Group(List.of(), false, false);
                    }
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private boolean commitsDue() {
        return !commits.isEmpty()
                && (syncedWaiting > 0
                        || demanded
                        || closing
                        || queuedBytes >= WRITE_BYTES
                        || isOver(lazyDeadline));
    }

    private boolean isOver(long deadline) {
        return time.nanos() - deadline >= 0;
    }

    private Optional<Long> deadline() {
        if (commits.isEmpty()) {
            return highWaterDirty ? Optional.of(highWaterDeadline) : Optional.empty();
        }
        boolean highWaterFirst = highWaterDirty && highWaterDeadline - lazyDeadline < 0;
        return Optional.of(highWaterFirst ? highWaterDeadline : lazyDeadline);
    }

    private Group collect() {
        List<Commit> group = new ArrayList<>();
        boolean withCommits = commitsDue();
        long bytes = 0;
        while (!pieces.isEmpty() && fits(group, bytes, pieces.peek())) {
            Commit piece = pieces.remove();
            piecesTaken++;
            bytes += piece.bytes();
            group.add(piece);
        }
        boolean sync = false;
        while (withCommits
                && !commits.isEmpty()
                && commits.peek().piecesBefore <= piecesTaken
                && fits(group, bytes, commits.peek().commit)) {
            Commit commit = commits.remove().commit;
            if (commit.urgency() == Commit.Urgency.SYNCED) syncedWaiting--;
            bytes += commit.bytes();
            group.add(commit);
            sync = true;
        }
        if (commits.isEmpty()) demanded = false;
        queuedBytes -= bytes;
        room.signalAll();
        return new Group(group, sync, false);
    }

    private static boolean fits(List<Commit> group, long bytes, Commit next) {
        return group.isEmpty() || bytes + next.bytes() <= WRITE_BYTES;
    }
}
