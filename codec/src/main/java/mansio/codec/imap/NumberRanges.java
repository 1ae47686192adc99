package mansio.codec.imap;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A set of message sequence numbers or UIDs as ascending ranges that neither touch nor overlap:
 * what a {@link SequenceSet} comes to in one mailbox, and what COPYUID, VANISHED and ESEARCH print.
 * Immutable; as small as its number of gaps.
 */
public final class NumberRanges {
    public static final NumberRanges EMPTY = new NumberRanges(new long[0]);

    private final long[] bounds; // first, last; first, last; ...

    private NumberRanges(long[] bounds) {
        this.bounds = bounds;
    }

    /** The numbers from {@code first} to {@code last}; none when last is below first. */
    public static NumberRanges of(long first, long last) {
        return last < first ? EMPTY : new NumberRanges(new long[] {first, last});
    }

    /** Sorts and merges pairs, each with its first bound not above its last. */
    static NumberRanges ofUnordered(long[] pairs) {
        int count = pairs.length / 2;
        int[] order =
                IntStream.range(0, count)
                        .boxed()
                        .sorted((a, b) -> Long.compare(pairs[a * 2], pairs[b * 2]))
                        .mapToInt(Integer::intValue)
                        .toArray();
        Builder builder = new Builder();
        for (int i : order) {
            builder.addRange(pairs[i * 2], pairs[i * 2 + 1]);
        }
        return builder.build();
    }

    public boolean isEmpty() {
        return bounds.length == 0;
    }

    public int rangeCount() {
        return bounds.length / 2;
    }

    /** The first number of the range at {@code index}. */
    public long first(int index) {
        return bounds[index * 2];
    }

    /** The last number of the range at {@code index}, itself included. */
    public long last(int index) {
        return bounds[index * 2 + 1];
    }

    /** How many numbers there are in all. */
    public long size() {
        long size = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            size += bounds[i + 1] - bounds[i] + 1;
        }
        return size;
    }

    public boolean contains(long number) {
        int low = 0;
        int high = rangeCount() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (number < first(middle)) {
                high = middle - 1;
            } else if (number > last(middle)) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NumberRanges ranges && Arrays.equals(bounds, ranges.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }

    /** RFC 9051 9: uid-set; empty text for the empty set, which has no form on the wire. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < bounds.length; i += 2) {
            text.append(i == 0 ? "" : ",").append(bounds[i]);
            if (bounds[i] != bounds[i + 1]) {
                text.append(':').append(bounds[i + 1]);
            }
        }
        return text.toString();
    }

    /** Collects ascending numbers. Used by one thread. */
    public static final class Builder {
        private long[] bounds = new long[8];
        private int used;

        /** Adds a number that is not below any other added before. */
        public Builder add(long number) {
            return addRange(number, number);
        }

        /** Adds a range whose first number is not below the first of the range added before. */
        public Builder addRange(long first, long last) {
            if (used > 0 && first < bounds[used - 2]) {
                throw new IllegalArgumentException(first + " after " + bounds[used - 2]);
            }
            if (used > 0 && first <= bounds[used - 1] + 1) {
                bounds[used - 1] = Math.max(bounds[used - 1], last);
                return this;
            }
            if (used == bounds.length) {
                bounds = Arrays.copyOf(bounds, bounds.length * 2);
            }
            bounds[used++] = first;
            bounds[used++] = last;
            return this;
        }

        public boolean isEmpty() {
            return used == 0;
        }

        public NumberRanges build() {
            return used == 0 ? EMPTY : new NumberRanges(Arrays.copyOf(bounds, used));
        }
    }
}
