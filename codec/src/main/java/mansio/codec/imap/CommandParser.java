package mansio.codec.imap;

import mansio.codec.imap.Command.Id.Field;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The commands of RFC 9051 section 9 and RFC 3501 section 9. Grammar areas of some size have a
 * parser class of their own. One object reads one command.
 */
public final class CommandParser {
    // RFC 2971 section 3.3: no more than 30 field-value pairs, names of 30, values of 1,024 octets.
    private static final int ID_FIELDS = 30;
    private static final int ID_NAME_OCTETS = 30;
    private static final int ID_VALUE_OCTETS = 1024;

    private final CommandInput in;
    private final MailboxPath.Form form;

    /**
     * @param form how this client writes mailbox names
     */
    public CommandParser(CommandInput in, MailboxPath.Form form) {
        this.in = in;
        this.form = form;
    }

    /** RFC 9051 9: command = tag SP ...; to be called first. */
    public String tag() throws BadCommandException {
        String tag = in.tag();
        in.space();
        return tag;
    }

    /**
     * What follows the tag, to the end of the command; of APPEND only the mailbox.
     *
     * @throws BadCommandException when the grammar or a limit is broken; then {@link
     *     CommandInput#skipRest} has to follow
     * @throws IOException when the peer cannot be read
     */
    public Command command() throws BadCommandException, IOException {
        String name = in.word("Command");
        return switch (name) {
            case "APPEND" -> new Command.Append(spaceAndMailbox()); // AppendParser goes on.
            case "UID" -> {
                in.space();
                yield whole(uidCommand(in.word("Command")));
            }
            default -> {
                Optional<Command> command = arguments(name);
                yield command.isEmpty() ? new Command.Unknown(name) : whole(command.get());
            }
        };
    }

    private Command whole(Command command) throws BadCommandException {
        if (!(command instanceof Command.Unknown)) {
            in.expectEnd();
        }
        return command;
    }

    private Optional<Command> arguments(String name) throws BadCommandException, IOException {
        Optional<Command> withoutArguments = simple(name);
        if (withoutArguments.isPresent()) {
            return withoutArguments;
        }
        return Optional.ofNullable(
                switch (name) {
                    case "ID" -> id();
                    case "AUTHENTICATE" -> authenticate();
                    case "LOGIN" -> login();
                    case "ENABLE" -> enable();
                    case "SELECT" ->
                            new Command.Select(
                                    spaceAndMailbox(), new SelectParser(in).parameters());
                    case "EXAMINE" ->
                            new Command.Examine(
                                    spaceAndMailbox(), new SelectParser(in).parameters());
                    case "CREATE" -> create();
                    case "DELETE" -> new Command.Delete(spaceAndMailbox());
                    case "RENAME" -> new Command.Rename(spaceAndMailbox(), spaceAndMailbox());
                    case "SUBSCRIBE" -> new Command.Subscribe(spaceAndMailbox());
                    case "UNSUBSCRIBE" -> new Command.Unsubscribe(spaceAndMailbox());
                    case "LIST" -> new ListParser(in, form).list();
                    case "LSUB" -> new ListParser(in, form).lsub();
                    case "STATUS" -> status();
                    default -> messageCommand(name, false).orElse(null);
                });
    }

