package mansio.testkit.sim;

import java.util.stream.LongStream;

/**
 * Which seeds a random test runs. A build runs few; a long run sets how many with {@code
 * -Dmansio.seeds=5000}, and the first of them with {@code -Dmansio.seed=8}, which is also how one
 * that failed is run again.
 */
public final class Seeds {
    private Seeds() {}

    /** The seeds of a test that runs {@code count} in a build, from 1 on. */
    public static LongStream of(int count) {
        long first = first(1);
        return LongStream.range(first, first + count(count));
    }

    /** How many seeds, or inputs from one seed: {@code usual} in a build. */
    public static int count(int usual) {
        return Integer.getInteger("mansio.seeds", usual);
    }

    /** The first seed: {@code usual} when none is asked for. */
    public static long first(long usual) {
        return Long.getLong("mansio.seed", usual);
    }
}
