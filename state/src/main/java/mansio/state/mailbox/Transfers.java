package mansio.state.mailbox;

import mansio.state.mailbox.Placed.Done;
import mansio.state.mailbox.Placed.Reason;
import mansio.state.mailbox.Placed.Refused;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * COPY and MOVE. One object a command; the source is pinned. A COPY of more than {@link
 * MailLimits#atOnce} is staged, a MOVE goes on in the next command.
 */
final class Transfers {
    private final Ledger ledger;
    private final Transfer transfer;
    private final Instant now;
    private final UidSet.Builder from = new UidSet.Builder();
    private final UidSet.Builder to = new UidSet.Builder();
    private final List<Long> emailIds = new ArrayList<>();
    private long uidValidity;

    /** One message on its way: what its placement was. */
    private record Source(Block.Row row, Placement placement) {}

    Transfers(Ledger ledger, Transfer transfer) {
        this.ledger = ledger;
        this.transfer = transfer;
        this.now = ledger.time().now();
    }

    Placed copy(QuotaLimit limit) throws IOException {
        return transfer.uids().size() <= ledger.limits().atOnce()
                ? ledger.write(work -> copyInOne(work, limit))
                : ledger.writeLarge(steps -> copyInSteps(steps, limit));
    }

    private Placed copyInOne(Work work, QuotaLimit limit) throws IOException {
        Optional<Reason> refusal = refusal(work, limit);
        if (refusal.isPresent()) return new Refused(refusal.get());
        for (Source source : sources(work, transfer.uids()))
            note(source, work.append(transfer.toMailboxId(), again(source)));
        return done();
    }

    private Placed copyInSteps(Ledger.Steps steps, QuotaLimit limit) throws IOException {
        Placed[] refused = new Placed[1];
        Staging[] begun = new Staging[1];
        UidSet[] selected = {UidSet.EMPTY};
        steps.step(
                work -> {
                    Optional<Reason> refusal = refusal(work, limit);
                    if (refusal.isPresent()) {
                        refused[0] = new Refused(refusal.get());
                        return false;
                    }
                    selected[0] = selected(work, transfer.uids());
                    MailboxRow target = work.mailbox(transfer.toMailboxId()).orElseThrow();
                    begun[0] = Staging.begin(work, target);
                    return true;
                });
        if (refused[0] != null) return refused[0];
        Staging staging = begun[0];
        for (UidSet left = selected[0]; !left.isEmpty(); ) {
            UidSet some = firstOf(left);
            steps.step(
                    work -> {
                        for (Source source : sources(work, some))
                            note(source, staging.add(work, again(source)));
                        staging.endStep(work);
                        return true;
                    });
            left = left.andNot(some);
        }
        return steps.step(
                work -> {
                    staging.show(work);
                    return done();
                });
    }

    private UidSet firstOf(UidSet uids) {
        if (uids.size() <= ledger.limits().atOnce()) return uids;
        return uids.and(UidSet.range(1, uids.select(ledger.limits().atOnce() - 1)));
    }

    private Optional<Reason> refusal(Work work, QuotaLimit limit) {
        Optional<MailboxRow> target = work.mailbox(transfer.toMailboxId());
        if (target.isEmpty() || work.mailbox(transfer.fromMailboxId()).isEmpty())
            return Optional.of(Reason.NO_MAILBOX);
        uidValidity = target.get().attributes().uidValidity();
        long bytes = 0;
        long messages = 0;
        for (Block block : work.blocks(transfer.fromMailboxId())) {
            for (int row = 0; row < block.rows(); row++) {
                if (!transfer.uids().contains(block.uid(row))) continue;
                bytes += block.size(row);
                messages++;
            }
        }
        QuotaUse more = new QuotaUse(bytes, messages);
        return work.catalog().account().use().allows(limit, more)
                ? Optional.empty()
                : Optional.of(Reason.OVER_QUOTA);
    }

    private UidSet selected(Work work, UidSet uids) {
        UidSet.Builder selected = new UidSet.Builder();
        for (Block block : work.blocks(transfer.fromMailboxId())) {
            for (int row = 0; row < block.rows(); row++)
                if (uids.contains(block.uid(row))) selected.add(block.uid(row));
        }
        return selected.build();
    }

    /** The messages of {@code uids} that are there, in order. */
    private List<Source> sources(Work work, UidSet uids) throws IOException {
        List<Block.Row> rows = new ArrayList<>();
        for (Block block : work.blocks(transfer.fromMailboxId())) {
            for (int row = 0; row < block.rows(); row++)
                if (uids.contains(block.uid(row))) rows.add(block.row(row));
        }
        UidSet.Builder there = new UidSet.Builder();
        for (Block.Row row : rows) there.add(row.uid());
        List<Placement> placements =
                FactReader.read(work.reads(), transfer.fromMailboxId(), there.build(), rows.size());
        if (placements.size() != rows.size())
            throw new IOException(
                    "mailbox %d lacks facts of %d placements"
                            .formatted(transfer.fromMailboxId(), rows.size() - placements.size()));
        List<Source> sources = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++)
            sources.add(new Source(rows.get(i), placements.get(i)));
        return sources;
    }

    private NewPlacement again(Source source) {
        return new NewPlacement(
                source.placement().emailId(),
                source.row().size(),
                source.row().flags(),
                source.placement().internalDate(),
                now);
    }

    private void note(Source source, long uid) {
        from.add(source.row().uid());
        to.add(uid);
        emailIds.add(source.placement().emailId());
    }

    private Placed done() {
        return new Done(uidValidity, from.build(), to.build(), emailIds);
    }

    /**
     * Moves in as many commands as it takes; each message is in one of the two mailboxes at any
     * version.
     *
     * @param uids those that were there when the command began, so that a move within one mailbox
     *     comes to an end
     */
    Placed move(UidSet uids) throws IOException {
        UidSet left = uids;
        boolean first = true;
        do {
            UidSet some = firstOf(left);
            boolean found = ledger.writeFreeing(work -> moveSome(work, some));
            if (!found && first) return new Refused(Reason.NO_MAILBOX);
            if (!found) return done();
            left = left.andNot(some);
            first = false;
        } while (!left.isEmpty());
        return done();
    }

    /** Moves as many as one command may, within another command of the account. */
    void moveFirst(Work work) throws IOException {
        moveSome(work, firstOf(selected(work, transfer.uids())));
    }

    private boolean moveSome(Work work, UidSet some) throws IOException {
        Optional<MailboxRow> target = work.mailbox(transfer.toMailboxId());
        if (target.isEmpty() || work.mailbox(transfer.fromMailboxId()).isEmpty()) return false;
        uidValidity = target.get().attributes().uidValidity();
        List<Source> sources = sources(work, some);
        for (Source source : sources)
            note(source, work.append(transfer.toMailboxId(), again(source)));
        Expunges.Removal removal =
                new Expunges.Removal(work, transfer.fromMailboxId(), Expunges.deadline(ledger));
        for (Block block : work.blocks(transfer.fromMailboxId()))
            removal.take(block, row -> some.contains(row.uid()));
        removal.finish();
        return true;
    }
}
