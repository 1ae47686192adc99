package mansio.codec.text;

/**
 * How many inputs a random test draws, and from which seed on. A build draws few; a long run says
 * {@code -Dmansio.seeds=500000}, and {@code -Dmansio.seed=8} begins at another one.
 */
public final class Seeds {
    private Seeds() {}

    /** How many inputs: {@code usual} in a build. */
    public static int count(int usual) {
        return Integer.getInteger("mansio.seeds", usual);
    }

    /** The first seed: {@code usual} when none is asked for. */
    public static long first(long usual) {
        return Long.getLong("mansio.seed", usual);
    }
}
