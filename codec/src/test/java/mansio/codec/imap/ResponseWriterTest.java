package mansio.codec.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.imap.FetchItem.Section;
import mansio.codec.imap.FetchItem.SectionText;
import mansio.codec.imap.ResponseWriter.SearchResult;
import mansio.codec.line.ByteSink;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** RFC 9051 section 7, each response once, by the examples of the RFCs. */
class ResponseWriterTest {
    private static final class Sink implements ByteSink {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(byte[] from, int offset, int length) {
            bytes.write(from, offset, length);
        }

        @Override
        public void flush() {}
    }

    private final Sink sink = new Sink();
    private final ResponseWriter out = new ResponseWriter(sink);

    private void assertWritten(String... lines) throws IOException {
        out.flush();
        assertThat(sink.bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo(String.join("\r\n", lines) + "\r\n");
    }

    @Test
    void status() throws IOException {
        out.untagged(Reply.ok(new ResponseCode.UidValidity(3857529045L), "UIDs valid"));
        out.untagged(
                Reply.ok(
                        new ResponseCode.PermanentFlags(List.of("\\Deleted", "\\Seen", "\\*")),
                        "Limited"));
        out.tagged("A142", Reply.ok(ResponseCode.Plain.READ_WRITE, "SELECT completed"));
        out.tagged("A2", Reply.no(ResponseCode.Plain.TRYCREATE, "No such mailbox"));
        out.bye(Optional.empty(), "Logging out");
        out.goAhead("Ready");
        assertWritten(
                "* OK [UIDVALIDITY 3857529045] UIDs valid",
                "* OK [PERMANENTFLAGS (\\Deleted \\Seen \\*)] Limited",
                "A142 OK [READ-WRITE] SELECT completed",
                "A2 NO [TRYCREATE] No such mailbox",
                "* BYE Logging out",
                "+ Ready");
    }

    @Test
    void noTextCanBreakALine() {
        assertThatThrownBy(() -> Reply.bad("a\r\nA1 OK b"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mailboxData() throws IOException {
        out.list(list(List.of("\\Noselect"), "~/Mail/foo", ListResponse.Extended.NONE));
        out.lsub(list(List.of(), "日本 x", ListResponse.Extended.NONE));
        out.list(
                list(
                        List.of("\\NonExistent", "\\HasChildren"),
                        "Foo",
                        new ListResponse.Extended(List.of("SUBSCRIBED"), Optional.empty())));
        out.form(MailboxPath.Form.UTF8);
        out.list(list(List.of(), "日本", new ListResponse.Extended(List.of(), Optional.of("日本 "))));
        Map<StatusItem, Long> items = new LinkedHashMap<>();
        items.put(StatusItem.MESSAGES, 231L);
        items.put(StatusItem.UIDNEXT, 44292L);
        out.status("blurdybloop", items);
        out.flags(List.of("\\Answered", "\\Flagged"));
        out.exists(23);
        out.recent(5);
        out.namespace("", '/');
        assertWritten(
                "* LIST (\\Noselect) \"/\" ~/Mail/foo",
                "* LSUB () \"/\" \"&ZeVnLA- x\"",
                "* LIST (\\NonExistent \\HasChildren) \"/\" Foo (\"CHILDINFO\" (\"SUBSCRIBED\"))",
                "* LIST () \"/\" \"日本\" (\"OLDNAME\" (\"日本 \"))",
                "* STATUS blurdybloop (MESSAGES 231 UIDNEXT 44292)",
                "* FLAGS (\\Answered \\Flagged)",
                "* 23 EXISTS",
                "* 5 RECENT",
                "* NAMESPACE ((\"\" \"/\")) NIL NIL");
    }

    private static ListResponse list(
            List<String> attributes, String mailbox, ListResponse.Extended extended) {
        return new ListResponse(attributes, '/', mailbox, extended);
    }

    @Test
    void searchAndExpunge() throws IOException {
        NumberRanges numbers = new NumberRanges.Builder().add(2).addRange(10, 11).build();
        out.search(numbers, OptionalLong.empty());
        out.search(numbers, OptionalLong.of(917162500));
        out.search(NumberRanges.EMPTY, OptionalLong.of(917162500));
        out.esearch(
                "A282",
                true,
                new SearchResult(
                        OptionalLong.of(2),
                        OptionalLong.of(11),
                        OptionalLong.of(3),
                        Optional.of(numbers),
                        OptionalLong.of(917162500)));
        out.expunge(44);
        out.vanished(numbers);
        out.vanishedEarlier(NumberRanges.of(300, 310));
        assertWritten(
                "* SEARCH 2 10 11",
                "* SEARCH 2 10 11 (MODSEQ 917162500)",
                "* SEARCH",
                "* ESEARCH (TAG \"A282\") UID MIN 2 MAX 11 COUNT 3 ALL 2,10:11 MODSEQ 917162500",
                "* 44 EXPUNGE",
                "* VANISHED 2,10:11",
                "* VANISHED (EARLIER) 300:310");
    }

    @Test
    void fetch() throws IOException {
        out.fetch(12)
                .flags(List.of("\\Seen"))
                .uid(4827313)
                .modSeq(624140003)
                .size(4286)
                .internalDate(OffsetDateTime.parse("1996-07-07T02:44:25-07:30"))
                .end();
        FetchItem.Body header =
                new FetchItem.Body(
                        true,
                        new Section(
                                List.of(1, 2),
                                new SectionText.HeaderFields(List.of("DATE", "a b"))),
                        Optional.of(new FetchItem.Partial(7, 100)));
        FetchWriter fetch = out.fetch(2).body(header, 3);
        fetch.octets("abc".getBytes(StandardCharsets.US_ASCII), 0, 3);
        fetch.bodyNil(new FetchItem.Body(false, Section.ALL, Optional.empty()));
        fetch.binary(new FetchItem.Binary(false, List.of(1), Optional.empty()), 0);
        fetch.binarySize(new FetchItem.BinarySize(List.of()), 9);
        fetch.end();
        assertWritten(
                "* 12 FETCH (FLAGS (\\Seen) UID 4827313 MODSEQ (624140003) RFC822.SIZE 4286"
                        + " INTERNALDATE \" 7-Jul-1996 02:44:25 -0730\")",
                "* 2 FETCH (BODY[1.2.HEADER.FIELDS (DATE \"a b\")]<7> {3}",
                "abc BODY[] NIL BINARY[1] ~{0}",
                " BINARY.SIZE[] 9)");
    }

    @Test
    void codes() {
        assertThat(new ResponseCode.AppendUid(38505, NumberRanges.of(3955, 3955)))
                .hasToString("APPENDUID 38505 3955");
        assertThat(
                        new ResponseCode.CopyUid(
                                38505, NumberRanges.of(304, 306), NumberRanges.of(3956, 3958)))
                .hasToString("COPYUID 38505 304:306 3956:3958");
        assertThat(new ResponseCode.HighestModSeq(7011231777L))
                .hasToString("HIGHESTMODSEQ 7011231777");
        assertThat(new ResponseCode.BadCharset(List.of("US-ASCII", "UTF-8")))
                .hasToString("BADCHARSET (US-ASCII UTF-8)");
    }

    /** Strings choose the form that can carry them. */
    @Test
    void strings() throws IOException {
        ImapWriter writer = new ImapWriter(sink);
        writer.string("plain \"q\" \\", false).crlf();
        writer.string("zwölf", false).crlf();
        writer.string("zwölf", true).crlf();
        writer.string("a\r\nb", true).crlf();
        writer.string("a\0b", true).crlf();
        writer.astring("NIL".getBytes(StandardCharsets.US_ASCII), true).crlf();
        writer.flush();
        assertWritten(
                "\"plain \\\"q\\\" \\\\\"",
                "{6}",
                "zwölf",
                "\"zwölf\"",
                "{4}",
                "a",
                "b",
                "\"a?b\"",
                "\"NIL\"");
    }
}
