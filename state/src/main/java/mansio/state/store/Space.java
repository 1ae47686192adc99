package mansio.state.store;

/** The two ordered spaces of an engine. */
enum Space {
    /** Keys of partitions, holders, and the store's own notes. */
    DATA,
    /** Pieces of blobs: {@code blob id, piece number}. */
    PIECES
}
