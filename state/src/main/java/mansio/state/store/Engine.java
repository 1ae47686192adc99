package mansio.state.store;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * An ordered byte store with atomic writes. Reads come from any thread; {@link #write} only from
 * the {@link Committer}'s. Stored values carry their {@link ValueHeader}.
 */
interface Engine extends Closeable {
    Optional<byte[]> get(Space space, byte[] key) throws IOException;

    /** Several keys at one moment. */
    List<Optional<byte[]>> getAll(Space space, List<byte[]> keys) throws IOException;

    /** A part of a range, and one key beside it, at one moment. */
    Found scan(Scan scan) throws IOException;

    /**
     * Does all changes or none, in order. With {@code sync} they, and all before them, are on disk
     * when it returns. After an exception the state is unknown until the engine is opened again.
     */
    void write(List<Op> ops, boolean sync) throws IOException;

    /** Called by the committer at least each second after synced writes. */
    default void writeHighWater() throws IOException {}

    @Override
    void close();

    /** A part of a range: {@code from} included, {@code to} not. {@code beside} is read too. */
    record Scan(
            Space space,
            Bounds bounds,
            Reads.Direction direction,
            int maxEntries,
            int maxBytes,
            Optional<byte[]> beside) {}

    /** Keys from {@code from} (included) to {@code to} (not included). */
    record Bounds(byte[] from, byte[] to) {}

    /** What a scan found; {@code more} when the range goes on. */
    record Found(List<Stored> entries, boolean more, Optional<byte[]> beside) {}

    /** A key and a value as the engine keeps them. */
    record Stored(byte[] key, byte[] value) {}
}
