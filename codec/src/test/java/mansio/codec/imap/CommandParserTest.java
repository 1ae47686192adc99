package mansio.codec.imap;

import static mansio.codec.imap.Parsing.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import mansio.codec.imap.Command.FetchModifiers;
import mansio.codec.imap.Command.FlagChange;
import mansio.codec.imap.Command.Id.Field;
import mansio.codec.imap.Command.ListMailboxes;
import mansio.codec.imap.Command.ListMailboxes.Patterns;
import mansio.codec.imap.Command.ListOption;
import mansio.codec.imap.Command.ListReturn;
import mansio.codec.imap.Command.ListSelection;
import mansio.codec.imap.Command.Qresync;
import mansio.codec.imap.Command.SearchReturn;
import mansio.codec.imap.Command.SelectParameters;
import mansio.codec.imap.Command.SeqMatch;
import mansio.codec.imap.FetchItem.Partial;
import mansio.codec.imap.FetchItem.Section;
import mansio.codec.imap.FetchItem.SectionText;
import mansio.codec.imap.SearchKey.DateTest;
import mansio.codec.imap.SequenceSet.Ranges;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** The grammar by the examples of the RFCs: what was sent, and what it means. */
class CommandParserTest {
    private static final Optional<Set<SearchReturn>> NO_RETURN = Optional.empty();

    static Stream<Arguments> simpleCommands() {
        return Stream.of(
                arguments("CAPABILITY", new Command.Capability()),
                arguments("noop", new Command.Noop()),
                arguments("Logout", new Command.Logout()),
                arguments("STARTTLS", new Command.StartTls()),
                arguments("NAMESPACE", new Command.Namespace()),
                arguments("IDLE", new Command.Idle()),
                arguments("CHECK", new Command.Check()),
                arguments("CLOSE", new Command.Close()),
                arguments("UNSELECT", new Command.Unselect()),
                arguments("EXPUNGE", new Command.Expunge(Optional.empty())),
                arguments("XYZZY plugh", new Command.Unknown("XYZZY")),
                arguments("UID XYZZY plugh", new Command.Unknown("UID XYZZY")),
                arguments("ID NIL", new Command.Id(List.of())),
                arguments("ID ()", new Command.Id(List.of())),
                arguments(
                        "ID (\"name\" \"sodr\" \"version\" NIL)",
                        new Command.Id(
                                List.of(
                                        new Field("name", Optional.of("sodr")),
                                        new Field("version", Optional.empty())))),
                arguments("LOGIN SMITH SESAME", new Command.Login("SMITH", "SESAME")),
                arguments(
                        "LOGIN {11+}\r\nFRED FOOBAR {7+}\r\nfat man",
                        new Command.Login("FRED FOOBAR", "fat man")),
                arguments("LOGIN \"a\\\"b\" \"c\\\\d\"", new Command.Login("a\"b", "c\\d")),
                arguments(
                        "AUTHENTICATE GSSAPI",
                        new Command.Authenticate("GSSAPI", Optional.empty())),
                arguments(
                        "authenticate plain dGVzdAB0ZXN0AHRlc3Q=",
                        new Command.Authenticate("PLAIN", Optional.of("dGVzdAB0ZXN0AHRlc3Q="))),
                arguments(
                        "AUTHENTICATE EXTERNAL =",
                        new Command.Authenticate("EXTERNAL", Optional.of("="))),
                arguments(
                        "ENABLE CONDSTORE x-GOOD-idea",
                        new Command.Enable(List.of("CONDSTORE", "X-GOOD-IDEA"))));
    }

