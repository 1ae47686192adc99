package mansio.state.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Changes of a partition that the engine does not have yet. A deleted range hides what lies below
 * this overlay; what the overlay itself has in it was put later. Guarded by its owner.
 */
final class Overlay {
    /**
     * A key's new stored value, or empty when it is deleted. Compared by identity: a later equal
     * change of the same key is another one.
     */
    static final class Change {
        private final Optional<byte[]> stored;

        Change(Optional<byte[]> stored) {
            this.stored = stored;
        }

        Optional<byte[]> stored() {
            return stored;
        }
    }

    /** A deleted range, compared by identity as well. */
    private static final class Deleted {
        private final Range range;

        Deleted(Range range) {
            this.range = range;
        }
    }

    private static final Change HIDDEN = new Change(Optional.empty());

    private final TreeMap<Key, Change> changes = new TreeMap<>();
    private final List<Deleted> ranges = new ArrayList<>();

    void put(Key key, byte[] stored) {
        changes.put(key, new Change(Optional.of(stored)));
    }

    void delete(Key key) {
        changes.put(key, new Change(Optional.empty()));
    }

    void deleteRange(Range range) {
        add(new Deleted(range));
    }

    private void add(Deleted deleted) {
        within(deleted.range).clear();
        ranges.add(deleted);
    }

    boolean isEmpty() {
        return changes.isEmpty() && ranges.isEmpty();
    }

    int size() {
        return changes.size() + ranges.size();
    }

    /** What this overlay says about a key; empty when it says nothing. */
    Optional<Change> find(Key key) {
        Change change = changes.get(key);
        if (change != null) return Optional.of(change);
        for (Deleted deleted : ranges) if (deleted.range.contains(key)) return Optional.of(HIDDEN);
        return Optional.empty();
    }

    /** Changes in key order. */
    NavigableMap<Key, Change> changes() {
        return changes;
    }

    /** Lays later changes over these. */
    void add(Overlay later) {
        for (Deleted deleted : later.ranges) add(deleted);
        changes.putAll(later.changes);
    }

    /** Lays those later changes over these that touch {@code range}. */
    void add(Overlay later, Range range) {
        for (Deleted deleted : later.ranges) if (overlap(deleted.range, range)) add(deleted);
        changes.putAll(later.within(range));
    }

    /** Takes out what is durable by now, unless it was changed again. */
    void remove(Overlay durable) {
        for (Map.Entry<Key, Change> entry : durable.changes.entrySet()) {
            changes.remove(entry.getKey(), entry.getValue());
        }
        ranges.removeAll(durable.ranges);
    }

    /** The changes as the engine takes them: ranges first. */
    void addOps(byte[] partition, List<Op> ops) {
        for (Deleted deleted : ranges) {
            ops.add(
                    new Op.DeleteRange(
                            Space.DATA,
                            EngineKeys.data(partition, deleted.range.from()),
                            EngineKeys.data(partition, deleted.range.to())));
        }
        for (Map.Entry<Key, Change> entry : changes.entrySet()) {
            byte[] key = EngineKeys.data(partition, entry.getKey());
            Optional<byte[]> stored = entry.getValue().stored();
            ops.add(
                    stored.isPresent()
                            ? new Op.Put(Space.DATA, key, stored.get())
                            : new Op.Delete(Space.DATA, key));
        }
    }

    private NavigableMap<Key, Change> within(Range range) {
        return changes.subMap(range.from(), true, range.to(), false);
    }

    private static boolean overlap(Range a, Range b) {
        return a.from().compareTo(b.to()) < 0 && b.from().compareTo(a.to()) < 0;
    }
}
