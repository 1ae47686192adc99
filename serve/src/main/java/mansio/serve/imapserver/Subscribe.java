package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.Reply;
import mansio.state.mailbox.MailboxName;

import java.io.IOException;
import java.util.Optional;

/** SUBSCRIBE: RFC 9051 section 6.3.7. The name need not exist. */
final class Subscribe {
    private Subscribe() {}

    static Reply handle(Call call, Command.Subscribe command) throws IOException {
        Optional<MailboxName> name = MailboxNames.name(command.mailbox());
        if (name.isEmpty()) {
            return Replies.BAD_NAME;
        }
        boolean kept = call.session().mail().subscribe(name.get());
        return kept ? Replies.COMPLETED : Replies.TOO_MANY_NAMES;
    }
}