    static Stream<Arguments> mailboxCommands() {
        MailboxPath sent = new MailboxPath("Sent");
        return Stream.of(
                arguments(
                        "SELECT inBox",
                        new Command.Select(MailboxPath.INBOX, SelectParameters.NONE)),
                arguments(
                        "EXAMINE blurdybloop",
                        new Command.Examine(new MailboxPath("blurdybloop"), SelectParameters.NONE)),
                arguments(
                        "SELECT INBOX (CONDSTORE)",
                        new Command.Select(
                                MailboxPath.INBOX, new SelectParameters(true, Optional.empty()))),
                arguments(
                        "SELECT INBOX (QRESYNC (67890007 90060115194045000 41,43:211,214:541))",
                        qresync(Optional.of("41,43:211,214:541"), Optional.empty())),
                arguments(
                        "SELECT INBOX (QRESYNC (67890007 90060115194045000))",
                        qresync(Optional.empty(), Optional.empty())),
                arguments(
                        "SELECT INBOX (QRESYNC (67890007 90060115194045000 41:211,214:541"
                                + " (5000,7500 15000,22500)))",
                        qresync(
                                Optional.of("41:211,214:541"),
                                Optional.of("5000,7500 15000,22500"))),
                arguments(
                        "CREATE owatagusiam/",
                        new Command.Create(new MailboxPath("owatagusiam/"), Optional.empty())),
                arguments(
                        "CREATE MySpecial (USE (\\Drafts \\Sent))",
                        new Command.Create(
                                new MailboxPath("MySpecial"),
                                Optional.of(List.of("\\Drafts", "\\Sent")))),
                arguments("DELETE Sent", new Command.Delete(sent)),
                arguments("RENAME INBOX Sent", new Command.Rename(MailboxPath.INBOX, sent)),
                arguments("SUBSCRIBE Sent", new Command.Subscribe(sent)),
                arguments("UNSUBSCRIBE Sent", new Command.Unsubscribe(sent)),
                arguments(
                        "STATUS blurdybloop (UIDNEXT MESSAGES)",
                        new Command.Status(
                                new MailboxPath("blurdybloop"),
                                Set.of(StatusItem.UIDNEXT, StatusItem.MESSAGES))),
                arguments("APPEND Sent", new Command.Append(sent)),
                arguments(
                        "SUBSCRIBE ~peter/mail/&U,BTFw-/&ZeVnLIqe-",
                        new Command.Subscribe(new MailboxPath("~peter/mail/台北/日本語"))));
    }

    private static Command qresync(Optional<String> known, Optional<String> match) {
        Optional<SeqMatch> seqMatch =
                match.map(m -> m.split(" ")).map(m -> new SeqMatch(set(m[0]), set(m[1])));
        Qresync qresync =
                new Qresync(
                        67890007,
                        90060115194045000L,
                        known.map(CommandParserTest::set).map(s -> s.resolve(1)),
                        seqMatch);
        return new Command.Select(
                MailboxPath.INBOX, new SelectParameters(false, Optional.of(qresync)));
    }

    /** RFC 5258 section 5, RFC 5819, RFC 6154 section 5. */
    static Stream<Arguments> lists() {
        ListReturn none = ListReturn.NONE;
        return Stream.of(
                arguments("LIST \"\" *", list(Set.of(), "", one("*"), none)),
                arguments("LIST ~/Mail/ %", list(Set.of(), "~/Mail/", one("%"), none)),
                arguments(
                        "LIST (SUBSCRIBED) \"\" \"*\"",
                        list(Set.of(ListSelection.SUBSCRIBED), "", one("*"), none)),
                arguments("LIST () \"\" *", list(Set.of(ListSelection.NONE), "", one("*"), none)),
                arguments(
                        "LIST \"\" \"%\" RETURN (CHILDREN)",
                        list(Set.of(), "", one("%"), returned(ListOption.CHILDREN))),
                arguments("LIST \"\" % RETURN ()", list(Set.of(), "", one("%"), returned())),
                arguments(
                        "LIST (REMOTE) \"\" \"%\" RETURN (CHILDREN SUBSCRIBED)",
                        list(
                                Set.of(ListSelection.REMOTE),
                                "",
                                one("%"),
                                returned(ListOption.CHILDREN, ListOption.SUBSCRIBED))),
                arguments(
                        "LIST (SUBSCRIBED RECURSIVEMATCH) \"\" (\"INBOX\" \"Drafts\" \"Sent/%\")",
                        list(
                                Set.of(ListSelection.SUBSCRIBED, ListSelection.RECURSIVEMATCH),
                                "",
                                new Patterns(List.of("INBOX", "Drafts", "Sent/%"), true),
                                none)),
                arguments(
                        "LIST (SPECIAL-USE) \"\" \"*\" RETURN (SPECIAL-USE)",
                        list(
                                Set.of(ListSelection.SPECIAL_USE),
                                "",
                                one("*"),
                                returned(ListOption.SPECIAL_USE))),
                arguments(
                        "LIST \"\" % RETURN (STATUS (MESSAGES UNSEEN) CHILDREN)",
                        list(
                                Set.of(),
                                "",
                                one("%"),
                                new ListReturn(
                                        true,
                                        Set.of(ListOption.CHILDREN),
                                        Optional.of(
                                                Set.of(StatusItem.MESSAGES, StatusItem.UNSEEN))))),
                arguments(
                        "LSUB \"#news.\" \"comp.mail.*\"",
                        new Command.Lsub("#news.", "comp.mail.*")));
    }

