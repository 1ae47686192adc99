package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.NumberRanges;
import mansio.state.mailbox.Changes;
import mansio.state.mailbox.MailAccount;
import mansio.state.mailbox.UidSet;

import java.io.IOException;

/** What a client that was here before must learn: RFC 7162 section 3.2.5. */
final class Resync {
    private final Call call;
    private final SelectedMailbox mailbox;

    Resync(Call call, SelectedMailbox mailbox) {
        this.call = call;
        this.mailbox = mailbox;
    }

    void tell(Command.Qresync known) throws IOException {
        if (known.uidValidity() != mailbox.view().counts().uidValidity()) {
            return; // RFC 7162 section 3.2.5: the client's UIDs mean nothing here.
        }
        Changes changes = changes(call.session().mail(), mailbox, known.modSeq());
        UidSet vanished = changes.vanished();
        UidSet changed = changes.changed();
        if (known.knownUids().isPresent()) {
            UidSet asked = UidRanges.set(known.knownUids().get());
            vanished = vanished.and(asked);
            changed = changed.and(asked);
        }
        if (!changes.exact() && known.seqMatch().isPresent()) {
            long matched = lastMatch(known.seqMatch().get());
            vanished = vanished.andNot(UidSet.range(1, matched));
        }
        if (!vanished.isEmpty()) {
            call.out().vanishedEarlier(UidRanges.of(vanished));
        }
        // Once they are told the client has them; what a sync tells later is what changed since.
        for (long uid : changed.toArray()) {
            int index = mailbox.view().indexOf(uid);
            call.out()
                    .fetch(mailbox.sequenceNumber(uid))
                    .uid(uid)
                    .flags(call.updates().names(mailbox.view().flags(index), mailbox.isRecent(uid)))
                    .modSeq(mailbox.view().modSeq(index))
                    .end();
        }
    }

    /** A mod-sequence that nothing has yet means the highest one. */
    static Changes changes(MailAccount mail, SelectedMailbox mailbox, long modSeq)
            throws IOException {
        long highest = mailbox.view().counts().highestModSeq();
        return mail.changesSince(mailbox.view(), Math.min(modSeq, highest));
    }

    /**
     * RFC 7162 section 3.2.5.2: where the client's numbers and UIDs still belong together, nothing
     * below has vanished.
     *
     * @return the highest such UID, or 0
     */
    private long lastMatch(Command.SeqMatch seqMatch) {
        NumberRanges numbers = seqMatch.sequenceNumbers().resolve(1);
        NumberRanges uids = seqMatch.uids().resolve(1);
        if (numbers.size() != uids.size()) {
            return 0;
        }
        long matched = 0;
        Walk numberWalk = new Walk(numbers);
        Walk uidWalk = new Walk(uids);
        while (numberWalk.hasNext()) {
            long number = numberWalk.next();
            long uid = uidWalk.next();
            if (number > mailbox.count() || mailbox.announced().select((int) number - 1) != uid) {
                return matched;
            }
            matched = uid;
        }
        return matched;
    }

    /** Goes through ranges number by number. */
    private static final class Walk {
        private final NumberRanges ranges;
        private int range;
        private long next;

        Walk(NumberRanges ranges) {
            this.ranges = ranges;
            this.next = ranges.isEmpty() ? 0 : ranges.first(0);
        }

        boolean hasNext() {
            return range < ranges.rangeCount();
        }

        long next() {
            long number = next;
            if (number == ranges.last(range)) {
                range++;
                next = hasNext() ? ranges.first(range) : 0;
            } else {
                next = number + 1;
            }
            return number;
        }
    }
}
