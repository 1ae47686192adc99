package mansio.codec.imap;

import mansio.codec.imap.Command.FetchModifiers;
import mansio.codec.imap.Command.FlagChange;
import mansio.codec.imap.Command.Id.Field;
import mansio.codec.imap.Command.ListMailboxes;
import mansio.codec.imap.Command.ListReturn;
import mansio.codec.imap.Command.ListSelection;
import mansio.codec.imap.Command.Qresync;
import mansio.codec.imap.Command.SearchReturn;
import mansio.codec.imap.Command.SelectParameters;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The client's side of the grammar: prints what {@link CommandParser} reads. Strings that cannot be
 * quoted become non-synchronizing literals (RFC 7888). One object prints one command.
 */
public final class CommandPrinter {
    private final PrintedLine out;

    private CommandPrinter(MailboxPath.Form form) {
        this.out = new PrintedLine(form);
    }

    /**
     * The command with its tag and CRLF; of APPEND the part before the first message, without CRLF.
     *
     * @param form how mailbox names are written
     */
    public static byte[] print(String tag, Command command, MailboxPath.Form form) {
        CommandPrinter printer = new CommandPrinter(form);
        printer.out.text(tag).text(" ");
        printer.command(command);
        if (!(command instanceof Command.Append)) {
            printer.out.text("\r\n");
        }
        return printer.out.octets();
    }

    private void command(Command command) {
        switch (command) {
            case Command.InAnyState any -> inAnyState(any);
            case Command.NotAuthenticated nonAuth -> notAuthenticated(nonAuth);
            case Command.Authenticated auth -> authenticated(auth);
            case Command.Selected selected -> selected(selected);
            case Command.Unknown unknown -> out.text(unknown.name());
        }
    }

    private void inAnyState(Command.InAnyState command) {
        switch (command) {
            case Command.Capability _ -> out.text("CAPABILITY");
            case Command.Noop _ -> out.text("NOOP");
            case Command.Logout _ -> out.text("LOGOUT");
            case Command.Id id -> id(id);
        }
    }

    private void notAuthenticated(Command.NotAuthenticated command) {
        switch (command) {
            case Command.StartTls _ -> out.text("STARTTLS");
            case Command.Authenticate auth -> {
                out.text("AUTHENTICATE ").text(auth.mechanism());
                auth.initialResponse().ifPresent(response -> out.text(" ").text(response));
            }
            case Command.Login login ->
                    out.text("LOGIN ").astring(login.userName()).text(" ").string(login.password());
        }
    }

    private void authenticated(Command.Authenticated command) {
        switch (command) {
            case Command.Enable enable ->
                    out.text("ENABLE ").text(String.join(" ", enable.capabilities()));
            case Command.Select select -> {
                out.text("SELECT ").mailbox(select.mailbox());
                parameters(select.parameters());
            }
            case Command.Examine examine -> {
                out.text("EXAMINE ").mailbox(examine.mailbox());
                parameters(examine.parameters());
            }
            case Command.Create create -> create(create);
            case Command.Delete delete -> out.text("DELETE ").mailbox(delete.mailbox());
            case Command.Rename rename ->
                    out.text("RENAME ").mailbox(rename.from()).text(" ").mailbox(rename.to());
            case Command.Subscribe subscribe -> out.text("SUBSCRIBE ").mailbox(subscribe.mailbox());
            case Command.Unsubscribe unsubscribe ->
                    out.text("UNSUBSCRIBE ").mailbox(unsubscribe.mailbox());
            case Command.ListMailboxes list -> list(list);
            case Command.Lsub lsub ->
                    out.text("LSUB ").name(lsub.reference()).text(" ").name(lsub.pattern());
            case Command.Namespace _ -> out.text("NAMESPACE");
            case Command.Status status -> {
                out.text("STATUS ").mailbox(status.mailbox()).text(" ");
                statusItems(status.items());
            }
            case Command.Append append -> out.text("APPEND ").mailbox(append.mailbox());
            case Command.Idle _ -> out.text("IDLE");
        }
    }

    private void selected(Command.Selected command) {
        switch (command) {
            case Command.Check _ -> out.text("CHECK");
            case Command.Close _ -> out.text("CLOSE");
            case Command.Unselect _ -> out.text("UNSELECT");
            case Command.Expunge expunge -> {
                out.text(expunge.uids().isPresent() ? "UID EXPUNGE " : "EXPUNGE");
                expunge.uids().ifPresent(uids -> out.text(uids.toString()));
            }
            case Command.Search search -> search(search);
            case Command.Fetch fetch -> {
                out.text(uid(fetch.uid())).text("FETCH ").text(fetch.set() + " ");
                new FetchPrinter(out).items(fetch.items());
                modifiers(fetch.modifiers());
            }
            case Command.Store store -> store(store);
            case Command.Copy copy ->
                    out.text(uid(copy.uid()))
                            .text("COPY " + copy.set() + " ")
                            .mailbox(copy.mailbox());
            case Command.Move move ->
                    out.text(uid(move.uid()))
                            .text("MOVE " + move.set() + " ")
                            .mailbox(move.mailbox());
        }
    }

    private static String uid(boolean uid) {
        return uid ? "UID " : "";
    }

    private void id(Command.Id id) {
        if (id.fields().isEmpty()) {
            out.text("ID NIL");
            return;
        }
        out.text("ID (");
        String before = "";
        for (Field field : id.fields()) {
            out.text(before).string(field.name()).text(" ");
            if (field.value().isPresent()) {
                out.string(field.value().get());
            } else {
                out.text("NIL");
            }
            before = " ";
        }
        out.text(")");
    }