    private static Command list(
            Set<ListSelection> selection,
            String reference,
            Patterns patterns,
            ListReturn returned) {
        return new ListMailboxes(selection, reference, patterns, returned);
    }

    private static Patterns one(String pattern) {
        return new Patterns(List.of(pattern), false);
    }

    private static ListReturn returned(ListOption... options) {
        return new ListReturn(true, Set.of(options), Optional.empty());
    }

    static Stream<Arguments> messageCommands() {
        return Stream.concat(wholeFetches(), partialFetches());
    }

    private static Stream<Arguments> wholeFetches() {
        return Stream.of(
                arguments(
                        "FETCH 2:4 (FLAGS BODY[HEADER.FIELDS (DATE FROM)])",
                        fetch(
                                "2:4",
                                FetchItem.Simple.FLAGS,
                                body(
                                        false,
                                        new Section(
                                                List.of(),
                                                new SectionText.HeaderFields(
                                                        List.of("DATE", "FROM")))))),
                arguments(
                        "FETCH 1 FAST",
                        fetch(
                                "1",
                                FetchItem.Simple.FLAGS,
                                FetchItem.Simple.INTERNALDATE,
                                FetchItem.Simple.RFC822_SIZE)),
                arguments("FETCH 1 BODY", fetch("1", FetchItem.Simple.BODY)),
                arguments("FETCH 1 BODY[]", fetch("1", body(false, Section.ALL))),
                arguments("FETCH 1 rfc822.header", fetch("1", FetchItem.Simple.RFC822_HEADER)),
                arguments(
                        "FETCH 1 BODY.PEEK[4.2.2.1.MIME]",
                        fetch(
                                "1",
                                body(
                                        true,
                                        new Section(
                                                List.of(4, 2, 2, 1), new SectionText.Mime())))));
    }

    private static Stream<Arguments> partialFetches() {
        return Stream.of(
                arguments(
                        "FETCH 1 BODY[3.HEADER.FIELDS.NOT (X)]<0.2048>",
                        fetch(
                                "1",
                                new FetchItem.Body(
                                        false,
                                        new Section(
                                                List.of(3),
                                                new SectionText.HeaderFieldsNot(List.of("X"))),
                                        Optional.of(new Partial(0, 2048))))),
                arguments(
                        "FETCH 1 BINARY.PEEK[1]<0.5>",
                        fetch(
                                "1",
                                new FetchItem.Binary(
                                        true, List.of(1), Optional.of(new Partial(0, 5))))),
                arguments(
                        "FETCH 1 BINARY.SIZE[4.2]",
                        fetch("1", new FetchItem.BinarySize(List.of(4, 2)))),
                arguments(
                        "UID FETCH 300:500 (FLAGS) (CHANGEDSINCE 12345 VANISHED)",
                        new Command.Fetch(
                                true,
                                set("300:500"),
                                List.of(FetchItem.Simple.FLAGS),
                                new FetchModifiers(OptionalLong.of(12345), true))));
    }

