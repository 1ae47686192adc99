package mansio.codec.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.imap.CommandFeed.LineTooLongException;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** What one command may cost, and what becomes of the rest of one that failed. */
class CommandLimitsTest {
    @Test
    void asksForALiteralOnlyWhenTheGrammarWantsOne() throws Exception {
        ScriptedFeed feed = new ScriptedFeed("A1 LOGIN {2}\r\nme {3}\r\nyou\r\n");
        assertThat(command(feed, Limits.BEFORE_LOGIN)).isEqualTo(new Command.Login("me", "you"));
        assertThat(feed.goAheads).isEqualTo(2);

        ScriptedFeed wrong = new ScriptedFeed("A1 FETCH {3}\r\n");
        assertThatThrownBy(() -> command(wrong, Limits.BEFORE_LOGIN))
                .isInstanceOf(BadCommandException.class);
        assertThat(wrong.goAheads).isZero();
    }

    @Test
    void literalsHaveALimitInAll() {
        Limits limits = new Limits(100, 5, 3, 100);
        assertLimit("A1 LOGIN {6}\r\n", limits);
        assertLimit("A1 LOGIN {4294967295}\r\n", limits);
        assertLimit("A1 LOGIN {3+}\r\nabc {3+}\r\nabc\r\n", limits);
        assertLimit(
                "A1 ID ({1+}\r\na {1+}\r\nb {1+}\r\nc {0+}\r\n)\r\n", new Limits(100, 50, 3, 100));
    }

    @Test
    void linesHaveALimitAfterALiteralToo() {
        assertLimit("A1 LOGIN {1+}\r\na " + "x".repeat(200) + "\r\n", new Limits(100, 50, 3, 100));
        assertThatThrownBy(
                        () ->
                                command(
                                        new ScriptedFeed("A1 " + "x".repeat(200) + "\r\n"),
                                        new Limits(100, 5, 3, 100)))
                .isInstanceOf(LineTooLongException.class);
    }

    @Test
    void listsAndTreesHaveALimit() {
        assertLimit("A1 SEARCH " + "(".repeat(40) + "ALL" + ")".repeat(40) + "\r\n");
        assertLimit("A1 SEARCH " + "NOT ".repeat(40) + "ALL\r\n");
        assertLimit("A1 SEARCH ALL" + " ALL".repeat(Limits.KEYS) + "\r\n");
        assertLimit("A1 FETCH 1" + ",1".repeat(Limits.RANGES) + " FLAGS\r\n");
        assertLimit("A1 FETCH 1 (FLAGS" + partNumbers() + ")\r\n");
        assertLimit("A1 FETCH 1 BODY[1" + ".1".repeat(Limits.LIST) + "]\r\n");
        assertLimit("A1 STORE 1 FLAGS (x" + " x".repeat(10) + keywords() + ")\r\n");
        assertLimit("A1 LIST \"\" (a" + " a".repeat(Limits.LIST) + ")\r\n");
    }

    /** It is the length that is wrong, not the form. */
    @Test
    void mailboxNamesHaveALimit() throws Exception {
        String name = "x".repeat(MailboxPath.MAX_OCTETS);
        for (String command : List.of("SELECT ", "CREATE ", "DELETE ", "RENAME a ", "COPY 1 ")) {
            assertFits("A1 " + command + name + "\r\n");
            assertLimit("A1 " + command + name + "x\r\n");
        }
        assertThatThrownBy(
                        () ->
                                command(
                                        new ScriptedFeed("A1 SELECT " + name + "x\r\n"),
                                        Limits.AFTER_LOGIN))
                .hasMessage("Mailbox name of more than 4096 octets");
    }

