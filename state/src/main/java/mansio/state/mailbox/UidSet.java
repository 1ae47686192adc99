package mansio.state.mailbox;

import org.roaringbitmap.IntIterator;
import org.roaringbitmap.RoaringBitmap;

import java.util.NoSuchElementException;

/**
 * A set of UIDs (1 to 4,294,967,295), small in memory and quick to count in. Immutable; safe for
 * use by any thread.
 */
public final class UidSet {
    public static final long MAX_UID = 0xFFFF_FFFFL;
    public static final UidSet EMPTY = new UidSet(new RoaringBitmap());

    private final RoaringBitmap bits;

    /** Takes the bitmap over: nobody may change it any more. */
    private UidSet(RoaringBitmap bits) {
        this.bits = bits;
    }

    public static UidSet of(long... uids) {
        Builder builder = new Builder();
        for (long uid : uids) builder.add(uid);
        return builder.build();
    }

    /** All from {@code first} to {@code last}, both included; empty when first is greater. */
    public static UidSet range(long first, long last) {
        return new Builder().addRange(first, last).build();
    }

    public boolean contains(long uid) {
        return bits.contains((int) uid);
    }

    public int size() {
        return bits.getCardinality();
    }

    public boolean isEmpty() {
        return bits.isEmpty();
    }

    /** How many of the set are not greater than {@code uid}: its sequence number if it is in. */
    public int rank(long uid) {
        return bits.rank((int) uid);
    }

    /**
     * The UID at a place in order.
     *
     * @param index 0 for the lowest
     */
    public long select(int index) {
        return bits.select(index) & MAX_UID;
    }

    /** The lowest. */
    public long first() {
        if (isEmpty()) throw new NoSuchElementException("empty set of UIDs");
        return bits.first() & MAX_UID;
    }

    /** The highest. */
    public long last() {
        if (isEmpty()) throw new NoSuchElementException("empty set of UIDs");
        return bits.last() & MAX_UID;
    }

    public UidSet and(UidSet other) {
        return new UidSet(RoaringBitmap.and(bits, other.bits));
    }

    public UidSet or(UidSet other) {
        return new UidSet(RoaringBitmap.or(bits, other.bits));
    }

    public UidSet andNot(UidSet other) {
        return new UidSet(RoaringBitmap.andNot(bits, other.bits));
    }

    /** Called with each UID, in order. */
    @FunctionalInterface
    public interface UidConsumer {
        void accept(long uid);
    }

    /** Called with each run of UIDs that follow each other, in order. */
    @FunctionalInterface
    public interface RangeConsumer {
        void accept(long first, long last);
    }

    public void forEach(UidConsumer consumer) {
        IntIterator each = bits.getIntIterator();
        while (each.hasNext()) consumer.accept(each.next() & MAX_UID);
    }

    /** The shortest list of ranges that are this set. */
    public void forEachRange(RangeConsumer consumer) {
        long[] run = {-1, -1};
        forEach(
                uid -> {
                    if (run[0] >= 0 && uid == run[1] + 1) {
                        run[1] = uid;
                    } else {
                        if (run[0] >= 0) consumer.accept(run[0], run[1]);
                        run[0] = uid;
                        run[1] = uid;
                    }
                });
        if (run[0] >= 0) consumer.accept(run[0], run[1]);
    }

    public long[] toArray() {
        long[] all = new long[size()];
        int[] at = {0};
        forEach(uid -> all[at[0]++] = uid);
        return all;
    }

    /** Collects UIDs in any order. Used by one thread, once. */
    public static final class Builder {
        private final RoaringBitmap bits = new RoaringBitmap();

        public Builder add(long uid) {
            if (uid < 1 || uid > MAX_UID) throw new IllegalArgumentException("UID " + uid);
            bits.add((int) uid);
            return this;
        }

        public Builder addRange(long first, long last) {
            if (first < 1 || last > MAX_UID)
                throw new IllegalArgumentException("UIDs " + first + ":" + last);
            if (first <= last) bits.add(first, last + 1);
            return this;
        }

        public UidSet build() {
            return new UidSet(bits);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof UidSet that && bits.equals(that.bits);
    }

    @Override
    public int hashCode() {
        return bits.hashCode();
    }

    /** As IMAP prints a uid-set. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        forEachRange(
                (first, last) -> {
                    if (!text.isEmpty()) text.append(',');
                    text.append(first);
                    if (last > first) text.append(':').append(last);
                });
        return text.toString();
    }
}
