package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.MailboxPath;
import mansio.codec.imap.Reply;
import mansio.codec.imap.ResponseCode;
import mansio.codec.imap.ResponseCode.Plain;
import mansio.codec.imap.ResponseWriter;
import mansio.state.mailbox.MailboxInfo;
import mansio.state.mailbox.MailboxView;
import mansio.state.mailbox.SystemFlag;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** SELECT and EXAMINE: RFC 9051 sections 6.3.2 and 6.3.3, RFC 7162 sections 3.1.8 and 3.2.5. */
final class Select {
    private final Call call;
    private final ResponseWriter out;
    private final Enabled enabled;

    private Select(Call call) {
        this.call = call;
        this.out = call.out();
        this.enabled = call.session().enabled();
    }

    static Reply select(Call call, Command.Select command) throws IOException {
        return new Select(call).run(command.mailbox(), command.parameters(), false);
    }

    static Reply examine(Call call, Command.Examine command) throws IOException {
        return new Select(call).run(command.mailbox(), command.parameters(), true);
    }

    private Reply run(MailboxPath path, Command.SelectParameters parameters, boolean readOnly)
            throws IOException {
        if (parameters.qresync().isPresent() && !enabled.qresync()) {
            return Replies.ENABLE_QRESYNC_FIRST; // RFC 7162 section 3.2.5.
        }
        SessionState session = call.session();
        if (session.selected().isPresent()) {
            session.unselect(); // Even when the next one cannot be selected.
            out.untagged(Reply.ok(Plain.CLOSED, "The previous mailbox is closed"));
        }
        Optional<MailboxInfo> info = MailboxNames.find(session, path);
        Optional<MailboxView> view =
                info.isEmpty() ? Optional.empty() : session.mail().view(info.get().id());
        if (view.isEmpty()) {
            return Replies.NO_SUCH_MAILBOX;
        }
        if (parameters.condStore()) {
            enabled.enableCondStore();
        }
        long firstRecent =
                readOnly
                        ? session.mail().firstRecent(info.get().id())
                        : session.mail().claimRecent(view.get());
        SelectedMailbox mailbox = new SelectedMailbox(view.get(), readOnly, firstRecent);
        session.select(mailbox);
        tellMailbox(mailbox);
        if (enabled.rev2()) {
            out.list(ListMailboxes.response(info.get(), List.of()));
        }
        if (parameters.qresync().isPresent()) {
            new Resync(call, mailbox).tell(parameters.qresync().get());
        }
        return readOnly
                ? Reply.ok(Plain.READ_ONLY, "Examined")
                : Reply.ok(Plain.READ_WRITE, "Selected");
    }

    // RFC 9051 section 6.3.2 and RFC 3501 section 6.3.1: required responses
    private void tellMailbox(SelectedMailbox mailbox) throws IOException {
        MailboxView view = mailbox.view();
        List<String> flags = flags(view);
        out.flags(flags);
        List<String> permanent = new ArrayList<>();
        if (!mailbox.readOnly()) {
            permanent.addAll(flags);
            permanent.add("\\*");
        }
        out.untagged(Reply.ok(new ResponseCode.PermanentFlags(permanent), "Flags that stay"));
        out.exists(mailbox.count());
        if (!enabled.rev2()) {
            out.recent(mailbox.recent());
            if (view.firstUnseen().isPresent()) {
                int unseen = mailbox.sequenceNumber(view.firstUnseen().getAsLong());
                out.untagged(Reply.ok(new ResponseCode.Unseen(unseen), "First unseen"));
            }
        }
        out.untagged(
                Reply.ok(new ResponseCode.UidValidity(view.counts().uidValidity()), "UIDs valid"));
        out.untagged(
                Reply.ok(new ResponseCode.UidNext(view.counts().uidNext()), "Predicted next UID"));
        out.untagged(
                Reply.ok(new ResponseCode.HighestModSeq(view.counts().highestModSeq()), "Highest"));
    }

    private static List<String> flags(MailboxView view) {
        List<String> flags = new ArrayList<>();
        for (SystemFlag flag : SystemFlag.values()) {
            flags.add(flag.imapName());
        }
        flags.addAll(view.flagsInUse().keywords());
        return flags;
    }
}
