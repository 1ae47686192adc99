package mansio.state.mailbox;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A mailbox at one durable version: its UIDs in order with flags, sizes and MODSEQs. Immutable and
 * shared by all who look at the same version; a newer version shares what did not change. Safe for
 * use by any thread.
 *
 * <p>Sequence numbers are the session's: it keeps the UIDs it has announced and ranks in that set.
 * An index here is 0 for the lowest UID.
 */
public final class MailboxView {
    private final long mailboxId;
    private final MailboxCounts counts;
    private final Block[] blocks;

    /** The index of each block's first row, and the number of all rows behind them. */
    private final int[] starts;

    /** Null until somebody asks; made twice when two ask at once, which does no harm. */
    private volatile @Nullable UidSet uids;

    MailboxView(MailboxRow row, Block[] blocks) {
        this.mailboxId = row.id();
        this.counts = row.toStatus();
        this.blocks = blocks;
        starts = new int[blocks.length + 1];
        for (int i = 0; i < blocks.length; i++) starts[i + 1] = starts[i] + blocks[i].rows();
        if (size() != counts.messages())
            throw new IllegalStateException(
                    "mailbox " + mailboxId + ": " + size() + " placements, counted " + counts);
    }

    public long mailboxId() {
        return mailboxId;
    }

    /** As STATUS gives it, at this version. */
    public MailboxCounts counts() {
        return counts;
    }

    /** The number of messages. */
    public int size() {
        return starts[blocks.length];
    }

    /** The UIDs as a set; made once and shared. */
    public UidSet uids() {
        UidSet known = uids;
        if (known != null) return known;
        UidSet.Builder builder = new UidSet.Builder();
        for (Block block : blocks) {
            for (int row = 0; row < block.rows(); row++) builder.add(block.uid(row));
        }
        UidSet made = builder.build();
        uids = made;
        return made;
    }

    /** The index of a UID; -1 when it is not here. */
    public int indexOf(long uid) {
        int at = Blocks.holding(blocks, uid);
        if (at < 0) return -1;
        int row = blocks[at].find(uid);
        return row < 0 ? -1 : starts[at] + row;
    }

    public long uid(int index) {
        int at = blockOf(index);
        return blocks[at].uid(index - starts[at]);
    }

    public Flags flags(int index) {
        int at = blockOf(index);
        return blocks[at].flags(index - starts[at]);
    }

    public long modSeq(int index) {
        int at = blockOf(index);
        return blocks[at].modSeq(index - starts[at]);
    }

    /** RFC822.SIZE. */
    public long messageSize(int index) {
        int at = blockOf(index);
        return blocks[at].size(index - starts[at]);
    }

    private int blockOf(int index) {
        if (index < 0 || index >= size())
            throw new IndexOutOfBoundsException(index + " of " + size());
        int low = 0;
        int high = blocks.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (starts[middle] <= index) low = middle;
            else high = middle - 1;
        }
        return low;
    }

    /** The lowest UID without {@code \Seen}. */
    public OptionalLong firstUnseen() {
        if (counts.unseen() == 0) return OptionalLong.empty();
        for (Block block : blocks) {
            for (int row = 0; row < block.rows(); row++) {
                if (!block.flags(row).has(SystemFlag.SEEN)) return OptionalLong.of(block.uid(row));
            }
        }
        return OptionalLong.empty();
    }

    /** Every flag that some message here has: FLAGS of SELECT. */
    public Flags flagsInUse() {
        Set<Flags> different = new HashSet<>();
        for (Block block : blocks) {
            for (int row = 0; row < block.rows(); row++) different.add(block.flags(row));
        }
        Set<SystemFlag> system = new HashSet<>();
        Set<String> keywords = new HashSet<>();
        for (Flags flags : different) {
            system.addAll(flags.system());
            keywords.addAll(flags.keywords());
        }
        return Flags.union(system, keywords);
    }

    /** Those whose MODSEQ is greater. */
    UidSet changedAfter(long modSeq) {
        UidSet.Builder changed = new UidSet.Builder();
        for (Block block : blocks) {
            if (block.maxModSeq() <= modSeq) continue;
            for (int row = 0; row < block.rows(); row++) {
                if (block.modSeq(row) > modSeq) changed.add(block.uid(row));
            }
        }
        return changed.build();
    }

    /** What came, went and changed since {@code older}, a view of the same mailbox. */
    public ViewDiff since(MailboxView older) {
        if (older.mailboxId != mailboxId) throw new IllegalArgumentException("another mailbox");
        UidSet.Builder arrived = new UidSet.Builder();
        UidSet.Builder gone = new UidSet.Builder();
        UidSet.Builder changed = new UidSet.Builder();
        Cursor now = new Cursor(blocks);
        Cursor then = new Cursor(older.blocks);
        while (now.atRow() || then.atRow()) {
            if (now.skipShared(then)) continue;
            long uidNow = now.uid();
            long uidThen = then.uid();
            if (uidNow < uidThen) {
                arrived.add(uidNow);
                now.next();
            } else if (uidThen < uidNow) {
                gone.add(uidThen);
                then.next();
            } else {
                if (now.modSeq() != then.modSeq()) changed.add(uidNow);
                now.next();
                then.next();
            }
        }
        return new ViewDiff(arrived.build(), gone.build(), changed.build());
    }

    /** Walks over the rows of blocks. */
    private static final class Cursor {
        private final Block[] blocks;
        private int block;
        private int row;

        Cursor(Block[] blocks) {
            this.blocks = blocks;
        }

        boolean atRow() {
            return block < blocks.length;
        }

        long uid() {
            return atRow() ? blocks[block].uid(row) : Long.MAX_VALUE;
        }

        long modSeq() {
            return blocks[block].modSeq(row);
        }

        void next() {
            if (++row == blocks[block].rows()) {
                block++;
                row = 0;
            }
        }

        /** When both are at the beginning of the same block, nothing in it can differ. */
        @SuppressWarnings("ReferenceEquality")
        boolean skipShared(Cursor other) {
            if (row != 0 || other.row != 0 || !atRow() || !other.atRow()) return false;
            if (blocks[block] != other.blocks[other.block]) return false;
            block++;
            other.block++;
            return true;
        }
    }
}
