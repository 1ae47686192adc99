package mansio.state.store;

/**
 * A command's turn to write to its partition. Reads see what this command, and the commands before
 * it in the same write, have written. Valid only inside {@link Command#run}, on its thread.
 */
public interface Turn extends Reads {
    /** Values may be this long; a longer thing belongs into a blob. */
    int MAX_VALUE_BYTES = 64 << 10;

    /**
     * One command may write this many entries. A larger one works in steps (docs/design/store.md,
     * "large commands").
     */
    int MAX_ENTRIES = 5_000;

    /** One command may write this many bytes of keys and values. */
    int MAX_BYTES = 900 << 10;

    /**
     * The version this command will have: one more than the command before it. MODSEQ and JMAP
     * state are this number.
     */
    long version();

    void put(Key key, byte[] value);

    void delete(Key key);

    void deleteRange(Range range);

    /**
     * Makes this partition a holder of the blob, no later than the reference that this turn writes.
     * A blob still being staged by this process, or one that this partition or {@code from} already
     * holds, may be held.
     */
    void hold(BlobId blob);

    /**
     * Gives up this partition's hold. The blob goes away some time after its last holder has gone.
     */
    void release(BlobId blob);
}