    private static Optional<Command> simple(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "CAPABILITY" -> new Command.Capability();
                    case "NOOP" -> new Command.Noop();
                    case "LOGOUT" -> new Command.Logout();
                    case "STARTTLS" -> new Command.StartTls();
                    case "NAMESPACE" -> new Command.Namespace();
                    case "IDLE" -> new Command.Idle();
                    case "CHECK" -> new Command.Check();
                    case "CLOSE" -> new Command.Close();
                    case "UNSELECT" -> new Command.Unselect();
                    case "EXPUNGE" -> new Command.Expunge(Optional.empty());
                    default -> null;
                });
    }

    // RFC 9051 9: uid = "UID" SP (copy / move / fetch / search / store / uid-expunge)
    private Command uidCommand(String name) throws BadCommandException, IOException {
        if (name.equals("EXPUNGE")) {
            in.space();
            return new Command.Expunge(Optional.of(SequenceSet.parse(in)));
        }
        return messageCommand(name, true).orElse(new Command.Unknown("UID " + name));
    }

    private Optional<Command> messageCommand(String name, boolean uid)
            throws BadCommandException, IOException {
        return Optional.ofNullable(
                switch (name) {
                    case "COPY" -> new Command.Copy(uid, spaceAndSet(), spaceAndMailbox());
                    case "MOVE" -> new Command.Move(uid, spaceAndSet(), spaceAndMailbox());
                    case "FETCH" -> new FetchParser(in).fetch(uid);
                    case "STORE" -> new StoreParser(in).store(uid);
                    case "SEARCH" -> new SearchParser(in).search(uid);
                    default -> null;
                });
    }

    private SequenceSet spaceAndSet() throws BadCommandException {
        in.space();
        return SequenceSet.parse(in);
    }

    private MailboxPath spaceAndMailbox() throws BadCommandException, IOException {
        in.space();
        return mailbox(in, form);
    }

    // RFC 9051 9: mailbox = "INBOX" / astring
    static MailboxPath mailbox(CommandInput in, MailboxPath.Form form)
            throws BadCommandException, IOException {
        byte[] octets = in.astring();
        if (octets.length > MailboxPath.MAX_OCTETS) {
            throw BadCommandException.limit(
                    "Mailbox name of more than " + MailboxPath.MAX_OCTETS + " octets");
        }
        return MailboxPath.decode(octets, form)
                .orElseThrow(() -> in.error("Mailbox name that is not valid " + form.label()));
    }

    // RFC 2971 section 4: id = "ID" SP id-params-list
    // id-params-list = "(" *(string SP nstring) ")" / nil
    private Command id() throws BadCommandException, IOException {
        in.space();
        List<Field> fields = new ArrayList<>();
        if (!in.takeWord("NIL")) {
            in.expect('(');
            while (!in.take(')')) {
                if (!fields.isEmpty()) {
                    in.space();
                }
                fields.add(idField());
                if (fields.size() > ID_FIELDS) {
                    throw BadCommandException.limit("More than " + ID_FIELDS + " fields");
                }
            }
        }
        return new Command.Id(fields);
    }

    private Field idField() throws BadCommandException, IOException {
        String name = in.stringText();
        in.space();
        Optional<String> value =
                in.takeWord("NIL") ? Optional.empty() : Optional.of(in.stringText());
        if (name.length() > ID_NAME_OCTETS || value.orElse("").length() > ID_VALUE_OCTETS) {
            throw BadCommandException.limit("ID field too long");
        }
        return new Field(name, value);
    }

    // RFC 9051 9: authenticate = "AUTHENTICATE" SP auth-type [SP initial-resp] *(CRLF base64)
    private Command authenticate() throws BadCommandException {
        in.space();
        String mechanism = in.atom().toUpperCase(Locale.ROOT);
        Optional<String> initialResponse =
                in.take(' ') ? Optional.of(in.base64()) : Optional.empty();
        return new Command.Authenticate(mechanism, initialResponse);
    }

    // RFC 9051 9: login = "LOGIN" SP userid SP password
    private Command login() throws BadCommandException, IOException {
        in.space();
        String userName = in.astringText();
        in.space();
        return new Command.Login(userName, in.astringText());
    }

    // RFC 9051 9: enable = "ENABLE" 1*(SP capability)
    private Command enable() throws BadCommandException {
        List<String> capabilities = new ArrayList<>();
        in.space();
        do {
            capabilities.add(in.atom().toUpperCase(Locale.ROOT));
            if (capabilities.size() > Limits.LIST) {
                throw BadCommandException.limit("Too many capabilities");
            }
        } while (in.take(' '));
        return new Command.Enable(capabilities);
    }

    // RFC 4466 section 2.2: create = "CREATE" SP mailbox [create-params]
    // RFC 6154 section 6: create-param =/ "USE" SP "(" [use-attr *(SP use-attr)] ")"
    private Command create() throws BadCommandException, IOException {
        MailboxPath mailbox = spaceAndMailbox();
        if (!in.take(' ')) {
            return new Command.Create(mailbox, Optional.empty());
        }
        in.expect('(');
        if (!in.takeWord("USE")) {
            throw in.error("Unknown CREATE parameter");
        }
        in.space();
        in.expect('(');
        List<String> uses = new ArrayList<>();
        while (!in.take(')')) {
            if (!uses.isEmpty()) {
                in.space();
            }
            in.expect('\\');
            uses.add("\\" + in.atom());
            if (uses.size() > Limits.LIST) {
                throw BadCommandException.limit("Too many special uses");
            }
        }
        in.expect(')');
        return new Command.Create(mailbox, Optional.of(List.copyOf(uses)));
    }

    // RFC 9051 9: status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")"
    private Command status() throws BadCommandException, IOException {
        MailboxPath mailbox = spaceAndMailbox();
        in.space();
        return new Command.Status(mailbox, StatusItem.list(in));
    }
}
