package mansio.state.mailbox;

import java.util.List;
import java.util.Optional;

/**
 * All mailboxes of an account at one version.
 *
 * @param mailboxes superiors before their inferiors, INBOX first, the rest in order of names
 * @param missing names that are subscribed to and do not exist (RFC 9051 section 6.3.7), in order
 */
public record MailboxList(
        long version, List<MailboxInfo> mailboxes, List<MailboxName> missing, QuotaUse quota) {
    public MailboxList {
        mailboxes = List.copyOf(mailboxes);
        missing = List.copyOf(missing);
    }

    public Optional<MailboxInfo> find(MailboxName name) {
        return mailboxes.stream().filter(mailbox -> mailbox.name().equals(name)).findFirst();
    }

    public Optional<MailboxInfo> find(SpecialUse use) {
        return mailboxes.stream()
                .filter(mailbox -> mailbox.use().filter(use::equals).isPresent())
                .findFirst();
    }
}
