package mansio.state.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The turn of one command. Lives on one thread while the command runs. */
final class PartitionTurn implements Turn {
    /** What the turn sees beneath its own changes. */
    interface Below {
        Optional<Overlay.Change> pending(Key key);

        /** A copy of what is on its way within {@code range}. */
        Overlay pending(Range range);
    }

    private record HoldChange(BlobId blob, boolean held) {}

    private final PartitionReads durable;
    private final Below below;
    private final byte[] prefix;
    private final long version;
    private final Overlay own = new Overlay();
    private final List<HoldChange> holdChanges = new ArrayList<>();
    private int entries;
    private int bytes;
    private boolean open = true;

    PartitionTurn(PartitionReads durable, Below below, byte[] prefix, long version) {
        this.durable = durable;
        this.below = below;
        this.prefix = prefix;
        this.version = version;
    }

    @Override
    public long version() {
        return version;
    }

    @Override
    public Optional<byte[]> get(Key key) throws IOException {
        checkOpen();
        Optional<Overlay.Change> change = change(key);
        if (change.isEmpty()) return durable.get(key);
        Optional<byte[]> stored = change.get().stored();
        return stored.isEmpty()
                ? Optional.empty()
                : Optional.of(ValueHeader.unwrap(EngineKeys.data(prefix, key), stored.get()));
    }

    private Optional<Overlay.Change> change(Key key) {
        Optional<Overlay.Change> mine = own.isEmpty() ? Optional.empty() : own.find(key);
        return mine.isPresent() ? mine : below.pending(key);
    }

    @Override
    public List<Optional<byte[]>> getAll(List<Key> keys) throws IOException {
        // Nobody else writes to the partition now, so one by one is one moment.
        List<Optional<byte[]>> values = new ArrayList<>(keys.size());
        for (Key key : keys) values.add(get(key));
        return values;
    }

    @Override
    public Page scan(Range range, Direction direction, int maxEntries, int maxBytes)
            throws IOException {
        checkOpen();
        Overlay view = below.pending(range);
        view.add(own, range);
        if (view.isEmpty()) {
            Page page = durable.scan(range, direction, maxEntries, maxBytes);
            return new Page(page.entries(), version - 1, page.more());
        }
        return new OverlayScan(durable, view, range, direction)
                .page(maxEntries, maxBytes, version - 1);
    }

    @Override
    public void put(Key key, byte[] value) {
        checkTable(key);
        if (value.length > MAX_VALUE_BYTES) {
            throw new IllegalArgumentException("value of " + value.length + " bytes at " + key);
        }
        count(key.length() + value.length);
        own.put(key, ValueHeader.wrap(EngineKeys.data(prefix, key), value));
    }

    @Override
    public void delete(Key key) {
        checkTable(key);
        count(key.length());
        own.delete(key);
    }

    @Override
    public void deleteRange(Range range) {
        checkTable(range.from());
        if (range.to().u8At(0) == EngineKeys.HOLD_TAG && range.to().length() > 1) {
            throw new IllegalArgumentException("range to " + range.to());
        }
        count(range.from().length() + range.to().length());
        own.deleteRange(range);
    }

    @Override
    public void hold(BlobId blob) {
        checkOpen();
        holdChanges.add(new HoldChange(blob, true));
    }

    @Override
    public void release(BlobId blob) {
        checkOpen();
        holdChanges.add(new HoldChange(blob, false));
    }

    private void checkOpen() {
        if (!open) throw new IllegalStateException("this turn is over");
    }

    private static void checkTable(Key key) {
        int tag = key.u8At(0);
        if (tag == EngineKeys.VERSION_TAG || tag == EngineKeys.HOLD_TAG) {
            throw new IllegalArgumentException("table " + tag + " belongs to the store");
        }
    }

    private void count(int more) {
        checkOpen();
        entries++;
        bytes += more;
        if (entries > MAX_ENTRIES || bytes > MAX_BYTES) {
            throw new IllegalStateException(
                    "a command of " + entries + " entries and " + bytes + " bytes");
        }
    }

    /** Ends the turn and works out the holds; the ops beside the partition go to {@code beside}. */
    Overlay finish(Holds holds, List<Op> beside) throws IOException {
        for (HoldChange change : holdChanges) {
            if (change.held) addHold(change.blob, holds, beside);
            else removeHold(change.blob, holds, beside);
        }
        open = false;
        return own;
    }

    private void addHold(BlobId blob, Holds holds, List<Op> beside) throws IOException {
        Key key = EngineKeys.hold(blob);
        // What is new to all is not on the disk: no look there.
        boolean isNew = change(key).isEmpty() && holds.isNew(blob);
        Optional<byte[]> mine = isNew ? Optional.empty() : get(key);
        int pieces =
                mine.isPresent() ? ByteBuffer.wrap(mine.get()).getInt() : holds.claim(blob, beside);
        byte[] value = ByteBuffer.allocate(4).putInt(pieces).array();
        own.put(key, ValueHeader.wrap(EngineKeys.data(prefix, key), value));
        byte[] holder = EngineKeys.holder(blob, prefix);
        beside.add(new Op.Put(Space.DATA, holder, ValueHeader.wrap(holder, value)));
    }

    private void removeHold(BlobId blob, Holds holds, List<Op> beside) throws IOException {
        Key key = EngineKeys.hold(blob);
        Optional<byte[]> mine = get(key);
        if (mine.isEmpty()) return;
        holds.released(blob);
        own.delete(key);
        beside.add(new Op.Delete(Space.DATA, EngineKeys.holder(blob, prefix)));
        byte[] loose = EngineKeys.loose(holds.nowMillis(), blob);
        beside.add(new Op.Put(Space.DATA, loose, ValueHeader.wrap(loose, mine.get())));
    }
}
