package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.Reply;
import mansio.state.mailbox.MailboxChange;
import mansio.state.mailbox.MailboxName;
import mansio.state.mailbox.SpecialUse;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** CREATE: RFC 9051 section 6.3.4, with the USE of RFC 6154 section 3. */
final class Create {
    private Create() {}

    static Reply handle(Call call, Command.Create command) throws IOException {
        Optional<MailboxName> name = MailboxNames.newName(command.mailbox());
        if (name.isEmpty()) {
            return Replies.BAD_NAME;
        }
        List<String> wanted = command.specialUses().orElse(List.of());
        Optional<SpecialUse> use = wanted.isEmpty() ? Optional.empty() : use(wanted.getFirst());
        // RFC 6154 section 3: a combination that we cannot give is refused as a whole.
        if (wanted.size() > 1 || (wanted.size() == 1 && use.isEmpty())) {
            return Replies.BAD_USE;
        }
        return switch (call.session().mail().create(name.get(), use)) {
            case MailboxChange.Done _ -> Replies.COMPLETED;
            case MailboxChange.Refused(MailboxChange.Reason reason) -> Replies.of(reason);
        };
    }

    private static Optional<SpecialUse> use(String attribute) {
        for (SpecialUse use : SpecialUse.values()) {
            if (use.imapName().equalsIgnoreCase(attribute)) {
                return Optional.of(use);
            }
        }
        return Optional.empty();
    }
}
