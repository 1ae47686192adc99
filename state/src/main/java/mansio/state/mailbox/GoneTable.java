package mansio.state.mailbox;

import mansio.state.store.Entry;
import mansio.state.store.Page;
import mansio.state.store.Range;
import mansio.state.store.Reads;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * Expunged placements, by the MODSEQ of their expunging. Their facts stay in {@link Tables#FACTS}
 * and their e-mails are kept until they are purged. No state; any thread.
 */
final class GoneTable {
    private static final int FORMAT = 1;

    /** Rows of one value: what one purging command can bear with all that goes with them. */
    private static final int MAX_ROWS = 200;

    private static final int PAGE = 500;

    private GoneTable() {}

    /** A value of the table. */
    record Group(Instant deadline, Block rows) {
        static Group read(BlockCodec codec, Entry entry, Keywords keywords) {
            ValueReader in = new ValueReader(entry.value());
            int format = in.u8();
            if (format != FORMAT) throw new IllegalStateException("gone format " + format);
            Instant deadline = in.instant();
            long key = entry.key().u32At(13);
            return new Group(deadline, codec.readFrom(in, key, keywords));
        }

        byte[] toBytes(Keywords keywords) {
            ValueWriter out = new ValueWriter().u8(FORMAT).instant(deadline);
            BlockCodec.writeTo(out, rows, keywords);
            return out.toBytes();
        }
    }

    /** Notes that rows of a mailbox were expunged by this command. */
    static void add(Work work, long mailboxId, List<Block.Row> rows, Instant deadline) {
        for (int from = 0; from < rows.size(); from += MAX_ROWS) {
            List<Block.Row> some = rows.subList(from, Math.min(rows.size(), from + MAX_ROWS));
            Block block = Block.first(some.getFirst());
            for (Block.Row row : some.subList(1, some.size())) block = block.append(row);
            byte[] value = new Group(deadline, block).toBytes(work.catalog().keywords());
            work.put(Tables.gone(mailboxId, work.version()).u32(block.key()), value);
        }
    }

    /** The UIDs expunged after one MODSEQ and up to another. */
    static UidSet between(Ledger ledger, long mailboxId, long after, long upTo) throws IOException {
        UidSet.Builder uids = new UidSet.Builder();
        Range range =
                new Range(Tables.gone(mailboxId, after + 1), Tables.gone(mailboxId, upTo + 1));
        while (true) {
            Page page =
                    ledger.partition()
                            .scan(range, Reads.Direction.FORWARD, PAGE, Reads.MAX_SCAN_BYTES);
            ledger.shown().seen(page.version());
            Keywords keywords = ledger.shown().read(Catalog::keywords);
            for (Entry entry : page.entries()) {
                Block rows = Group.read(ledger.codec(), entry, keywords).rows();
                for (int row = 0; row < rows.rows(); row++) uids.add(rows.uid(row));
            }
            if (!page.more()) return uids.build();
            range = new Range(page.entries().getLast().key().u8(0), range.to());
        }
    }

    /**
     * Purges some of what was expunged longest ago, if its time has come.
     *
     * @return true when there may be more to purge now
     */
    static boolean purge(Work work, Ledger ledger, long mailboxId, Instant now) throws IOException {
        MailboxRow mailbox = work.mailbox(mailboxId).orElseThrow();
        Range range =
                new Range(
                        Tables.gone(mailboxId, mailbox.counts().goneFloor()),
                        Tables.ofMailbox(Tables.GONE, mailboxId).to());
        List<Entry> oldest =
                work.reads()
                        .scan(range, Reads.Direction.FORWARD, 1, Reads.MAX_SCAN_BYTES)
                        .entries();
        if (oldest.isEmpty()) return false;
        Entry entry = oldest.getFirst();
        Group group = Group.read(ledger.codec(), entry, work.catalog().keywords());
        if (group.deadline().isAfter(now)) return false;
        boolean[] kept = new boolean[group.rows().rows()];
        boolean any = false;
        for (int row = 0; row < kept.length; row++) {
            if (work.hasRoom()) PlacementPurge.purge(work, mailboxId, group.rows().uid(row));
            else kept[row] = any = true;
        }
        if (any) {
            Group rest = new Group(group.deadline(), group.rows().keep(kept));
            work.put(entry.key(), rest.toBytes(work.catalog().keywords()));
        } else {
            work.delete(entry.key());
        }
        long modSeq = Tables.goneModSeqOf(entry.key());
        work.counts(mailbox.with(mailbox.counts().withGoneFloor(modSeq)));
        return true;
    }
}
