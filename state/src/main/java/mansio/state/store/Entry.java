package mansio.state.store;

/** A key and its value. The array is the reader's own copy. */
public record Entry(Key key, byte[] value) {}