    /** Each mailbox is compared with every pattern, and each body with every text. */
    @Test
    void patternsAndSearchTextsHaveALimit() throws Exception {
        String text = "x".repeat(Limits.SEARCH_TEXT);
        for (String key : List.of("BODY", "TEXT", "SUBJECT", "HEADER X-Y")) {
            assertFits("A1 SEARCH " + key + " " + text + "\r\n");
            assertLimit("A1 SEARCH " + key + " " + text + "x\r\n");
        }
        assertFits("A1 SEARCH ALL" + " BODY a TEXT b".repeat(Limits.BODY_KEYS / 2) + "\r\n");
        assertLimit(
                "A1 SEARCH NOT BODY x" + " BODY a TEXT b".repeat(Limits.BODY_KEYS / 2) + "\r\n");
        String pattern = "%".repeat(Limits.PATTERNS);
        assertFits("A1 LIST \"\" " + pattern + "\r\n");
        assertLimit("A1 LIST \"\" " + pattern + "%\r\n");
        assertLimit("A1 LIST a " + pattern + "\r\n");
        assertLimit("A1 LIST \"\" (a " + pattern + ")\r\n");
        assertLimit("A1 LIST " + "a".repeat(50) + " (x" + " x".repeat(90) + ")\r\n");
        assertFits("A1 LSUB \"\" " + pattern + "\r\n");
        assertLimit("A1 LSUB a " + pattern + "\r\n");
    }

    private static void assertFits(String sent) throws Exception {
        assertThat(command(new ScriptedFeed(sent), Limits.AFTER_LOGIN)).isNotNull();
    }

    private static String partNumbers() {
        StringBuilder items = new StringBuilder();
        for (int i = 1; i <= Limits.KEYS; i++) {
            items.append(" BODY[").append(i).append(']');
        }
        return items.toString();
    }

    private static String keywords() {
        StringBuilder flags = new StringBuilder();
        for (int i = 0; i < Limits.LIST; i++) {
            flags.append(" k").append(i);
        }
        return flags.toString();
    }

    /** RFC 7888 section 4: what was announced with "+" is on its way whether we want it or not. */
    @Test
    void theRestOfAFailedCommandIsSkipped() throws Exception {
        ScriptedFeed feed = new ScriptedFeed("A1 FOO {5+}\r\nA3 BY bar {3+}\r\nA4 \r\nA2 NOOP\r\n");
        CommandInput in = new CommandInput(feed, Limits.BEFORE_LOGIN);
        CommandParser parser = new CommandParser(in, MailboxPath.Form.UTF7);
        parser.tag();
        assertThat(parser.command()).isEqualTo(new Command.Unknown("FOO"));
        assertThat(in.skipRest()).isTrue();
        assertThat(command(feed, Limits.BEFORE_LOGIN)).isEqualTo(new Command.Noop());
    }

    @Test
    void aRestThatIsTooLongEndsTheConnection() throws Exception {
        CommandInput huge =
                new CommandInput(
                        new ScriptedFeed("A1 FOO {99999999999999999999999+}\r\n"),
                        Limits.BEFORE_LOGIN);
        assertThat(huge.skipRest()).isFalse();
        CommandInput many =
                new CommandInput(
                        new ScriptedFeed("A1 {60+}\r\n" + "x".repeat(60) + " {60+}\r\n"),
                        new Limits(100, 5, 3, 100));
        assertThat(many.skipRest()).isFalse();
    }

    private static void assertLimit(String sent) {
        assertLimit(sent, Limits.AFTER_LOGIN);
    }

    private static void assertLimit(String sent, Limits limits) {
        assertThatThrownBy(() -> command(new ScriptedFeed(sent), limits))
                .isInstanceOfSatisfying(
                        BadCommandException.class,
                        e -> assertThat(e.code()).isEqualTo(Optional.of(ResponseCode.Plain.LIMIT)));
    }

    private static Command command(ScriptedFeed feed, Limits limits)
            throws BadCommandException, IOException, LineTooLongException {
        CommandParser parser =
                new CommandParser(new CommandInput(feed, limits), MailboxPath.Form.UTF7);
        parser.tag();
        return parser.command();
    }
}
