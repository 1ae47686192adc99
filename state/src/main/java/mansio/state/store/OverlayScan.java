package mansio.state.store;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * One scan inside a turn: the engine's entries of a range merged with an overlay of it. Engine
 * pages may belong to different moments; what changes between them is in the overlay.
 */
final class OverlayScan {
    private final Reads engine;
    private final Overlay overlay;
    private final Range range;
    private final Reads.Direction direction;

    private final Iterator<Map.Entry<Key, Overlay.Change>> changes;
    private @Nullable Entry nextChange;

    private List<Entry> fetched = List.of();
    private int position;
    private boolean engineMore = true;
    private @Nullable Key lastFetched;

    OverlayScan(Reads engine, Overlay overlay, Range range, Reads.Direction direction) {
        this.engine = engine;
        this.overlay = overlay;
        this.range = range;
        this.direction = direction;
        var within = overlay.changes().subMap(range.from(), true, range.to(), false);
        changes =
                switch (direction) {
                    case FORWARD -> within.entrySet().iterator();
                    case BACKWARD -> within.descendingMap().entrySet().iterator();
                };
        nextChange = takeChange();
    }

    Page page(int maxEntries, int maxBytes, long version) throws IOException {
        List<Entry> entries = new ArrayList<>();
        int bytes = 0;
        while (true) {
            Entry stored = peekStored(maxEntries, maxBytes);
            Entry change = nextChange;
            if (stored == null && change == null) return new Page(entries, version, false);
            boolean takeStored =
                    change == null || (stored != null && isBefore(stored.key(), change.key()));
            Entry next = takeStored ? stored : change;
            if (next == null) throw new IllegalStateException("nothing to take");
            boolean full =
                    entries.size() == maxEntries || bytes + (long) next.value().length > maxBytes;
            if (full && !entries.isEmpty()) return new Page(entries, version, true);
            entries.add(next);
            bytes += next.value().length;
            if (takeStored) position++;
            else nextChange = takeChange();
        }
    }

    private boolean isBefore(Key a, Key b) {
        return switch (direction) {
            case FORWARD -> a.compareTo(b) < 0;
            case BACKWARD -> a.compareTo(b) > 0;
        };
    }

    private @Nullable Entry takeChange() {
        while (changes.hasNext()) {
            Map.Entry<Key, Overlay.Change> change = changes.next();
            if (change.getValue().stored().isPresent()) {
                byte[] stored = change.getValue().stored().get();
                byte[] value =
                        java.util.Arrays.copyOfRange(stored, ValueHeader.BYTES, stored.length);
                return new Entry(change.getKey(), value);
            }
        }
        return null;
    }

    /** The next entry of the engine that the overlay says nothing about. */
    private @Nullable Entry peekStored(int maxEntries, int maxBytes) throws IOException {
        while (true) {
            while (position < fetched.size()) {
                Entry entry = fetched.get(position);
                if (overlay.find(entry.key()).isEmpty()) return entry;
                position++;
            }
            if (!engineMore) return null;
            Page page = engine.scan(rest(), direction, maxEntries, maxBytes);
            fetched = page.entries();
            position = 0;
            engineMore = page.more();
            if (!fetched.isEmpty()) lastFetched = fetched.getLast().key();
        }
    }

    private Range rest() {
        Key last = lastFetched;
        if (last == null) return range;
        return switch (direction) {
            case FORWARD -> new Range(last.next(), range.to());
            case BACKWARD -> new Range(range.from(), last);
        };
    }
}
