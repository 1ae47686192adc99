package mansio.state.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads of one partition's durable state. */
final class PartitionReads implements Reads {
    private final Engine engine;
    private final byte[] prefix;

    PartitionReads(Engine engine, byte[] prefix) {
        this.engine = engine;
        this.prefix = prefix;
    }

    long version() throws IOException {
        return versionIn(engine.get(Space.DATA, EngineKeys.version(prefix)));
    }

    private long versionIn(Optional<byte[]> stored) throws IOException {
        if (stored.isEmpty()) return 0;
        return ByteBuffer.wrap(ValueHeader.unwrap(EngineKeys.version(prefix), stored.get()))
                .getLong();
    }

    @Override
    public Optional<byte[]> get(Key key) throws IOException {
        byte[] full = EngineKeys.data(prefix, key);
        return unwrap(full, engine.get(Space.DATA, full));
    }

    @Override
    public List<Optional<byte[]>> getAll(List<Key> keys) throws IOException {
        List<byte[]> full = new ArrayList<>(keys.size());
        for (Key key : keys) full.add(EngineKeys.data(prefix, key));
        List<Optional<byte[]>> stored = engine.getAll(Space.DATA, full);
        List<Optional<byte[]>> values = new ArrayList<>(keys.size());
        for (int i = 0; i < stored.size(); i++) values.add(unwrap(full.get(i), stored.get(i)));
        return values;
    }

    private static Optional<byte[]> unwrap(byte[] key, Optional<byte[]> stored) throws IOException {
        return stored.isEmpty()
                ? Optional.empty()
                : Optional.of(ValueHeader.unwrap(key, stored.get()));
    }

    @Override
    public Page scan(Range range, Direction direction, int maxEntries, int maxBytes)
            throws IOException {
        if (maxEntries < 1 || maxEntries > MAX_SCAN_ENTRIES) {
            throw new IllegalArgumentException("scan of " + maxEntries + " entries");
        }
        if (maxBytes < 1 || maxBytes > MAX_SCAN_BYTES) {
            throw new IllegalArgumentException("scan of " + maxBytes + " bytes");
        }
        Engine.Bounds bounds =
                new Engine.Bounds(
                        EngineKeys.data(prefix, range.from()), EngineKeys.data(prefix, range.to()));
        Engine.Found slice =
                engine.scan(
                        new Engine.Scan(
                                Space.DATA,
                                bounds,
                                direction,
                                maxEntries,
                                maxBytes,
                                Optional.of(EngineKeys.version(prefix))));
        List<Entry> entries = new ArrayList<>(slice.entries().size());
        for (Engine.Stored stored : slice.entries()) {
            byte[] key = stored.key();
            entries.add(
                    new Entry(
                            Key.ofBytes(Arrays.copyOfRange(key, prefix.length, key.length)),
                            ValueHeader.unwrap(key, stored.value())));
        }
        return new Page(entries, versionIn(slice.beside()), slice.more());
    }
}
