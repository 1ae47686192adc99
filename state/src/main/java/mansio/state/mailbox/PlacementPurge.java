package mansio.state.mailbox;

import mansio.state.store.Entry;
import mansio.state.store.Key;
import mansio.state.store.Range;
import mansio.state.store.Reads;

import java.io.IOException;
import java.util.List;

/** Forgets placements for good, and e-mails that have no other. No state; any thread. */
final class PlacementPurge {
    private PlacementPurge() {}

    /** Purges one placement of a mailbox that stays. */
    static void purge(Work work, long mailboxId, long uid) throws IOException {
        Range upTo = new Range(Tables.facts(mailboxId, 0), Tables.facts(mailboxId, uid).u8(0));
        List<Entry> holding =
                work.reads()
                        .scan(upTo, Reads.Direction.BACKWARD, 1, Reads.MAX_SCAN_BYTES)
                        .entries();
        if (holding.isEmpty()) return;
        Key key = holding.getFirst().key();
        byte[] rows = holding.getFirst().value();
        int row = FactRows.find(rows, uid);
        if (row < 0) return;
        long emailId = FactRows.emailId(rows, row);
        byte[] less = FactRows.without(rows, row);
        if (FactRows.rows(less) == 0) work.delete(key);
        else work.put(key, less);
        work.dropTail(mailboxId);
        work.delete(Tables.place(emailId, mailboxId, uid));
        EmailTable.purgeIfPlaceless(work, emailId);
    }

    /**
     * Purges placements from the first value of {@code range} on, last row first, until the command
     * is full.
     *
     * @return false when the range was empty
     */
    static boolean purgeRange(Work work, long mailboxId, Range range) throws IOException {
        List<Entry> first =
                work.reads()
                        .scan(range, Reads.Direction.FORWARD, 1, Reads.MAX_SCAN_BYTES)
                        .entries();
        if (first.isEmpty()) return false;
        Key key = first.getFirst().key();
        byte[] rows = first.getFirst().value();
        int left = FactRows.rows(rows);
        while (left > 0 && work.hasRoom()) {
            left--;
            long emailId = FactRows.emailId(rows, left);
            work.delete(Tables.place(emailId, mailboxId, FactRows.uid(rows, left)));
            EmailTable.purgeIfPlaceless(work, emailId);
            rows = FactRows.without(rows, left);
        }
        if (left == 0) work.delete(key);
        else work.put(key, rows);
        work.dropTail(mailboxId);
        return true;
    }
}
