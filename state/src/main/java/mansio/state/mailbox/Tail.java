package mansio.state.mailbox;

import mansio.state.store.Entry;
import mansio.state.store.Range;
import mansio.state.store.Reads;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;

/**
 * Where a mailbox is appended to: its last block and the last facts beside it, kept at the head of
 * the writing so that a delivery reads nothing. A placement rewrites fewer than {@link
 * Block#TAIL_ROWS} rows; a full tail is merged into the block before it while that has room, so
 * that a mailbox has few blocks. Used by turns only.
 */
final class Tail {
    /** Null in a mailbox without messages. */
    private @Nullable Block last;

    private long previousKey;

    /** Empty when there are none. */
    private byte[] facts = {};

    private long factsKey;
    private long previousFactsKey;

    /** Reads the ends of the two tables; blocks from {@code uidNext} on are not shown yet. */
    static Tail load(Work work, long mailboxId, long uidNext) throws IOException {
        Tail tail = new Tail();
        List<Entry> blocks =
                lastTwo(
                        work,
                        new Range(Tables.block(mailboxId, 0), Tables.block(mailboxId, uidNext)));
        if (!blocks.isEmpty()) {
            Entry entry = blocks.getFirst();
            tail.last = work.decode(Tables.uidOf(entry.key()), entry.value());
            tail.previousKey = previous(blocks);
        }
        List<Entry> facts =
                lastTwo(
                        work,
                        new Range(Tables.facts(mailboxId, 0), Tables.facts(mailboxId, uidNext)));
        if (!facts.isEmpty()) {
            tail.facts = facts.getFirst().value();
            tail.factsKey = Tables.uidOf(facts.getFirst().key());
            tail.previousFactsKey = previous(facts);
        }
        return tail;
    }

    private static List<Entry> lastTwo(Work work, Range range) throws IOException {
        return work.reads()
                .scan(range, Reads.Direction.BACKWARD, 2, Reads.MAX_SCAN_BYTES)
                .entries();
    }

    /** The key of the block before the last; 0, which is no UID, when there is none. */
    private static long previous(List<Entry> lastTwo) {
        return lastTwo.size() < 2 ? 0 : Tables.uidOf(lastTwo.get(1).key());
    }

    /** Adds a placement behind the last. */
    void append(Work work, long mailboxId, Block.Row row, Placement placement) throws IOException {
        appendRow(work, mailboxId, row);
        appendFacts(work, mailboxId, placement);
    }

    private void appendRow(Work work, long mailboxId, Block.Row row) throws IOException {
        Block before = last;
        if (before == null) {
            last = Block.first(row);
        } else if (before.rows() < Block.TAIL_ROWS) {
            last = before.append(row);
        } else {
            Block merged = merge(work, mailboxId, before);
            previousKey = merged.key();
            last = Block.first(row);
        }
        work.putTailBlock(mailboxId, last);
    }

    private Block merge(Work work, long mailboxId, Block full) throws IOException {
        if (previousKey == 0) return full;
        Block previous = work.block(mailboxId, previousKey);
        if (previous.rows() + full.rows() > Block.MAX_ROWS) return full;
        Block merged = previous.merge(full);
        work.removeTailBlock(mailboxId, full.key());
        work.putTailBlock(mailboxId, merged);
        return merged;
    }

    private void appendFacts(Work work, long mailboxId, Placement placement) throws IOException {
        if (facts.length == 0) {
            facts = FactRows.first(placement);
            factsKey = placement.uid();
        } else if (FactRows.rows(facts) < Block.TAIL_ROWS) {
            facts = FactRows.append(facts, placement);
        } else {
            previousFactsKey = mergeFacts(work, mailboxId);
            facts = FactRows.first(placement);
            factsKey = placement.uid();
        }
        work.putFacts(mailboxId, factsKey, facts);
    }

    /** Returns the key under which the full facts are kept now. */
    private long mergeFacts(Work work, long mailboxId) throws IOException {
        if (previousFactsKey == 0) return factsKey;
        byte[] previous = work.facts(mailboxId, previousFactsKey);
        if (FactRows.rows(previous) + FactRows.rows(facts) > Block.MAX_ROWS) return factsKey;
        work.removeFacts(mailboxId, factsKey);
        work.putFacts(mailboxId, previousFactsKey, FactRows.merge(previous, facts));
        return previousFactsKey;
    }

    /** A command has replaced a block: if it is the last, appends go on behind the new one. */
    void replaced(Block block) {
        if (last != null && last.key() == block.key()) last = block;
    }
}
