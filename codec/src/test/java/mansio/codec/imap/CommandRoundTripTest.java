package mansio.codec.imap;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.imap.CommandFeed.LineTooLongException;
import mansio.codec.text.Seeds;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/** Parser against printer, and parser against what no printer would send. */
class CommandRoundTripTest {
    private static final int COMMANDS = 5_000;

    @ParameterizedTest
    @EnumSource(MailboxPath.Form.class)
    void parsesWhatItPrints(MailboxPath.Form form) throws BadCommandException {
        for (long seed = 0; seed < Seeds.count(COMMANDS); seed++) {
            Command command = new RandomCommands(seed).next();
            byte[] printed = CommandPrinter.print("A1", command, form);
            assertThat(Parsing.parse(printed, form)).as("seed %d", seed).isEqualTo(command);
        }
    }

    /**
     * Broken commands end in an answer, never in an exception of ours, and the command behind them
     * is found again whenever the parser says that it will be.
     */
    @ParameterizedTest
    @EnumSource(MailboxPath.Form.class)
    void survivesBrokenCommands(MailboxPath.Form form) {
        for (long seed = 0; seed < Seeds.count(COMMANDS) * 4L; seed++) {
            Random random = new Random(seed);
            byte[] command = CommandPrinter.print("A1", new RandomCommands(seed).next(), form);
            byte[] broken = broken(command, random);
            try {
                readAll(new ScriptedFeed(broken), form);
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + Arrays.toString(broken), e);
            }
        }
    }

    private static void readAll(ScriptedFeed feed, MailboxPath.Form form) {
        try {
            while (feed.left() > 0) {
                CommandInput in = new CommandInput(feed, Limits.BEFORE_LOGIN);
                try {
                    CommandParser parser = new CommandParser(in, form);
                    parser.tag();
                    if (parser.command() instanceof Command.Append) {
                        appendAll(in);
                    }
                } catch (BadCommandException e) {
                    assertThat(e.text()).matches("[ -~]{1,200}");
                    if (!in.skipRest()) {
                        return;
                    }
                }
            }
        } catch (EOFException e) {
            // The peer is gone in the middle of a command.
        } catch (IOException | LineTooLongException e) {
            throw new AssertionError(e);
        }
    }

    private static void appendAll(CommandInput in) throws BadCommandException, IOException {
        AppendParser parser = new AppendParser(in);
        for (Optional<AppendParser.AppendMessage> message = parser.next();
                message.isPresent();
                message = parser.next()) {
            in.begin(message.get().literal());
            for (long left = message.get().literal().length(); left > 0; left--) {
                in.read(new byte[1], 0, 1);
            }
            parser.endMessage();
        }
    }

    private static byte[] broken(byte[] command, Random random) {
        byte[] broken = command.clone();
        byte[] spice =
                "(){}[]<>\"\\ \r\n*%,:$+~09aA\0\377"
                        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(broken.length);
            switch (random.nextInt(3)) {
                case 0 -> broken[at] = spice[random.nextInt(spice.length)];
                case 1 -> broken = Arrays.copyOf(broken, Math.max(1, at));
                default -> {
                    byte[] longer = new byte[broken.length + 1];
                    System.arraycopy(broken, 0, longer, 0, at);
                    longer[at] = spice[random.nextInt(spice.length)];
                    System.arraycopy(broken, at, longer, at + 1, broken.length - at);
                    broken = longer;
                }
            }
        }
        return broken;
    }
}
