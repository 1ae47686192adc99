package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.ListResponse;
import mansio.codec.imap.Reply;
import mansio.state.mailbox.MailboxInfo;
import mansio.state.mailbox.MailboxList;
import mansio.state.mailbox.MailboxName;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** LSUB: RFC 3501 section 6.3.9. */
final class Lsub {
    private Lsub() {}

    static Reply handle(Call call, Command.Lsub command) throws IOException {
        MailboxList all = call.session().mail().mailboxes();
        ListPattern pattern = ListPattern.of(command.reference(), List.of(command.pattern()));
        List<MailboxName> subscribed = new ArrayList<>();
        for (MailboxInfo mailbox : all.mailboxes()) {
            if (mailbox.subscribed()) {
                subscribed.add(mailbox.name());
            }
        }
        subscribed.addAll(all.missing());
        Set<MailboxName> told = new LinkedHashSet<>();
        for (MailboxName name : subscribed) {
            if (pattern.matches(name)) {
                told.add(name);
                tell(call, name, List.of());
            }
        }
        if (command.pattern().endsWith("%")) {
            superiors(call, pattern, subscribed, told);
        }
        return Replies.COMPLETED;
    }

    /** RFC 3501 section 6.3.9: with "%", a name that is only above a subscribed one. */
    private static void superiors(
            Call call, ListPattern pattern, List<MailboxName> subscribed, Set<MailboxName> told)
            throws IOException {
        for (MailboxName name : subscribed) {
            Optional<MailboxName> parent = name.parent();
            while (parent.isPresent()) {
                if (pattern.matches(parent.get()) && told.add(parent.get())) {
                    tell(call, parent.get(), List.of("\\Noselect"));
                }
                parent = parent.get().parent();
            }
        }
    }

    private static void tell(Call call, MailboxName name, List<String> attributes)
            throws IOException {
        call.out()
                .lsub(
                        new ListResponse(
                                attributes,
                                MailboxName.SEPARATOR,
                                name.toString(),
                                ListResponse.Extended.NONE));
    }
}
