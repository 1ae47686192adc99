package mansio.state.mailbox;

import java.util.Arrays;

/**
 * Up to {@value #MAX_ROWS} placements of a mailbox that follow each other by UID: what may change
 * about them, and their sizes. Immutable; shared by all views in which it did not change.
 *
 * <p>The key is a UID that is not greater than the first of the rows and greater than every UID of
 * the block before; it stays when the first rows go.
 */
final class Block {
    /** Rows of a block that is not appended to any more. */
    static final int MAX_ROWS = 256;

    /** An append rewrites a block of fewer rows; behind a longer one a new block begins. */
    static final int TAIL_ROWS = 64;

    private final long key;
    private final int[] uids;
    private final int[] sizes;
    private final long[] modSeqs;
    private final Flags[] flags;
    private final long maxModSeq;

    /** Takes the arrays over. */
    private Block(long key, int[] uids, int[] sizes, Mutable mutable) {
        this.key = key;
        this.uids = uids;
        this.sizes = sizes;
        this.modSeqs = mutable.modSeqs;
        this.flags = mutable.flags;
        long max = 0;
        for (long modSeq : modSeqs) max = Math.max(max, modSeq);
        this.maxModSeq = max;
    }

    /** The columns that change. */
    record Mutable(long[] modSeqs, Flags[] flags) {}

    static Block of(long key, int[] uids, int[] sizes, Mutable mutable) {
        return new Block(key, uids, sizes, mutable);
    }

    static Block first(Row row) {
        return new Block(
                row.uid(),
                new int[] {(int) row.uid()},
                new int[] {(int) row.size()},
                new Mutable(new long[] {row.modSeq()}, new Flags[] {row.flags()}));
    }

    /** One placement. */
    record Row(long uid, long size, long modSeq, Flags flags) {}

    long key() {
        return key;
    }

    int rows() {
        return uids.length;
    }

    long uid(int row) {
        return uids[row] & UidSet.MAX_UID;
    }

    long size(int row) {
        return sizes[row] & 0xFFFF_FFFFL;
    }

    long modSeq(int row) {
        return modSeqs[row];
    }

    Flags flags(int row) {
        return flags[row];
    }

    Row row(int row) {
        return new Row(uid(row), size(row), modSeqs[row], flags[row]);
    }

    long firstUid() {
        return uid(0);
    }

    long lastUid() {
        return uid(uids.length - 1);
    }

    long maxModSeq() {
        return maxModSeq;
    }

    /** The row of a UID; negative when it is not here. */
    int find(long uid) {
        int low = 0;
        int high = uids.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long there = uid(middle);
            if (there == uid) return middle;
            if (there < uid) low = middle + 1;
            else high = middle - 1;
        }
        return -1;
    }

    Block append(Row row) {
        int n = uids.length;
        int[] moreUids = Arrays.copyOf(uids, n + 1);
        int[] moreSizes = Arrays.copyOf(sizes, n + 1);
        long[] moreModSeqs = Arrays.copyOf(modSeqs, n + 1);
        Flags[] moreFlags = Arrays.copyOf(flags, n + 1);
        moreUids[n] = (int) row.uid();
        moreSizes[n] = (int) row.size();
        moreModSeqs[n] = row.modSeq();
        moreFlags[n] = row.flags();
        return new Block(key, moreUids, moreSizes, new Mutable(moreModSeqs, moreFlags));
    }

    /** This block with the rows of the one behind it. */
    Block merge(Block behind) {
        int n = uids.length;
        int m = behind.uids.length;
        int[] allUids = Arrays.copyOf(uids, n + m);
        int[] allSizes = Arrays.copyOf(sizes, n + m);
        long[] allModSeqs = Arrays.copyOf(modSeqs, n + m);
        Flags[] allFlags = Arrays.copyOf(flags, n + m);
        System.arraycopy(behind.uids, 0, allUids, n, m);
        System.arraycopy(behind.sizes, 0, allSizes, n, m);
        System.arraycopy(behind.modSeqs, 0, allModSeqs, n, m);
        System.arraycopy(behind.flags, 0, allFlags, n, m);
        return new Block(key, allUids, allSizes, new Mutable(allModSeqs, allFlags));
    }

    /**
     * The rows for which {@code chosen} is true, with this block's key; there must be one at least.
     */
    Block keep(boolean[] chosen) {
        int n = 0;
        for (boolean one : chosen) if (one) n++;
        if (n == 0) throw new IllegalArgumentException("empty block");
        int[] keptUids = new int[n];
        int[] keptSizes = new int[n];
        long[] keptModSeqs = new long[n];
        Flags[] keptFlags = new Flags[n];
        int at = 0;
        for (int i = 0; i < chosen.length; i++) {
            if (!chosen[i]) continue;
            keptUids[at] = uids[i];
            keptSizes[at] = sizes[i];
            keptModSeqs[at] = modSeqs[i];
            keptFlags[at++] = flags[i];
        }
        return new Block(key, keptUids, keptSizes, new Mutable(keptModSeqs, keptFlags));
    }

    /** The same placements with other flags. */
    Block with(Mutable mutable) {
        return new Block(key, uids, sizes, mutable);
    }

    Mutable copyOfMutable() {
        return new Mutable(modSeqs.clone(), flags.clone());
    }
}
