package mansio.state.mailbox;

import mansio.state.mailbox.EmailTable.Prepared;
import mansio.state.mailbox.Placed.Done;
import mansio.state.mailbox.Placed.Reason;
import mansio.state.mailbox.Placed.Refused;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** APPEND and MULTIAPPEND. One object a command. */
final class Appends {
    /** A message takes ten entries or so; more messages or bytes are done in steps. */
    private static final int ENTRIES_A_MESSAGE = 10;

    private static final int SMALL_BYTES = 500 << 10;

    private final Ledger ledger;
    private final long mailboxId;
    private final List<Prepared> messages;
    private final QuotaLimit limit;
    private final Instant now;
    private final List<Long> emailIds = new ArrayList<>();
    private final UidSet.Builder uids = new UidSet.Builder();

    Appends(Ledger ledger, long mailboxId, List<NewMessage> messages, QuotaLimit limit) {
        this.ledger = ledger;
        this.mailboxId = mailboxId;
        this.messages = messages.stream().map(Prepared::of).toList();
        this.limit = limit;
        this.now = ledger.time().now();
    }

    Placed run() throws IOException {
        if (messages.size() > ledger.limits().appendMessages()) return new Refused(Reason.TOO_MANY);
        long bytes = messages.stream().mapToLong(Prepared::bytes).sum();
        int atOnce = Math.max(1, ledger.limits().atOnce() / ENTRIES_A_MESSAGE);
        boolean small = messages.size() <= atOnce && (bytes <= SMALL_BYTES || messages.size() == 1);
        return small ? ledger.write(this::inOne) : ledger.writeLarge(this::inSteps);
    }

    private Placed inOne(Work work) throws IOException {
        Optional<Reason> refusal = refusal(work);
        if (refusal.isPresent()) return new Refused(refusal.get());
        for (Prepared message : messages) {
            Flags flags = work.learnWhatFits(message.message().flags());
            long emailId = EmailTable.insert(work, message);
            uids.add(work.append(mailboxId, message.placement(emailId, flags, now)));
            emailIds.add(emailId);
        }
        return done(work);
    }

    private Placed inSteps(Ledger.Steps steps) throws IOException {
        Placed[] refused = new Placed[1];
        Staging[] begun = new Staging[1];
        steps.step(
                work -> {
                    Optional<Reason> refusal = refusal(work);
                    if (refusal.isPresent()) refused[0] = new Refused(refusal.get());
                    else begun[0] = Staging.begin(work, work.mailbox(mailboxId).orElseThrow());
                    return true;
                });
        if (refused[0] != null) return refused[0];
        Staging staging = begun[0];
        int at = 0;
        while (at < messages.size()) {
            int from = at;
            at = steps.step(work -> stage(work, staging, from));
        }
        return steps.step(
                work -> {
                    staging.show(work);
                    return done(work);
                });
    }

    /** Stages messages from one on; returns the next that is left. */
    private int stage(Work work, Staging staging, int from) throws IOException {
        int at = from;
        while (at < messages.size() && work.hasRoom()) {
            Prepared message = messages.get(at++);
            Flags flags = work.learnWhatFits(message.message().flags());
            long emailId = EmailTable.insert(work, message);
            uids.add(staging.add(work, message.placement(emailId, flags, now)));
            emailIds.add(emailId);
        }
        staging.endStep(work);
        return at;
    }

    private Optional<Reason> refusal(Work work) {
        if (work.mailbox(mailboxId).isEmpty()) return Optional.of(Reason.NO_MAILBOX);
        for (Prepared message : messages) {
            if (work.learn(message.message().flags()).isEmpty())
                return Optional.of(Reason.TOO_MANY);
        }
        long bytes = messages.stream().mapToLong(Prepared::size).sum();
        QuotaUse more = new QuotaUse(bytes, messages.size());
        return work.catalog().account().use().allows(limit, more)
                ? Optional.empty()
                : Optional.of(Reason.OVER_QUOTA);
    }

    private Placed done(Work work) {
        long uidValidity = work.mailbox(mailboxId).orElseThrow().attributes().uidValidity();
        return new Done(uidValidity, UidSet.EMPTY, uids.build(), emailIds);
    }
}
