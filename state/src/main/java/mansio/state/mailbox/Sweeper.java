package mansio.state.mailbox;

import mansio.state.store.Entry;
import mansio.state.store.Key;
import mansio.state.store.Range;
import mansio.state.store.Reads;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** Forgets, a step at a time, what deletions and expunges have left. No state; any thread. */
final class Sweeper {
    private Sweeper() {}

    /** Sweeps until there is nothing to sweep now. */
    static void sweep(Ledger ledger) throws IOException {
        while (ledger.writeFreeing(Sweeper::sweepDeleted)) {}
        Instant now = ledger.time().now();
        List<Long> mailboxIds =
                ledger.shown().read(c -> c.all().stream().map(MailboxRow::id).toList());
        for (long mailboxId : mailboxIds) {
            while (ledger.writeFreeing(work -> purge(work, ledger, mailboxId, now))) {}
        }
    }

    private static boolean purge(Work work, Ledger ledger, long mailboxId, Instant now)
            throws IOException {
        return work.mailbox(mailboxId).isPresent() && GoneTable.purge(work, ledger, mailboxId, now);
    }

    /** Returns true when there may be more. */
    private static boolean sweepDeleted(Work work) throws IOException {
        Range dead = Range.prefix(Key.table(Tables.DEAD));
        List<Entry> first = work.reads().scan(dead, Reads.Direction.FORWARD, 1, 1).entries();
        if (first.isEmpty()) return false;
        long mailboxId = first.getFirst().key().u32At(1);
        if (PlacementPurge.purgeRange(work, mailboxId, Tables.ofMailbox(Tables.FACTS, mailboxId)))
            return true;
        work.deleteRange(Tables.ofMailbox(Tables.BLOCK, mailboxId));
        work.deleteRange(Tables.ofMailbox(Tables.GONE, mailboxId));
        work.delete(first.getFirst().key());
        return true;
    }
}