    static Stream<Arguments> changingCommands() {
        return Stream.of(
                arguments(
                        "STORE 2:4 +FLAGS (\\deleted)",
                        store(
                                "2:4",
                                OptionalLong.empty(),
                                new FlagChange(FlagChange.Mode.ADD, false, List.of("\\Deleted")))),
                arguments(
                        "STORE 101 (UNCHANGEDSINCE 212030000000) +FLAGS.SILENT $MDNSent $Processed",
                        store(
                                "101",
                                OptionalLong.of(212030000000L),
                                new FlagChange(
                                        FlagChange.Mode.ADD,
                                        true,
                                        List.of("$MDNSent", "$Processed")))),
                arguments(
                        "STORE 1 FLAGS ()",
                        store(
                                "1",
                                OptionalLong.empty(),
                                new FlagChange(FlagChange.Mode.REPLACE, false, List.of()))),
                arguments(
                        "COPY 2:4 MEETING",
                        new Command.Copy(false, set("2:4"), new MailboxPath("MEETING"))),
                arguments(
                        "UID MOVE 42:69 foo",
                        new Command.Move(true, set("42:69"), new MailboxPath("foo"))),
                arguments(
                        "UID COPY $ foo",
                        new Command.Copy(true, new SequenceSet.Saved(), new MailboxPath("foo"))),
                arguments(
                        "UID EXPUNGE 3000:3002",
                        new Command.Expunge(Optional.of(set("3000:3002")))));
    }

    private static Command fetch(String set, FetchItem... items) {
        return new Command.Fetch(false, set(set), List.of(items), FetchModifiers.NONE);
    }

    private static FetchItem body(boolean peek, Section section) {
        return new FetchItem.Body(peek, section, Optional.empty());
    }

    private static Command store(String set, OptionalLong unchangedSince, FlagChange change) {
        return new Command.Store(false, set(set), unchangedSince, change);
    }

    static Stream<Arguments> searches() {
        LocalDate february = LocalDate.of(1994, 2, 1);
        return Stream.of(
                arguments(
                        "SEARCH FLAGGED SINCE 1-Feb-1994 NOT FROM \"Smith\"",
                        search(
                                new SearchKey.And(
                                        List.of(
                                                new SearchKey.HasFlag("\\Flagged"),
                                                new SearchKey.InternalDate(
                                                        DateTest.SINCE, february),
                                                new SearchKey.Not(
                                                        new SearchKey.Header("From", "Smith")))))),
                arguments(
                        "SEARCH TEXT \"string not in mailbox\"",
                        search(new SearchKey.Text("string not in mailbox"))),
                arguments(
                        "SEARCH CHARSET UTF-8 TEXT {6+}\r\n\u00d0\u00bc\u00d0\u00b0\u00d0\u00bc",
                        new Command.Search(
                                false, NO_RETURN, Optional.of("UTF-8"), new SearchKey.Text("мам"))),
                arguments(
                        "SEARCH OR (SEEN 2,4) UID 3:*",
                        search(
                                new SearchKey.Or(
                                        new SearchKey.And(
                                                List.of(
                                                        new SearchKey.HasFlag("\\Seen"),
                                                        new SearchKey.SequenceNumbers(set("2,4")))),
                                        new SearchKey.Uids(set("3:*"))))),
                arguments(
                        "SEARCH MODSEQ 620162338",
                        search(new SearchKey.ModSeq(Optional.empty(), 620162338))),
                arguments(
                        "SEARCH MODSEQ \"/flags/\\\\draft\" all 620162338",
                        search(
                                new SearchKey.ModSeq(
                                        Optional.of(
                                                new SearchKey.ModSeq.Entry(
                                                        "/flags/\\draft", "all")),
                                        620162338))),
                arguments(
                        "SEARCH UNSEEN YOUNGER 259200",
                        search(
                                new SearchKey.And(
                                        List.of(
                                                new SearchKey.Not(new SearchKey.HasFlag("\\Seen")),
                                                new SearchKey.Younger(259200))))),
                arguments(
                        "UID SEARCH RETURN (MIN COUNT) SENTON \"02-Feb-1994\"",
                        new Command.Search(
                                true,
                                Optional.of(Set.of(SearchReturn.MIN, SearchReturn.COUNT)),
                                Optional.empty(),
                                new SearchKey.SentDate(DateTest.ON, LocalDate.of(1994, 2, 2)))),
                arguments(
                        "SEARCH RETURN () $",
                        new Command.Search(
                                false,
                                Optional.of(Set.of(SearchReturn.ALL)),
                                Optional.empty(),
                                new SearchKey.SequenceNumbers(new SequenceSet.Saved()))));
    }

