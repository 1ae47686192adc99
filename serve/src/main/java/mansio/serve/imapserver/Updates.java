package mansio.serve.imapserver;

import mansio.codec.imap.FetchWriter;
import mansio.codec.imap.ResponseWriter;
import mansio.state.mailbox.Flags;
import mansio.state.mailbox.MailAccount;
import mansio.state.mailbox.MailboxView;
import mansio.state.mailbox.UidSet;
import mansio.state.mailbox.ViewDiff;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Tells a client what has become of its mailbox: RFC 9051 sections 5.2 and 7.4, RFC 7162 section
 * 3.2.10. Expunges first, then new messages, then flags, each only where it may be told. Owned by
 * the session, used as {@link SelectedMailbox} is.
 */
final class Updates {
    private final Enabled enabled;
    private final ResponseWriter out;
    private final Map<Flags, List<String>> names = new HashMap<>();

    /** Names of flags kept at hand; a mailbox with more kinds of flags is rare. */
    private static final int NAMES = 1_000;

    Updates(Enabled enabled, ResponseWriter out) {
        this.enabled = enabled;
        this.out = out;
    }

    /** When EXPUNGE and VANISHED may be told: RFC 9051 section 7.5.1. */
    enum Expunges {
        NOW,
        /** FETCH, STORE, SEARCH by sequence number: numbers must not change under the client. */
        LATER
    }

    /**
     * What a command wants told beside what has changed anyhow.
     *
     * @param uid true when each FETCH response has the UID
     * @param told messages whose flags are told in any case
     * @param silent flags that the client expects itself, so that they are told only where they are
     *     others
     * @param modSeqs messages whose MODSEQ is told even when their flags are as expected
     */
    record Telling(
            Expunges expunges, boolean uid, UidSet told, Map<Long, Flags> silent, UidSet modSeqs) {
        static final Telling ALL =
                new Telling(Expunges.NOW, true, UidSet.EMPTY, Map.of(), UidSet.EMPTY);
        static final Telling NO_EXPUNGES =
                new Telling(Expunges.LATER, true, UidSet.EMPTY, Map.of(), UidSet.EMPTY);

        static Telling changes(Expunges expunges, boolean uid, UidSet told) {
            return new Telling(expunges, uid, told, Map.of(), UidSet.EMPTY);
        }
    }

    /**
     * Tells what has changed since the last time.
     *
     * @return false when the mailbox itself is gone
     */
    boolean tell(MailAccount mail, SelectedMailbox mailbox, Telling telling) throws IOException {
        Optional<MailboxView> newest = mail.view(mailbox.mailboxId());
        if (newest.isEmpty()) {
            return false;
        }
        MailboxView newer = newest.get();
        UidSet changed = UidSet.EMPTY;
        boolean arrived = false;
        if (newer != mailbox.view()) {
            ViewDiff diff = newer.since(mailbox.view());
            changed = diff.changed();
            arrived = !diff.arrived().isEmpty();
            mailbox.show(newer, diff.arrived(), diff.gone());
        }
        if (telling.expunges() == Expunges.NOW) {
            expunges(mailbox);
        }
        if (arrived) {
            exists(mail, mailbox);
        }
        UidSet flags = changed.or(telling.told().and(newer.uids()));
        for (long uid : flags.toArray()) {
            flags(mailbox, uid, telling);
        }
        return true;
    }

    private void exists(MailAccount mail, SelectedMailbox mailbox) throws IOException {
        out.exists(mailbox.count());
        if (!enabled.rev2()) {
            if (!mailbox.readOnly()) {
                mailbox.recentFrom(mail.claimRecent(mailbox.view()));
            }
            out.recent(mailbox.recent());
        }
    }

    private void expunges(SelectedMailbox mailbox) throws IOException {
        UidSet gone = mailbox.gone();
        if (gone.isEmpty()) {
            return;
        }
        if (enabled.qresync()) {
            out.vanished(UidRanges.of(gone));
        } else {
            int before = 0;
            for (long uid : gone.toArray()) {
                out.expunge(mailbox.sequenceNumber(uid) - before);
                before++;
            }
        }
        mailbox.forget(gone);
    }

    private void flags(SelectedMailbox mailbox, long uid, Telling telling) throws IOException {
        int index = mailbox.view().indexOf(uid);
        Flags flags = mailbox.view().flags(index);
        boolean expected =
                Optional.of(flags).equals(Optional.ofNullable(telling.silent().get(uid)));
        if (expected && !telling.modSeqs().contains(uid)) {
            return;
        }
        FetchWriter fetch = out.fetch(mailbox.sequenceNumber(uid));
        // RFC 7162 section 3.2.4: a client that knows CONDSTORE is told the UID each time.
        if (telling.uid() || enabled.condStore()) {
            fetch.uid(uid);
        }
        if (!expected) {
            fetch.flags(names(flags, mailbox.isRecent(uid)));
        }
        if (enabled.condStore() || expected) {
            fetch.modSeq(mailbox.view().modSeq(index));
        }
        fetch.end();
    }

    /** As IMAP prints them; {@code \Recent} is not among the flags that are kept. */
    List<String> names(Flags flags, boolean recent) {
        if (names.size() > NAMES) {
            names.clear();
        }
        List<String> kept = names.computeIfAbsent(flags, Flags::imapNames);
        if (!recent || enabled.rev2()) {
            return kept;
        }
        List<String> withRecent = new ArrayList<>(kept);
        withRecent.add("\\Recent");
        return withRecent;
    }

    /** Gives up what only speeds things up: the session goes idle. */
    void rest() {
        names.clear();
    }
}
