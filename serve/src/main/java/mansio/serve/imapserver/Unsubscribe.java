package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.Reply;
import mansio.state.mailbox.MailboxName;

import java.io.IOException;
import java.util.Optional;

/** UNSUBSCRIBE: RFC 9051 section 6.3.8. */
final class Unsubscribe {
    private Unsubscribe() {}

    static Reply handle(Call call, Command.Unsubscribe command) throws IOException {
        Optional<MailboxName> name = MailboxNames.name(command.mailbox());
        if (name.isPresent()) {
            call.session().mail().unsubscribe(name.get());
        }
        return Replies.COMPLETED;
    }
}
