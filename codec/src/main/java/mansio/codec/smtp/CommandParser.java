package mansio.codec.smtp;

import mansio.codec.text.Address;
import mansio.codec.text.AddressLiteral;
import mansio.codec.text.Ascii;
import mansio.codec.text.Cursor;
import mansio.codec.text.Domain;
import mansio.codec.text.SyntaxException;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Grammar of RFC 5321 sections 4.1.1 and 4.1.2 and of the extensions' verbs. One method per
 * production. Wrong input is a value ({@link Command.Malformed}, {@link Command.Unknown}), not an
 * exception.
 */
public final class CommandParser {
    /** RFC 5321 section 4.5.3.1.4: 512, with room for the parameters of all extensions. */
    public static final int MAX_LINE = 2048;

    /** RFC 4954 section 4.9: a line of AUTH, its CRLF counted. */
    public static final int MAX_AUTH_LINE = 12288;

    /** Longest name a client may give itself in EHLO. */
    private static final int MAX_CLIENT_NAME = 255;

    private static final int MAX_SIZE_DIGITS = 20;
    private static final String BDAT = "BDAT";

    private final Cursor in;
    private final Strictness strictness;
    private Command.Fault fault = Command.Fault.ARGUMENT;

    private CommandParser(String line, Strictness strictness) {
        this.in = new Cursor(line);
        this.strictness = strictness;
    }

