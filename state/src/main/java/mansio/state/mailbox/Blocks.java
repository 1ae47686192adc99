package mansio.state.mailbox;

/** Searching in blocks that are in order of their keys. No state; any thread. */
final class Blocks {
    private Blocks() {}

    /** The place of the only block that may hold {@code uid}: -1 when all begin behind it. */
    static int holding(Block[] blocks, long uid) {
        int low = 0;
        int high = blocks.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (blocks[middle].key() <= uid) low = middle + 1;
            else high = middle - 1;
        }
        return high;
    }
}
