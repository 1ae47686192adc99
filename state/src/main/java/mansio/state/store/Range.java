package mansio.state.store;

/**
 * Keys from {@code from} (included) to {@code to} (not included). There is always a lower bound: a
 * scan from the beginning of a table whose head was deleted walks over every tombstone (measured:
 * 21 ms against 0.5 ms).
 */
public record Range(Key from, Key to) {
    public Range {
        if (from.compareTo(to) > 0)
            throw new IllegalArgumentException("range " + from + " to " + to);
    }

    /** All keys that start with {@code prefix}. */
    public static Range prefix(Key prefix) {
        return new Range(prefix, prefix.afterPrefix());
    }

    public boolean contains(Key key) {
        return from.compareTo(key) <= 0 && key.compareTo(to) < 0;
    }
}