    /** Parses one line, without its CRLF. */
    public static Command parse(byte[] line, Strictness strictness) {
        String text = new String(line, StandardCharsets.UTF_8);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // A replacement character stands for what is no UTF-8 (RFC 6531 section 3.3).
            if (c < ' ' || c == 0x7f || c == '\ufffd') {
                return new Command.Malformed(faultOf(text), "control character or broken UTF-8");
            }
        }
        CommandParser parser = new CommandParser(text, strictness);
        try {
            return parser.command();
        } catch (SyntaxException e) {
            return new Command.Malformed(parser.fault, String.valueOf(e.getMessage()));
        }
    }

    private static Command.Fault faultOf(String line) {
        return line.regionMatches(true, 0, BDAT, 0, BDAT.length())
                ? Command.Fault.CHUNK
                : Command.Fault.ARGUMENT;
    }

    private Command command() {
        String verb = in.takeWhile(c -> Ascii.isLetter(c));
        return switch (Ascii.upper(verb)) {
            case "EHLO" -> new Command.Ehlo(client());
            case "HELO" -> new Command.Helo(client());
            case "LHLO" -> new Command.Lhlo(client());
            case "MAIL" -> mail();
            case "RCPT" -> rcpt();
            case "DATA" -> alone(new Command.Data());
            case BDAT -> bdat();
            case "RSET" -> alone(new Command.Rset());
            case "VRFY" -> new Command.Vrfy(string());
            case "EXPN" -> new Command.Expn(string());
            case "HELP" -> new Command.Help(optionalString());
            case "NOOP" -> noop();
            case "QUIT" -> alone(new Command.Quit());
            case "STARTTLS" -> alone(new Command.StartTls());
            case "AUTH" -> auth();
            default -> new Command.Unknown();
        };
    }

    // RFC 5321 section 4.1.1.1: "EHLO" SP ( Domain / address-literal )
    private String client() {
        in.expect(' ');
        String client = in.expectWhile("a domain or address literal", c -> c != ' ');
        end();
        if (client.length() > MAX_CLIENT_NAME) {
            throw in.fail("the name of the client is too long");
        }
        boolean correct =
                client.startsWith("[") ? isLiteral(client) : Domain.tryParse(client).isPresent();
        // Windows hosts with odd names, "localhost.", bare addresses: RFC 5321 section 4.1.4
        // forbids to refuse them for what they cannot help.
        if (!correct && (strictness == Strictness.STRICT || !isHarmless(client))) {
            throw in.fail("expected a domain or address literal");
        }
        return client;
    }

    private static boolean isLiteral(String client) {
        try {
            AddressLiteral.parse(client);
            return true;
        } catch (SyntaxException e) {
            return false;
        }
    }

    /** Nothing that could end a comment or a quoted string in the Received field. */
    private static boolean isHarmless(String client) {
        for (int i = 0; i < client.length(); i++) {
            char c = client.charAt(i);
            if (c > '~' || "()<>\"\\,;@".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    // RFC 5321 section 4.1.1.2: "MAIL FROM:" Reverse-path [SP Mail-parameters]
    private Command mail() {
        in.expectIgnoreCase(" FROM:");
        fault = Command.Fault.REVERSE_PATH;
        tolerateSpace();
        Optional<Address> reversePath = in.take("<>") ? Optional.empty() : Optional.of(path());
        fault = Command.Fault.ARGUMENT;
        ParameterParser parameters = new ParameterParser(in);
        MailParameters found = parameters.mail();
        return parameters.unknown().orElseGet(() -> new Command.Mail(reversePath, found));
    }

    // RFC 5321 section 4.1.1.3: "RCPT TO:" ( "<Postmaster@" Domain ">" / "<Postmaster>" /
    //     Forward-path ) [SP Rcpt-parameters]
    private Command rcpt() {
        in.expectIgnoreCase(" TO:");
        fault = Command.Fault.FORWARD_PATH;
        tolerateSpace();
        ForwardPath forwardPath =
                in.takeIgnoreCase("<Postmaster>")
                        ? new ForwardPath.Postmaster()
                        : new ForwardPath.To(path());
        fault = Command.Fault.ARGUMENT;
        ParameterParser parameters = new ParameterParser(in);
        RcptParameters found = parameters.rcpt();
        return parameters.unknown().orElseGet(() -> new Command.Rcpt(forwardPath, found));
    }

    // Old Outlook, many devices and hand-typed dialogues put a space before the path.
    private void tolerateSpace() {
        if (strictness == Strictness.TOLERANT) {
            in.take(' ');
        }
    }

    // RFC 5321 section 4.1.2: Path = "<" [ A-d-l ":" ] Mailbox ">"
    private Address path() {
        in.expect('<');
        if (in.take('@')) {
            sourceRoute();
        }
        Address mailbox = Address.read(in);
        in.expect('>');
        return mailbox;
    }

    // RFC 5321 section 4.1.2: A-d-l = At-domain *( "," At-domain ); At-domain = "@" Domain
    // It must be accepted and should be ignored (appendix C). Literals in it were never in the
    // grammar, but relay probes send them, and RCPT decides on the mailbox alone.
    private void sourceRoute() {
        Address.readHost(in);
        while (in.take(',')) {
            in.expect('@');
            Address.readHost(in);
        }
        in.expect(':');
    }

    // RFC 3030 section 2: "BDAT" SP chunk-size [ SP end-marker ]
    private Command bdat() {
        fault = Command.Fault.CHUNK;
        in.expect(' ');
        int start = in.offset();
        long size = in.expectNumber(Long.MAX_VALUE);
        if (in.offset() - start > MAX_SIZE_DIGITS) {
            throw in.fail("chunk-size has too many digits");
        }
        boolean last = in.takeIgnoreCase(" LAST");
        end();
        return new Command.Bdat(size, last);
    }

    // RFC 5321 section 4.1.1.9: "NOOP" [ SP String ]; the string is ignored.
    private Command noop() {
        optionalString();
        return new Command.Noop();
    }

    // RFC 4954 section 8: "AUTH" SP sasl-mech [SP initial-response]
    private Command auth() {
        in.expect(' ');
        String mechanism = in.expectWhile("a mechanism", CommandParser::isMechanismChar);
        Optional<byte[]> initialResponse = Optional.empty();
        if (in.take(' ') && !in.atEnd()) {
            String response = in.expectWhile("base64", c -> c != ' ');
            initialResponse = Optional.of(response.equals("=") ? new byte[0] : base64(response));
        }
        end();
        return new Command.Auth(mechanism, initialResponse);
    }

    private static boolean isMechanismChar(char c) {
        return Ascii.isLetter(c) || Ascii.isDigit(c) || c == '-' || c == '_';
    }

    /**
     * A client's answer within AUTH, decoded. RFC 4954 section 4.
     *
     * @throws SyntaxException when it is no base64
     */
    public static byte[] base64(String text) {
        try {
            if (text.length() % 4 != 0) {
                throw new SyntaxException("expected base64", 0);
            }
            return Base64.getDecoder().decode(text.getBytes(StandardCharsets.UTF_8));
        } catch (SyntaxException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            throw new SyntaxException("expected base64", 0);
        }
    }

    private String string() {
        in.expect(' ');
        String text = in.rest().strip();
        if (text.isEmpty()) {
            throw in.fail("expected a string");
        }
        return text;
    }

    private Optional<String> optionalString() {
        if (in.atEnd()) {
            return Optional.empty();
        }
        in.expect(' ');
        return Optional.of(in.rest().strip()).filter(it -> !it.isEmpty());
    }

    private Command alone(Command command) {
        end();
        return command;
    }

    // RFC 5321 section 4.1.1: trailing white space should be tolerated.
    private void end() {
        if (strictness == Strictness.TOLERANT) {
            in.skipWhile(c -> c == ' ');
        }
        in.expectEnd();
    }
}
