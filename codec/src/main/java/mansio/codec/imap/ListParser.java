package mansio.codec.imap;

import mansio.codec.imap.Command.ListMailboxes.Patterns;
import mansio.codec.imap.Command.ListOption;
import mansio.codec.imap.Command.ListReturn;
import mansio.codec.imap.Command.ListSelection;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** LIST and LSUB: RFC 9051 section 9, RFC 5258 section 6, RFC 5819, RFC 6154. */
final class ListParser {
    private final CommandInput in;
    private final MailboxPath.Form form;

    ListParser(CommandInput in, MailboxPath.Form form) {
        this.in = in;
        this.form = form;
    }

    // RFC 5258 section 6: list = "LIST" [SP list-select-opts] SP mailbox SP mbox-or-pat
    // [SP list-return-opts]
    Command list() throws BadCommandException, IOException {
        in.space();
        Set<ListSelection> selection = Set.of();
        if (in.peek() == '(') {
            selection = selectOptions();
            in.space();
        }
        String reference = text(in.astring());
        in.space();
        Patterns patterns = mailboxOrPatterns(reference);
        ListReturn returned = ListReturn.NONE;
        if (in.take(' ')) {
            returned = returnOptions();
        }
        return new Command.ListMailboxes(selection, reference, patterns, returned);
    }

    // RFC 3501 section 9: lsub = "LSUB" SP mailbox SP list-mailbox
    Command lsub() throws BadCommandException, IOException {
        in.space();
        String reference = text(in.astring());
        in.space();
        String pattern = text(in.listMailbox());
        bounded(reference.length() + pattern.length());
        return new Command.Lsub(reference, pattern);
    }

    private String text(byte[] octets) throws BadCommandException {
        bounded(octets.length);
        return MailboxPath.decodeText(octets, form)
                .orElseThrow(() -> in.error("Mailbox name that is not valid " + form.label()));
    }

    // RFC 5258 section 6: mbox-or-pat = list-mailbox / patterns
    // patterns = "(" list-mailbox *(SP list-mailbox) ")"
    private Patterns mailboxOrPatterns(String reference) throws BadCommandException, IOException {
        if (!in.take('(')) {
            String pattern = text(in.listMailbox());
            bounded(reference.length() + pattern.length());
            return new Patterns(List.of(pattern), false);
        }
        List<String> patterns = new ArrayList<>();
        int octets = 0;
        do {
            if (patterns.size() == Limits.LIST) {
                throw BadCommandException.limit("Too many patterns");
            }
            String pattern = text(in.listMailbox());
            octets += reference.length() + pattern.length();
            bounded(octets);
            patterns.add(pattern);
        } while (in.take(' '));
        in.expect(')');
        return new Patterns(patterns, true);
    }

    /** Every mailbox is compared with every pattern. */
    private static void bounded(int octets) throws BadCommandException {
        if (octets > Limits.PATTERNS) {
            throw BadCommandException.limit(
                    "Patterns of more than " + Limits.PATTERNS + " octets in all");
        }
    }

    // RFC 5258 section 6: list-select-opts = "(" [ ... ] ")"
    private Set<ListSelection> selectOptions() throws BadCommandException {
        Set<ListSelection> options = EnumSet.noneOf(ListSelection.class);
        in.expect('(');
        if (in.take(')')) {
            return EnumSet.of(ListSelection.NONE);
        }
        do {
            String option = in.word("Selection option");
            options.add(
                    switch (option) {
                        case "SUBSCRIBED" -> ListSelection.SUBSCRIBED;
                        case "REMOTE" -> ListSelection.REMOTE;
                        case "RECURSIVEMATCH" -> ListSelection.RECURSIVEMATCH;
                        case "SPECIAL-USE" -> ListSelection.SPECIAL_USE;
                        default -> throw in.unknown("selection option", option);
                    });
        } while (in.take(' '));
        in.expect(')');
        // RFC 5258 section 3.1: a list-select-mod-opt needs a list-select-base-opt.
        if (options.contains(ListSelection.RECURSIVEMATCH)
                && !options.contains(ListSelection.SUBSCRIBED)
                && !options.contains(ListSelection.SPECIAL_USE)) {
            throw in.error("RECURSIVEMATCH needs another selection option");
        }
        return options;
    }

    // RFC 5258 section 6: list-return-opts = "RETURN" SP "(" [return-option
    // *(SP return-option)] ")"
    private ListReturn returnOptions() throws BadCommandException {
        if (!in.takeWord("RETURN")) {
            throw in.error("RETURN expected");
        }
        in.space();
        in.expect('(');
        Set<ListOption> options = EnumSet.noneOf(ListOption.class);
        Optional<Set<StatusItem>> status = Optional.empty();
        if (in.take(')')) {
            return new ListReturn(true, options, status);
        }
        do {
            String option = in.word("Return option");
            switch (option) {
                case "SUBSCRIBED" -> options.add(ListOption.SUBSCRIBED);
                case "CHILDREN" -> options.add(ListOption.CHILDREN);
                case "SPECIAL-USE" -> options.add(ListOption.SPECIAL_USE);
                case "STATUS" -> {
                    in.space();
                    status = Optional.of(StatusItem.list(in));
                }
                default -> throw in.unknown("return option", option);
            }
        } while (in.take(' '));
        in.expect(')');
        return new ListReturn(true, options, status);
    }
}
