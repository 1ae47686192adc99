package mansio.state.mailbox;

import mansio.state.mailbox.MailboxRow.Tally;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/** STORE. One object a command; the mailbox is pinned. */
final class FlagStore {
    private final Ledger ledger;
    private final long mailboxId;
    private final UidSet uids;
    private final FlagChange change;
    private final UidSet.Builder changed = new UidSet.Builder();
    private final UidSet.Builder modified = new UidSet.Builder();
    private long nextUid;
    private long modSeq;

    FlagStore(Ledger ledger, long mailboxId, UidSet uids, FlagChange change) {
        this.ledger = ledger;
        this.mailboxId = mailboxId;
        this.uids = uids;
        this.change = change;
    }

    private enum Step {
        MORE,
        DONE,
        NO_MAILBOX,
        TOO_MANY_KEYWORDS
    }

    Stored run(OptionalLong unchangedSince) throws IOException {
        while (true) {
            Step step = ledger.writeFreeing(work -> some(work, unchangedSince));
            switch (step) {
                case MORE -> {}
                case DONE -> {
                    return new Stored.Done(changed.build(), modified.build(), modSeq);
                }
                case NO_MAILBOX -> {
                    return new Stored.NoMailbox();
                }
                case TOO_MANY_KEYWORDS -> {
                    return new Stored.TooManyKeywords();
                }
            }
        }
    }

    private Step some(Work work, OptionalLong unchangedSince) {
        if (work.mailbox(mailboxId).isEmpty()) return Step.NO_MAILBOX;
        Optional<FlagChange> learned = learn(work);
        if (learned.isEmpty()) return Step.TOO_MANY_KEYWORDS;
        Tally difference = Tally.NOTHING;
        boolean more = false;
        for (Block block : work.blocks(mailboxId)) {
            if (block.lastUid() < nextUid) continue;
            more = !work.hasRoom();
            if (more) {
                nextUid = block.firstUid();
                break;
            }
            difference =
                    difference.plus(new OneBlock(work, block).store(learned.get(), unchangedSince));
        }
        finish(work, difference);
        return more ? Step.MORE : Step.DONE;
    }

    private Optional<FlagChange> learn(Work work) {
        if (change.mode() == FlagChange.Mode.REMOVE) return Optional.of(change);
        return work.learn(change.flags()).map(flags -> new FlagChange(change.mode(), flags));
    }

    private void finish(Work work, Tally difference) {
        MailboxRow mailbox = work.mailbox(mailboxId).orElseThrow();
        if (!work.delta().blocksOf(mailboxId).byKey().isEmpty()) {
            Tally now = mailbox.counts().tally().plus(difference);
            mailbox = mailbox.with(mailbox.counts().changed(now, work.version()));
            work.counts(mailbox);
        }
        modSeq = mailbox.counts().highestModSeq();
    }

    /** The change of one block. */
    private final class OneBlock {
        private final Work work;
        private final Block block;

        OneBlock(Work work, Block block) {
            this.work = work;
            this.block = block;
        }

        /** Returns the difference that it makes to the counts. */
        Tally store(FlagChange learned, OptionalLong unchangedSince) {
            Tally difference = Tally.NOTHING;
            Block.Mutable now = block.copyOfMutable();
            boolean any = false;
            for (int row = 0; row < block.rows(); row++) {
                long uid = block.uid(row);
                if (!uids.contains(uid)) continue;
                if (unchangedSince.isPresent() && block.modSeq(row) > unchangedSince.getAsLong()) {
                    modified.add(uid);
                    continue;
                }
                Flags before = block.flags(row);
                Flags after = learned.apply(before);
                if (after.equals(before)) continue;
                any = true;
                now.flags()[row] = ledger.codec().share(after);
                now.modSeqs()[row] = work.version();
                changed.add(uid);
                long size = block.size(row);
                difference = difference.plus(Tally.of(after, size)).minus(Tally.of(before, size));
            }
            if (any) work.changeBlock(mailboxId, block.with(now));
            return difference;
        }
    }
}
