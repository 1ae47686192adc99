package mansio.state.queue;

import mansio.net.time.Time;
import mansio.state.store.Content;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Entries that were accepted a moment ago, as the last turn left them: most are sent at once, and
 * need not be read again. Here is an entry or nothing; nothing says nothing.
 *
 * <p>An entry is put here when the write that made it what it is has returned, and taken out in
 * each turn that changes it, so what is found in a turn is what the turn would read. No entry here
 * shares its blobs with a report: who makes one calls {@link #forget}.
 *
 * <p>Who sends takes the oldest first, so a new entry does not push out older ones: when there is
 * no room it is left to the disk, unless the oldest is stale. Safe for use by any thread; {@link
 * #lock} guards all of it.
 */
final class FreshEntries {
    /** What is kept in all, about, where the heap is big enough. */
    private static final long MOST_BYTES = 24L << 20;

    /** An entry and its envelope; the same again for each recipient. */
    private static final int ABOUT_BYTES = 1 << 10;

    /** What nobody was done with by then waits for a reason that lasts longer. */
    static final Duration STALE = Duration.ofMinutes(1);

    private static final class Slot {
        private final long sinceNanos;
        private final int bytes;

        /** Of the last turn that touched it. */
        private long version;

        /** Null while that turn has not returned, or has failed. */
        private @Nullable QueueEntry entry;

        Slot(long sinceNanos, int bytes, long version) {
            this.sinceNanos = sinceNanos;
            this.bytes = bytes;
            this.version = version;
        }
    }

    private final Time time;
    private final long maxBytes;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<QueueId, Slot> slots = new LinkedHashMap<>();
    private long bytes;

    FreshEntries(Time time, long maxBytes) {
        this.time = time;
        this.maxBytes = maxBytes;
    }

    /** With a sixteenth of the heap at most. */
    static FreshEntries usual(Time time) {
        return new FreshEntries(time, Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / 16));
    }

    /** In the turn that inserts it. */
    void inserting(QueueEntry entry, long version) {
        int size = size(entry);
        long now = time.nanos();
        lock.lock();
        try {
            dropStale(now);
            if (bytes + size > maxBytes || slots.containsKey(entry.id())) return;
            slots.put(entry.id(), new Slot(now, size, version));
            bytes += size;
        } finally {
            lock.unlock();
        }
    }

    private static int size(QueueEntry entry) {
        int size = ABOUT_BYTES * (1 + entry.recipients().size());
        for (Content.Piece piece : entry.content().pieces())
            if (piece instanceof Content.Inline inline) size += (int) inline.length();
        return size;
    }

    private void dropStale(long now) {
        Iterator<Map.Entry<QueueId, Slot>> oldest = slots.entrySet().iterator();
        while (oldest.hasNext()) {
            Slot slot = oldest.next().getValue();
            if (now - slot.sinceNanos < STALE.toNanos()) return;
            oldest.remove();
            bytes -= slot.bytes;
        }
    }

    /** In a turn that changes it and lets it be. */
    void changing(QueueId id, long version) {
        lock.lock();
        try {
            Slot slot = slots.get(id);
            if (slot == null) return;
            slot.version = version;
            slot.entry = null;
        } finally {
            lock.unlock();
        }
    }

    /** After the write of the turn with that version has returned. */
    void written(QueueEntry entry, long version) {
        lock.lock();
        try {
            Slot slot = slots.get(entry.id());
            // A later turn may have changed it before this one's writer came here.
            if (slot != null && slot.version == version) slot.entry = entry;
        } finally {
            lock.unlock();
        }
    }

    /** In a turn that takes it where this is not kept: to its end, or to a long wait. */
    void forget(QueueId id) {
        lock.lock();
        try {
            Slot slot = slots.remove(id);
            if (slot != null) bytes -= slot.bytes;
        } finally {
            lock.unlock();
        }
    }

    /** As the last turn that has returned left it, if it is known. */
    Optional<QueueEntry> find(QueueId id) {
        lock.lock();
        try {
            return Optional.ofNullable(slots.get(id)).map(slot -> slot.entry);
        } finally {
            lock.unlock();
        }
    }
}
