package mansio.state.store;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Reading a partition. */
public interface Reads {
    /** Entries a {@link #scan} may ask for at most. */
    int MAX_SCAN_ENTRIES = 10_000;

    /**
     * Bytes of values a {@link #scan} may ask for at most; one entry is given even when it alone is
     * larger.
     */
    int MAX_SCAN_BYTES = 4 << 20;

    /** Which end a scan starts from. */
    enum Direction {
        FORWARD,
        BACKWARD
    }

    /** The value of a key. */
    Optional<byte[]> get(Key key) throws IOException;

    /** The values of several keys at one moment, in their order. */
    List<Optional<byte[]>> getAll(List<Key> keys) throws IOException;

    /**
     * A page of a range at one moment. No cursor stays open: the next page starts behind the last
     * key of this one.
     */
    Page scan(Range range, Direction direction, int maxEntries, int maxBytes) throws IOException;
}
