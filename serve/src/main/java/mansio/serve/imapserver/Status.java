package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.Reply;
import mansio.codec.imap.StatusItem;
import mansio.state.mailbox.MailboxCounts;
import mansio.state.mailbox.MailboxInfo;
import mansio.state.mailbox.MailboxView;
import mansio.state.mailbox.UidSet;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** STATUS: RFC 9051 section 6.3.11, RFC 7162 section 3.1.7, RFC 7889 section 3. */
final class Status {
    private Status() {}

    static Reply handle(Call call, Command.Status command) throws IOException {
        Optional<MailboxInfo> mailbox = MailboxNames.find(call.session(), command.mailbox());
        if (mailbox.isEmpty()) {
            return Replies.NO_SUCH_MAILBOX;
        }
        tell(call, mailbox.get(), command.items());
        return Replies.COMPLETED;
    }

    /** The STATUS response, for LIST too (RFC 5819). */
    static void tell(Call call, MailboxInfo mailbox, Set<StatusItem> items) throws IOException {
        if (items.contains(StatusItem.HIGHESTMODSEQ)) {
            call.enableCondStore();
        }
        Map<StatusItem, Long> values = new EnumMap<>(StatusItem.class);
        for (StatusItem item : items) {
            values.put(item, value(call.session(), mailbox, item));
        }
        call.out().status(mailbox.name().toString(), values);
    }

    private static long value(SessionState session, MailboxInfo mailbox, StatusItem item)
            throws IOException {
        MailboxCounts counts = mailbox.counts();
        return switch (item) {
            case MESSAGES -> counts.messages();
            case UIDNEXT -> counts.uidNext();
            case UIDVALIDITY -> counts.uidValidity();
            case UNSEEN -> counts.unseen();
            case DELETED -> counts.deleted();
            case SIZE -> counts.sizeBytes();
            case RECENT -> recent(session, mailbox);
            case HIGHESTMODSEQ -> counts.highestModSeq();
            case APPENDLIMIT -> session.settings().limits().appendBytes();
        };
    }

    private static long recent(SessionState session, MailboxInfo mailbox) throws IOException {
        long first = session.mail().firstRecent(mailbox.id());
        if (first >= mailbox.counts().uidNext()) {
            return 0;
        }
        Optional<MailboxView> view = session.mail().view(mailbox.id());
        return view.map(
                        it ->
                                it.uids()
                                        .and(UidSet.range(Math.max(1, first), UidSet.MAX_UID))
                                        .size())
                .orElse(0);
    }
}
