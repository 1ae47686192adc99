package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.Reply;
import mansio.codec.imap.ResponseCode;
import mansio.state.mailbox.MailboxChange;
import mansio.state.mailbox.MailboxName;

import java.io.IOException;
import java.util.Optional;

/** DELETE: RFC 9051 section 6.3.5. */
final class Delete {
    private Delete() {}

    static Reply handle(Call call, Command.Delete command) throws IOException {
        Optional<MailboxName> name = MailboxNames.name(command.mailbox());
        if (name.isEmpty()) {
            return Replies.NO_SUCH_MAILBOX;
        }
        return switch (call.session().mail().delete(name.get())) {
            case MailboxChange.Done done -> {
                leave(call, done.mailbox().id());
                yield Replies.COMPLETED;
            }
            case MailboxChange.Refused(MailboxChange.Reason reason) -> Replies.of(reason);
        };
    }

    /** Who deletes the mailbox it has selected has none selected then. */
    private static void leave(Call call, long mailboxId) throws IOException {
        SessionState session = call.session();
        if (session.selected().filter(it -> it.mailboxId() == mailboxId).isPresent()) {
            session.unselect();
            call.out().untagged(Reply.ok(ResponseCode.Plain.CLOSED, "The mailbox is deleted"));
        }
    }
}
