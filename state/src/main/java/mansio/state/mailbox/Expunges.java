package mansio.state.mailbox;

import mansio.state.mailbox.MailboxRow.Tally;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Expunging: placements go from a mailbox's blocks to {@link GoneTable}. One object a command. */
final class Expunges {
    private final Ledger ledger;
    private final long mailboxId;
    private final Predicate<Block.Row> chosen;
    private final UidSet.Builder expunged = new UidSet.Builder();
    private long modSeq;

    /**
     * @param chosen says which go; the mailbox is pinned
     */
    Expunges(Ledger ledger, long mailboxId, Predicate<Block.Row> chosen) {
        this.ledger = ledger;
        this.mailboxId = mailboxId;
        this.chosen = chosen;
    }

    static Instant deadline(Ledger ledger) {
        return ledger.time().now().plus(ledger.limits().keepExpunged());
    }

    /** Several commands, when there is much to do: nobody asks for all at once (RFC 9051 6.4.3). */
    Expunged run() throws IOException {
        Instant deadline = deadline(ledger);
        while (ledger.writeFreeing(work -> some(work, deadline))) {}
        return new Expunged(expunged.build(), modSeq);
    }

    private boolean some(Work work, Instant deadline) {
        if (work.mailbox(mailboxId).isEmpty()) return false;
        Removal removal = new Removal(work, mailboxId, deadline);
        boolean more = false;
        for (Block block : work.blocks(mailboxId)) {
            more = !work.hasRoom() || removal.rows.size() >= ledger.limits().atOnce();
            if (more) break;
            removal.take(block, chosen);
        }
        removal.finish();
        for (Block.Row row : removal.rows) expunged.add(row.uid());
        modSeq = work.mailbox(mailboxId).orElseThrow().counts().highestModSeq();
        return more;
    }

    /** Takes placements out of a mailbox within one command. */
    static final class Removal {
        private final Work work;
        private final long mailboxId;
        private final Instant deadline;
        private final List<Block.Row> rows = new ArrayList<>();

        Removal(Work work, long mailboxId, Instant deadline) {
            this.work = work;
            this.mailboxId = mailboxId;
            this.deadline = deadline;
        }

        void take(Block block, Predicate<Block.Row> chosen) {
            boolean[] kept = new boolean[block.rows()];
            int before = rows.size();
            for (int i = 0; i < kept.length; i++) {
                Block.Row row = block.row(i);
                if (chosen.test(row)) rows.add(row);
                else kept[i] = true;
            }
            if (rows.size() > before) work.shrinkBlock(mailboxId, block, kept);
        }

        void finish() {
            if (rows.isEmpty()) return;
            Tally gone = Tally.NOTHING;
            for (Block.Row row : rows) gone = gone.plus(Tally.of(row.flags(), row.size()));
            MailboxRow mailbox = work.mailbox(mailboxId).orElseThrow();
            Tally left = mailbox.counts().tally().minus(gone);
            work.counts(mailbox.with(mailbox.counts().changed(left, work.version())));
            work.account(work.catalog().account().withUse(-gone.size(), -gone.messages()));
            GoneTable.add(work, mailboxId, rows, deadline);
        }
    }
}
