package mansio.serve.imapserver;

import mansio.codec.imap.MailboxPath;
import mansio.state.mailbox.MailboxInfo;
import mansio.state.mailbox.MailboxName;

import java.io.IOException;
import java.util.Optional;

/** From what a client calls a mailbox to the mailbox. */
final class MailboxNames {
    private MailboxNames() {}

    /** Empty for a path that no mailbox can have. */
    static Optional<MailboxName> name(MailboxPath path) {
        return MailboxName.parse(path.value());
    }

    /**
     * The same for CREATE, where a final separator only says that mailboxes will be made below: RFC
     * 9051 section 6.3.4.
     */
    static Optional<MailboxName> newName(MailboxPath path) {
        String value = path.value();
        boolean superior = value.length() > 1 && value.endsWith("/");
        return MailboxName.parse(superior ? value.substring(0, value.length() - 1) : value);
    }

    static Optional<MailboxInfo> find(SessionState session, MailboxPath path) throws IOException {
        Optional<MailboxName> name = name(path);
        return name.isEmpty() ? Optional.empty() : session.mail().mailbox(name.get());
    }
}
