package mansio.codec.imap;

import java.util.Arrays;

/**
 * RFC 9051 9: sequence-set, as a client wrote it: message sequence numbers or UIDs, depending on
 * the command. What {@code *} stands for is known only where the mailbox is: {@link
 * Ranges#resolve}.
 */
public sealed interface SequenceSet {
    /**
     * RFC 5182 section 2.1: seq-last-command = "$", the result of the last SEARCH RETURN (SAVE).
     */
    record Saved() implements SequenceSet {
        @Override
        public String toString() {
            return "$";
        }
    }

    /** Numbers and ranges in the order they were written. Immutable. */
    final class Ranges implements SequenceSet {
        /** Stands for {@code *}: the largest number in use. */
        public static final long STAR = Long.MAX_VALUE;

        // Pairs: first, last. Either may be STAR, and the first may be the larger one.
        private final long[] bounds;

        private Ranges(long[] bounds) {
            this.bounds = bounds;
        }

        /** The range between two numbers, of which {@link #STAR} may be one. */
        public static Ranges of(long first, long last) {
            return new Ranges(new long[] {first, last});
        }

        /** The same numbers as {@code ranges}. */
        public static Ranges of(NumberRanges ranges) {
            long[] bounds = new long[ranges.rangeCount() * 2];
            for (int i = 0; i < ranges.rangeCount(); i++) {
                bounds[i * 2] = ranges.first(i);
                bounds[i * 2 + 1] = ranges.last(i);
            }
            return new Ranges(bounds);
        }

        /** True when the set names the largest number in use. */
        public boolean hasStar() {
            for (long bound : bounds) {
                if (bound == STAR) {
                    return true;
                }
            }
            return false;
        }

        /** The largest number written, {@code *} apart; 0 when there is only {@code *}. */
        public long largest() {
            long largest = 0;
            for (long bound : bounds) {
                if (bound != STAR) {
                    largest = Math.max(largest, bound);
                }
            }
            return largest;
        }

        /**
         * The numbers meant when {@code largest} is the largest one in use; for an empty mailbox
         * the caller says what {@code *} is (RFC 9051 section 9, seq-number).
         */
        public NumberRanges resolve(long largest) {
            long[] resolved = new long[bounds.length];
            for (int i = 0; i < bounds.length; i += 2) {
                long one = bounds[i] == STAR ? largest : bounds[i];
                long other = bounds[i + 1] == STAR ? largest : bounds[i + 1];
                resolved[i] = Math.min(one, other);
                resolved[i + 1] = Math.max(one, other);
            }
            return NumberRanges.ofUnordered(resolved);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Ranges ranges && Arrays.equals(bounds, ranges.bounds);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bounds);
        }

        /** As RFC 9051 writes it. */
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < bounds.length; i += 2) {
                text.append(i == 0 ? "" : ",").append(number(bounds[i]));
                if (bounds[i] != bounds[i + 1]) {
                    text.append(':').append(number(bounds[i + 1]));
                }
            }
            return text.toString();
        }

        private static String number(long bound) {
            return bound == STAR ? "*" : Long.toString(bound);
        }
    }

    /**
     * RFC 9051 9: sequence-set = (seq-number / seq-range) ["," sequence-set]; sequence-set =/
     * seq-last-command.
     */
    static SequenceSet parse(CommandInput in) throws BadCommandException {
        return in.take('$') ? new Saved() : parseRanges(in);
    }

    /** RFC 7162 section 3.2.5.2: a sequence-set in which {@code $} has no meaning. */
    static Ranges parseRanges(CommandInput in) throws BadCommandException {
        long[] bounds = new long[2];
        int count = 0;
        do {
            if (count == Limits.RANGES) {
                throw BadCommandException.limit("Too many ranges in a sequence set");
            }
            if (count * 2 == bounds.length) {
                bounds = Arrays.copyOf(bounds, bounds.length * 4);
            }
            bounds[count * 2] = seqNumber(in);
            bounds[count * 2 + 1] = in.take(':') ? seqNumber(in) : bounds[count * 2];
            count++;
        } while (in.take(','));
        return new Ranges(Arrays.copyOf(bounds, count * 2));
    }

    // RFC 9051 9: seq-number = nz-number / "*"
    private static long seqNumber(CommandInput in) throws BadCommandException {
        return in.take('*') ? Ranges.STAR : in.nzNumber();
    }
}