    private static Command search(SearchKey key) {
        return new Command.Search(false, NO_RETURN, Optional.empty(), key);
    }

    private static Ranges set(String text) {
        try {
            return SequenceSet.parseRanges(
                    new CommandInput(new ScriptedFeed(text + "\r\n"), Limits.AFTER_LOGIN));
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({
        "simpleCommands",
        "mailboxCommands",
        "lists",
        "messageCommands",
        "changingCommands",
        "searches"
    })
    void meansWhatTheRfcSays(String sent, Command command) throws BadCommandException {
        assertThat(parse(sent)).isEqualTo(command);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    NOOP now                              | End of command expected at octet 7
                    SELECT                                | Space expected at octet 9
                    SELECT INBOX (FOO)                    | Unknown SELECT parameter FOO at octet 20
                    SELECT INBOX (QRESYNC (1 2 1:*))      | "*" is not allowed here at octet 33
                    LOGIN "a                              | Closing quote expected at octet 11
                    LOGIN a {3}x                          | End of line expected after a literal's length at octet 14
                    FETCH 0 FLAGS                         | Number above zero expected at octet 10
                    FETCH 4294967296 FLAGS                | Number too large at octet 18
                    FETCH 1 (ALL)                         | Unknown fetch item ALL at octet 15
                    FETCH 1 BODY[MIME]                    | MIME needs a part number at octet 20
                    FETCH 1 FLAGS (VANISHED)              | VANISHED needs UID FETCH with CHANGEDSINCE at octet 27
                    STORE 1 +FLAGS (\\Foo)                 | Unknown flag \\Foo at octet 23
                    STORE 1 +FLAGS (\\Recent)              | Unknown flag \\Recent at octet 26
                    SEARCH SINCE 30-Feb-1994              | No such day at octet 27
                    SEARCH BEFORE 1-Foo-1994              | Month expected at octet 19
                    LIST (RECURSIVEMATCH) "" *            | RECURSIVEMATCH needs another selection option at octet 24
                    STATUS INBOX (FOO)                    | Unknown status item FOO at octet 20
                    SUBSCRIBE &Jjo!                       | Mailbox name that is not valid modified UTF-7 at octet 18
                    SUBSCRIBE &U,BTFw-&ZeVnLIqe-          | Mailbox name that is not valid modified UTF-7 at octet 31
                    """)
    void saysWhatIsWrong(String sent, String message) {
        assertThatThrownBy(() -> parse(sent))
                .isInstanceOf(BadCommandException.class)
                .hasMessage(message);
    }

    @Test
    void mailboxNamesAreUtf8AfterEnable() throws BadCommandException {
        byte[] line = "A1 SELECT \"日&本\"\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertThat(parse(line, MailboxPath.Form.UTF8))
                .isEqualTo(new Command.Select(new MailboxPath("日&本"), SelectParameters.NONE));
    }

    @Test
    void secretsStayOutOfLogs() {
        assertThat(new Command.Login("me", "hush").toString()).doesNotContain("hush");
        assertThat(new Command.Authenticate("PLAIN", Optional.of("aHVzaA==")).toString())
                .doesNotContain("aHVz");
    }
}