    private void parameters(SelectParameters parameters) {
        List<String> printed = new ArrayList<>();
        if (parameters.condStore()) {
            printed.add("CONDSTORE");
        }
        parameters.qresync().ifPresent(qresync -> printed.add(qresync(qresync)));
        if (!printed.isEmpty()) {
            out.text(" (" + String.join(" ", printed) + ")");
        }
    }

    private static String qresync(Qresync qresync) {
        String text = "QRESYNC (" + qresync.uidValidity() + " " + qresync.modSeq();
        if (qresync.knownUids().isPresent()) {
            text += " " + qresync.knownUids().get();
        }
        if (qresync.seqMatch().isPresent()) {
            text += " (" + qresync.seqMatch().get().sequenceNumbers();
            text += " " + qresync.seqMatch().get().uids() + ")";
        }
        return text + ")";
    }

    private void create(Command.Create create) {
        out.text("CREATE ").mailbox(create.mailbox());
        create.specialUses().ifPresent(uses -> out.text(" (USE (" + String.join(" ", uses) + "))"));
    }

    private void list(ListMailboxes list) {
        out.text("LIST ");
        if (!list.selection().isEmpty()) {
            List<String> names = new ArrayList<>();
            for (ListSelection selection : list.selection()) {
                if (selection != ListSelection.NONE) {
                    names.add(selection.name().replace('_', '-'));
                }
            }
            out.text("(" + String.join(" ", names) + ") ");
        }
        out.name(list.reference()).text(" ");
        String before = list.patterns().inParentheses() ? "(" : "";
        for (String pattern : list.patterns().any()) {
            out.text(before).name(pattern);
            before = " ";
        }
        out.text(list.patterns().inParentheses() ? ")" : "");
        returned(list.returned());
    }

    private void returned(ListReturn returned) {
        if (!returned.given()) {
            return;
        }
        out.text(" RETURN (");
        String before = "";
        for (Command.ListOption option : returned.options()) {
            out.text(before + option.name().replace('_', '-'));
            before = " ";
        }
        if (returned.status().isPresent()) {
            out.text(before + "STATUS ");
            statusItems(returned.status().get());
        }
        out.text(")");
    }

    private void statusItems(Set<StatusItem> items) {
        out.text("(" + String.join(" ", items.stream().map(StatusItem::name).toList()) + ")");
    }

    private void search(Command.Search search) {
        out.text(uid(search.uid())).text("SEARCH ");
        if (search.returned().isPresent()) {
            List<String> names = search.returned().get().stream().map(SearchReturn::name).toList();
            out.text("RETURN (" + String.join(" ", names) + ") ");
        }
        search.charset().ifPresent(charset -> out.text("CHARSET " + charset + " "));
        new SearchPrinter(out).key(search.key());
    }

    private void modifiers(FetchModifiers modifiers) {
        if (modifiers.changedSince().isPresent()) {
            out.text(" (CHANGEDSINCE " + modifiers.changedSince().getAsLong());
            out.text(modifiers.vanished() ? " VANISHED)" : ")");
        }
    }

    private void store(Command.Store store) {
        out.text(uid(store.uid())).text("STORE " + store.set() + " ");
        store.unchangedSince().ifPresent(modSeq -> out.text("(UNCHANGEDSINCE " + modSeq + ") "));
        FlagChange change = store.change();
        out.text(
                switch (change.mode()) {
                    case REPLACE -> "";
                    case ADD -> "+";
                    case REMOVE -> "-";
                });
        out.text(change.silent() ? "FLAGS.SILENT (" : "FLAGS (");
        out.text(String.join(" ", change.flags())).text(")");
    }

    /** A command being printed: the strings of RFC 9051 section 4.3 and the octets so far. */
    static final class PrintedLine {
        private final ByteArrayOutputStream line = new ByteArrayOutputStream();
        private final MailboxPath.Form form;

        PrintedLine(MailboxPath.Form form) {
            this.form = form;
        }

        byte[] octets() {
            return line.toByteArray();
        }

        PrintedLine text(String ascii) {
            line.writeBytes(ascii.getBytes(StandardCharsets.US_ASCII));
            return this;
        }

        PrintedLine mailbox(MailboxPath mailbox) {
            return astring(MailboxPath.encode(mailbox.value(), form));
        }

        PrintedLine name(String name) {
            return string(MailboxPath.encode(name, form));
        }

        PrintedLine string(String text) {
            return string(text.getBytes(StandardCharsets.UTF_8));
        }

        PrintedLine astring(String text) {
            return astring(text.getBytes(StandardCharsets.UTF_8));
        }

        private PrintedLine astring(byte[] octets) {
            boolean atom = octets.length > 0;
            for (byte octet : octets) {
                atom &= CommandInput.isAtomChar(octet & 0xFF);
            }
            if (!atom) {
                return string(octets);
            }
            line.writeBytes(octets);
            return this;
        }

        private PrintedLine string(byte[] octets) {
            boolean literal = false;
            for (byte octet : octets) {
                literal |= octet == '\r' || octet == '\n' || octet < 0;
            }
            if (literal) {
                text("{" + octets.length + "+}\r\n");
                line.writeBytes(octets);
                return this;
            }
            text("\"");
            for (byte octet : octets) {
                if (octet == '"' || octet == '\\') {
                    line.write('\\');
                }
                line.write(octet);
            }
            return text("\"");
        }
    }
}
