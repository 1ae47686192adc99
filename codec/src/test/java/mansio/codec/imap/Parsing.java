package mansio.codec.imap;

import mansio.codec.imap.CommandFeed.LineTooLongException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Reads one command from a string, as the tests of this package need it. */
final class Parsing {
    private Parsing() {}

    /** A command without its tag, in the form of an IMAP4rev1 client. */
    static Command parse(String command) throws BadCommandException {
        return parse(
                ("A1 " + command + "\r\n").getBytes(StandardCharsets.ISO_8859_1),
                MailboxPath.Form.UTF7);
    }

    static Command parse(byte[] line, MailboxPath.Form form) throws BadCommandException {
        try {
            CommandParser parser =
                    new CommandParser(
                            new CommandInput(new ScriptedFeed(line), Limits.AFTER_LOGIN), form);
            parser.tag();
            return parser.command();
        } catch (IOException | LineTooLongException e) {
            throw new AssertionError(e);
        }
    }
}
