package mansio.state.mailbox;

import mansio.state.mailbox.MailboxRow.Counts;
import mansio.state.mailbox.MailboxRow.Tally;
import mansio.state.store.Entry;
import mansio.state.store.Range;
import mansio.state.store.Reads;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Placements of a large command: written in several steps from UIDNEXT on, where nobody looks, and
 * shown at once by the last step, which moves UIDNEXT. Owned by the command, which has the account
 * alone. Each row has the version of its step as MODSEQ: greater than what anybody has seen of the
 * mailbox, not greater than its HIGHESTMODSEQ afterwards.
 */
final class Staging {
    private static final int SWEPT_BLOCKS = 1_000;

    private final long mailboxId;
    private final List<Block> blocks = new ArrayList<>();
    private long uidNext;
    private Tally tally = Tally.NOTHING;

    /** Null between steps. */
    private @Nullable Block block;

    private byte[] facts = {};

    private Staging(long mailboxId, long uidNext) {
        this.mailboxId = mailboxId;
        this.uidNext = uidNext;
    }

    /** The first step: notes what has to be swept if there is no last one. */
    static Staging begin(Work work, MailboxRow mailbox) {
        work.put(Tables.staging(), new ValueWriter().varint(mailbox.id()).toBytes());
        return new Staging(mailbox.id(), mailbox.counts().uidNext());
    }

    /** Adds a placement within a step; returns its UID. */
    long add(Work work, NewPlacement placement) {
        long uid = uidNext++;
        Block.Row row = new Block.Row(uid, placement.size(), work.version(), placement.flags());
        block = block == null ? Block.first(row) : block.append(row);
        Placement at = placement.at(uid);
        facts = facts.length == 0 ? FactRows.first(at) : FactRows.append(facts, at);
        work.put(Tables.place(placement.emailId(), mailboxId, uid), new byte[0]);
        tally = tally.plus(Tally.of(placement.flags(), placement.size()));
        if (block.rows() == Block.MAX_ROWS) endStep(work);
        return uid;
    }

    /** Ends a step: what it added is written. */
    void endStep(Work work) {
        if (block == null) return;
        work.stage(mailboxId, block);
        work.put(Tables.facts(mailboxId, block.key()), facts);
        blocks.add(block);
        block = null;
        facts = new byte[0];
    }

    /** The last step: all is there. */
    void show(Work work) {
        MailboxRow mailbox = work.mailbox(mailboxId).orElseThrow();
        for (Block staged : blocks) work.showStaged(mailboxId, staged);
        Counts counts = mailbox.counts();
        work.counts(
                mailbox.with(
                        counts.changed(counts.tally().plus(tally), work.version())
                                .withUidNext(uidNext)));
        work.account(work.catalog().account().withUse(tally.size(), tally.messages()));
        work.delete(Tables.staging());
        work.dropTail(mailboxId);
    }

    /**
     * Removes some of what an unfinished large command has staged.
     *
     * @return true when there is more
     */
    static boolean sweep(Work work) throws IOException {
        Optional<byte[]> note = work.reads().get(Tables.staging());
        if (note.isEmpty()) return false;
        long mailboxId = new ValueReader(note.get()).varint();
        long uidNext = work.mailbox(mailboxId).map(m -> m.counts().uidNext()).orElse(1L);
        Range hiddenFacts =
                new Range(
                        Tables.facts(mailboxId, uidNext),
                        Tables.ofMailbox(Tables.FACTS, mailboxId).to());
        if (PlacementPurge.purgeRange(work, mailboxId, hiddenFacts)) return true;
        Range hiddenBlocks =
                new Range(
                        Tables.block(mailboxId, uidNext),
                        Tables.ofMailbox(Tables.BLOCK, mailboxId).to());
        List<Entry> hidden =
                work.reads()
                        .scan(
                                hiddenBlocks,
                                Reads.Direction.FORWARD,
                                SWEPT_BLOCKS,
                                Reads.MAX_SCAN_BYTES)
                        .entries();
        // Told to readers as well: one may have read them from the disk while it opens the mailbox.
        for (Entry entry : hidden) work.removeTailBlock(mailboxId, Tables.uidOf(entry.key()));
        if (!hidden.isEmpty()) return true;
        work.delete(Tables.staging());
        return false;
    }
}
