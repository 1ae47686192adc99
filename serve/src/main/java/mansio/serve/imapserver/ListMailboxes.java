package mansio.serve.imapserver;

import mansio.codec.imap.Command;
import mansio.codec.imap.Command.ListOption;
import mansio.codec.imap.Command.ListSelection;
import mansio.codec.imap.ListResponse;
import mansio.codec.imap.Reply;
import mansio.state.mailbox.MailboxInfo;
import mansio.state.mailbox.MailboxList;
import mansio.state.mailbox.MailboxName;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** LIST: RFC 9051 section 6.3.9, RFC 5258, RFC 5819, RFC 6154. */
final class ListMailboxes {
    private final Call call;
    private final Command.ListMailboxes command;
    private final ListPattern pattern;
    private final boolean bySubscription;
    private final boolean byUse;
    private final Set<MailboxName> aboveSelected = new HashSet<>();

    private ListMailboxes(Call call, Command.ListMailboxes command) {
        this.call = call;
        this.command = command;
        this.pattern = ListPattern.of(command.reference(), command.patterns().any());
        this.bySubscription = command.selection().contains(ListSelection.SUBSCRIBED);
        this.byUse = command.selection().contains(ListSelection.SPECIAL_USE);
    }

    /** A name that LIST may speak of: a mailbox, or a subscription to none, or above such a one. */
    private record Named(MailboxName name, Optional<MailboxInfo> mailbox, boolean subscribed) {}

    static Reply handle(Call call, Command.ListMailboxes command) throws IOException {
        boolean empty = command.patterns().any().equals(List.of(""));
        if (empty && !command.extended()) {
            // RFC 9051 section 6.3.9: a request for the separator and the root of the reference.
            call.out()
                    .list(
                            new ListResponse(
                                    List.of("\\Noselect"),
                                    MailboxName.SEPARATOR,
                                    "",
                                    ListResponse.Extended.NONE));
            return Replies.COMPLETED;
        }
        new ListMailboxes(call, command).run(call.session().mail().mailboxes());
        return Replies.COMPLETED;
    }

    private void run(MailboxList all) throws IOException {
        List<Named> names = names(all);
        boolean recursive = command.selection().contains(ListSelection.RECURSIVEMATCH);
        if (recursive) {
            for (Named named : names) {
                if (isSelected(named)) {
                    Optional<MailboxName> parent = named.name().parent();
                    while (parent.isPresent() && aboveSelected.add(parent.get())) {
                        parent = parent.get().parent();
                    }
                }
            }
            names = withSuperiors(names);
        }
        for (Named named : names) {
            boolean hasSelectedBelow = aboveSelected.contains(named.name());
            if (pattern.matches(named.name()) && (isSelected(named) || hasSelectedBelow)) {
                tell(named, hasSelectedBelow);
            }
        }
    }

    private List<Named> names(MailboxList all) {
        List<Named> names = new ArrayList<>();
        for (MailboxInfo mailbox : all.mailboxes()) {
            names.add(new Named(mailbox.name(), Optional.of(mailbox), mailbox.subscribed()));
        }
        if (bySubscription) {
            for (MailboxName missing : all.missing()) {
                names.add(new Named(missing, Optional.empty(), true));
            }
        }
        return names;
    }

    /** RFC 5258 section 3.4: a superior may match though it is no mailbox. */
    private List<Named> withSuperiors(List<Named> names) {
        TreeMap<String, Named> all = new TreeMap<>();
        List<Named> more = new ArrayList<>(names);
        names.forEach(named -> all.put(named.name().toString(), named));
        for (MailboxName superior : aboveSelected) {
            if (!all.containsKey(superior.toString())) {
                more.add(new Named(superior, Optional.empty(), false));
            }
        }
        return more;
    }

    private boolean isSelected(Named named) {
        if (bySubscription && !named.subscribed()) {
            return false;
        }
        boolean hasUse =
                named.mailbox()
                        .flatMap(MailboxInfo::use)
                        .filter(u -> !u.imapName().isEmpty())
                        .isPresent();
        return !byUse || hasUse;
    }

    private void tell(Named named, boolean hasSelectedBelow) throws IOException {
        List<String> attributes = new ArrayList<>();
        Set<ListOption> wanted = command.returned().options();
        if (named.subscribed() && (bySubscription || wanted.contains(ListOption.SUBSCRIBED))) {
            attributes.add("\\Subscribed");
        }
        List<String> childInfo = new ArrayList<>();
        if (hasSelectedBelow && bySubscription) {
            childInfo.add("SUBSCRIBED");
        }
        if (hasSelectedBelow && byUse) {
            childInfo.add("SPECIAL-USE");
        }
        ListResponse.Extended extended = new ListResponse.Extended(childInfo, Optional.empty());
        if (named.mailbox().isEmpty()) {
            attributes.add("\\NonExistent");
            call.out()
                    .list(
                            new ListResponse(
                                    attributes,
                                    MailboxName.SEPARATOR,
                                    named.name().toString(),
                                    extended));
            return;
        }
        MailboxInfo mailbox = named.mailbox().get();
        ListResponse plain = response(mailbox, attributes);
        call.out()
                .list(
                        new ListResponse(
                                plain.attributes(), plain.delimiter(), plain.mailbox(), extended));
        if (command.returned().status().isPresent()) {
            Status.tell(call, mailbox, command.returned().status().get());
        }
    }

    /**
     * The LIST response of a mailbox. Children and special use are always told: RFC 3348, RFC 6154
     * section 2.
     */
    static ListResponse response(MailboxInfo mailbox, List<String> attributes) {
        List<String> all = new ArrayList<>(attributes);
        all.add(mailbox.hasChildren() ? "\\HasChildren" : "\\HasNoChildren");
        mailbox.use()
                .filter(use -> !use.imapName().isEmpty())
                .ifPresent(u -> all.add(u.imapName()));
        return new ListResponse(
                all, MailboxName.SEPARATOR, mailbox.name().toString(), ListResponse.Extended.NONE);
    }
}
