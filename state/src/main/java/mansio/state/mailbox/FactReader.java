package mansio.state.mailbox;

import mansio.state.store.Entry;
import mansio.state.store.Page;
import mansio.state.store.Range;
import mansio.state.store.Reads;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Reads the unchanging facts of placements. No state; any thread. */
final class FactReader {
    /** Values read at once when UIDs are close to each other. */
    private static final int AHEAD = 16;

    private FactReader() {}

    /** The first {@code max} placements of {@code uids} that are found, in order. */
    static List<Placement> read(Reads reads, long mailboxId, UidSet uids, int max)
            throws IOException {
        List<Placement> found = new ArrayList<>();
        if (uids.isEmpty()) return found;
        long[] wanted = uids.toArray();
        int at = 0;
        while (at < wanted.length && found.size() < max) {
            List<Entry> values = around(reads, mailboxId, wanted[at]);
            if (values.isEmpty()) return found;
            int before = at;
            for (Entry entry : values) {
                byte[] rows = entry.value();
                int count = FactRows.rows(rows);
                if (count == 0) continue;
                long last = FactRows.uid(rows, count - 1);
                for (; at < wanted.length && wanted[at] <= last && found.size() < max; at++) {
                    int row = FactRows.find(rows, wanted[at]);
                    if (row >= 0) found.add(FactRows.placement(rows, row));
                }
            }
            if (at == before) at++; // Behind all rows.
        }
        return found;
    }

    /** The value that may hold {@code uid}, and some behind it. */
    private static List<Entry> around(Reads reads, long mailboxId, long uid) throws IOException {
        Range upTo = new Range(Tables.facts(mailboxId, 0), Tables.facts(mailboxId, uid).u8(0));
        List<Entry> holding =
                reads.scan(upTo, Reads.Direction.BACKWARD, 1, Reads.MAX_SCAN_BYTES).entries();
        Range from =
                new Range(
                        holding.isEmpty() ? Tables.facts(mailboxId, 0) : holding.getFirst().key(),
                        Tables.ofMailbox(Tables.FACTS, mailboxId).to());
        Page page = reads.scan(from, Reads.Direction.FORWARD, AHEAD, Reads.MAX_SCAN_BYTES);
        return page.entries();
    }

    /** True when a placement is not expunged. */
    static boolean isLive(Ledger ledger, MailboxUid place) throws IOException {
        Reads reads = ledger.partition();
        Range upTo =
                new Range(
                        Tables.block(place.mailboxId(), 0),
                        Tables.block(place.mailboxId(), place.uid()).u8(0));
        Page page = reads.scan(upTo, Reads.Direction.BACKWARD, 1, Reads.MAX_SCAN_BYTES);
        if (page.entries().isEmpty()) return false;
        ledger.shown().seen(page.version());
        Keywords keywords = ledger.shown().read(Catalog::keywords);
        Entry entry = page.entries().getFirst();
        Block block = ledger.codec().decode(Tables.uidOf(entry.key()), entry.value(), keywords);
        return block.find(place.uid()) >= 0
                && ledger.shown()
                        .read(
                                catalog ->
                                        catalog.get(place.mailboxId())
                                                .filter(r -> place.uid() < r.counts().uidNext())
                                                .isPresent());
    }
}
