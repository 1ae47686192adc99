package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.Reply;
import mansio.state.mailbox.MailboxChange;
import mansio.state.mailbox.MailboxName;

import java.io.IOException;
import java.util.Optional;

/** RENAME: RFC 9051 section 6.3.6. */
final class Rename {
    private Rename() {}

    static Reply handle(Call call, Command.Rename command) throws IOException {
        Optional<MailboxName> from = MailboxNames.name(command.from());
        Optional<MailboxName> to = MailboxNames.newName(command.to());
        if (from.isEmpty()) {
            return Replies.NO_SUCH_MAILBOX;
        }
        if (to.isEmpty()) {
            return Replies.BAD_NAME;
        }
        return switch (call.session().mail().rename(from.get(), to.get())) {
            case MailboxChange.Done _ -> Replies.COMPLETED;
            case MailboxChange.Refused(MailboxChange.Reason reason) -> Replies.of(reason);
        };
    }
}
