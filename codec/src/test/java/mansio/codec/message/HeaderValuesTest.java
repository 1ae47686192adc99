package mansio.codec.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.text.Address;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.List;

final class HeaderValuesTest {
    // RFC 2047 section 8.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "=?ISO-8859-1?Q?a?=|a",
                "=?ISO-8859-1?Q?a?= b|a b",
                "=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=|ab",
                "=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=|ab",
                "=?ISO-8859-1?Q?a_b?=|a b",
                "=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=|a b",
                "=?ISO-8859-1?Q?Keld_J=F8rn_Simonsen?=|Keld Jørn Simonsen",
                "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?="
                    + " =?ISO-8859-2?B?dSB1bmRlcnN0YW5kIHRoZSBleGFtcGxlLg==?=|If you can read this"
                    + " you understand the example.",
                "=?iso-8859-8?b?7eXs+SDv4SDp7Oj08A==?=|םולש ןב ילטפנ",
                "=?US-ASCII*EN?Q?Keith_Moore?=|Keith Moore",
                "=?utf-8?B?4oI=?= =?utf-8?B?rA==?=|€",
                "=?utf-8?Q?=E2=82?= =?utf-8?Q?=AC?=|€",
                "a =?utf-8?X?b?= c|a =?utf-8?X?b?= c",
                "=?utf-8?Q?a|=?utf-8?Q?a",
                "=?|=?",
                "=?utf-8?Q?=0D=0AX:_y?=|'  X: y'",
                "x =?utf-8?Q??= y|x  y",
            })
    void encodedWords(String text, String decoded) {
        assertThat(EncodedWords.decode(text)).isEqualTo(decoded);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "Grüße",
                "日本語の件名がここにあり、とても長いので複数の語に分けられるはずです",
                "😀 a 😀",
                "=?utf-8?Q?a?=",
                "tab\there",
                ""
            })
    void encodedWordsRoundTrip(String text) {
        String encoded = EncodedWords.encode(text);
        assertThat(EncodedWords.decode(encoded).replace(' ', '\t'))
                .isEqualTo(text.replace(' ', '\t'));
        for (String word : encoded.split(" ")) {
            assertThat(word.length()).isLessThanOrEqualTo(75);
        }
    }

    // RFC 2231 sections 3 and 4.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "URL*0=\"ftp://\"; URL*1=\"cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar\""
                        + "|url|ftp://cs.utk.edu/pub/moore/bulk-mailer/bulk-mailer.tar",
                "title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A|title|This is ***fun***",
                "title*0*=us-ascii'en'This%20is%20even%20more%20;"
                    + " title*1*=%2A%2A%2Afun%2A%2A%2A%20; title*2=\"isn't it!\"|title|This is even"
                    + " more ***fun*** isn't it!",
                "title*1*=b; title*0*=utf-8''a|title|ab",
                "filename=x; filename*=utf-8''%e2%82%ac|filename|€",
                "filename=\"=?utf-8?Q?=E2=82=AC?=.txt\"|filename|€.txt",
                "filename=a b.txt|filename|a b.txt",
                "filename=\"C:\\dir\\x.txt\"|filename|C:\\dir\\x.txt",
                "filename=\"a\\\"b\"|filename|a\"b",
            })
    void parameters(String text, String name, String value) {
        Disposition parsed = Disposition.parse("attachment; " + text).orElseThrow();
        assertThat(parsed.parameters().value(name)).contains(value);
    }

    // RFC 5322 appendix A.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>"
                        + "|[Pete/pete@silly.test]",
                "A Group(Some people) :Chris Jones <c@(Chris's host.)public.example>,"
                        + " joe@example.org, John <jdoe@one.test> (my dear friend); (end)"
                        + "|[A Group[Chris Jones/c@public.example, /joe@example.org,"
                        + " John/jdoe@one.test]]",
                "(Empty list)(start)Hidden recipients  :(nobody(that I know))  ;"
                        + "|[Hidden recipients[]]",
                "Mary Smith <@node.test:mary@example.net>, , jdoe@test  . example"
                        + "|[Mary Smith/mary@example.net, /jdoe@test.example]",
                "\"Joe Q. Public\" <john.q.public@example.com>"
                        + "|[Joe Q. Public/john.q.public@example.com]",
                "Joe Q. Public <john.q.public@example.com>"
                        + "|[Joe Q. Public/john.q.public@example.com]",
                "john@example.com (John Doe)|[John Doe/john@example.com]",
                "\"a b\"@example.com|[/\"a b\"@example.com]",
                "x@[192.0.2.1]|[/x@[192.0.2.1]]",
                "x@faß.de|[/x@xn--fa-hia.de]",
                "a@b.example; c@d.example|[/a@b.example, /c@d.example]",
                "<a@b.example><c@d.example>|[/a@b.example, /c@d.example]",
                "\"unfinished <a@b.example>|[/?]",
                "<>|[/?]",
                ",,;;|[]",
            })
    void addresses(String text, String expected) {
        List<String> shown =
                AddressList.parse(text).entries().stream().map(HeaderValuesTest::show).toList();
        assertThat(shown.toString()).isEqualTo(expected);
    }

    private static String show(AddressEntry entry) {
        return switch (entry) {
            case NamedAddress a ->
                    a.displayName() + "/" + a.address().map(Address::toWire).orElse("?");
            case AddressGroup g ->
                    g.displayName() + g.members().stream().map(HeaderValuesTest::show).toList();
        };
    }

    // What "Composition Kills" and its like send.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "From: a@b.example|ONE a@b.example",
                "From: \"Alice\" <a@b.example> (work)|ONE a@b.example",
                "From: \"admin@legit.example\" <a@b.example>|ONE a@b.example",
                "From: admin@legit.example <a@b.example>|ONE a@b.example",
                "Subject: x|MISSING",
                "From: a@b.example~From: c@d.example|SEVERAL_FIELDS",
                "From: a@b.example~fRoM: a@b.example|SEVERAL_FIELDS",
                "From : a@b.example|HIDDEN_FIELD",
                "From: a@b.example~From : c@d.example|HIDDEN_FIELD",
                "Subject: x~From\u0001: c@d.example~From: a@b.example|HIDDEN_FIELD",
                "From\u00a0: c@d.example~From: a@b.example|HIDDEN_FIELD",
                "From: a@b.example, c@d.example|SEVERAL_ADDRESSES",
                "From: <a@b.example><c@d.example>|SEVERAL_ADDRESSES",
                "From: a@b.example~ ,c@d.example|SEVERAL_ADDRESSES",
                "From: x: a@b.example;|GROUP",
                "From: undisclosed:;|GROUP",
                "From: <@c.example,@d.example:a@b.example>|UNCLEAR_SYNTAX",
                "From: <a@b.example> c@d.example|UNCLEAR_SYNTAX",
                "From: <a(c@d.example)@b.example>|UNCLEAR_SYNTAX",
                "From: a(x)@b.example|UNCLEAR_SYNTAX",
                "From: <a@b.example|UNCLEAR_SYNTAX",
                "From: c@d.example a@b.example|NO_ADDRESS",
                "From: a@b@c.example|NO_ADDRESS",
                "From: <a@b.example\u0000@d.example>|CONTROL_CHARACTER",
                "From: a@b.example\u0000 (x)|CONTROL_CHARACTER",
                "From: =?utf-8?Q?a=40b.example?=|NO_ADDRESS",
                "From: =?utf-8?Q?=3Ca=40b.example=3E?=|NO_ADDRESS",
                "From: =?utf-8?Q?c=40d.example=3E?= <a@b.example>|ONE a@b.example",
                "From:|NO_ADDRESS",
                "From: x@exa mple.org|NO_ADDRESS",
            })
    void from(String header, String expected) {
        byte[] message = Samples.bytes(header.replace("~", "\r\n") + "\r\n\r\nbody");
        FromResult result = FromFinder.of(MessageParser.parse(message));
        String shown =
                switch (result) {
                    case FromResult.One one -> "ONE " + one.address();
                    case FromResult.Missing _ -> "MISSING";
                    case FromResult.Ambiguous ambiguous -> ambiguous.reason().name();
                };
        assertThat(shown).isEqualTo(expected);
    }

    @Test
    void fromFieldAtTheTopThatIsFolded() {
        byte[] message = Samples.bytes(" From: x@y.example\r\nFrom: a@b.example\r\n\r\n");
        assertThat(FromFinder.of(MessageParser.parse(message)))
                .isInstanceOfSatisfying(
                        FromResult.Ambiguous.class,
                        a -> assertThat(a.reason()).isEqualTo(FromResult.Reason.HIDDEN_FIELD));
    }

    // RFC 5322 section 3.3 and 4.3.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Fri, 21 Nov 1997 09:55:06 -0600|1997-11-21T09:55:06-06:00",
                "21 Nov 97 09:55:06 GMT|1997-11-21T09:55:06Z",
                "Fri, 21 Nov 1997 09(comment):   55  :  06 -0600|1997-11-21T09:55:06-06:00",
                "1 Jan 49 00:00 Z|2049-01-01T00:00Z",
                "1 Jan 50 00:00 Z|1950-01-01T00:00Z",
                "1 Jan 103 00:00 Z|2003-01-01T00:00Z",
                "31 Dec 2016 23:59:60 +0000|2016-12-31T23:59:59Z",
                "Sun Nov  6 08:49:37 1994|1994-11-06T08:49:37Z",
                "6-Nov-1994 08:49:37 EDT|1994-11-06T08:49:37-04:00",
            })
    void dates(String text, String expected) {
        assertThat(MailDate.parse(text)).contains(OffsetDateTime.parse(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "31 Feb 2020 00:00 Z",
                "1 Jan 2020",
                "1 Jan 2020 24:00 Z",
                "1 Jan 99999 0:0",
                "1 Jan 2020 00:61",
                "1 Jan 2020 00:00:61 Z",
                "(((",
                ",",
                "Sun Sun Sun"
            })
    void noDates(String text) {
        assertThat(MailDate.parse(text)).isEmpty();
    }

    @Test
    void datesRoundTrip() {
        OffsetDateTime date = OffsetDateTime.parse("2026-01-02T03:04:05-03:30");
        assertThat(MailDate.format(date)).isEqualTo("Fri, 2 Jan 2026 03:04:05 -0330");
        assertThat(MailDate.parse(MailDate.format(date))).contains(date);
    }

    // RFC 5256 section 2.1.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Re: hello|hello|true",
                "hello|hello|false",
                "RE: re[2]: Fwd: [list] hello (fwd)|hello|true",
                "[list] Re: [a] [b] hello|hello|true",
                "[Fwd: hello]|hello|true",
                "[Fwd: Re: [x] hello] (fwd)|hello|true",
                "[list]|[list]|false",
                "Re:|''|true",
                "Re: [list]|[list]|true",
                "Fw: a|a|true",
                "=?utf-8?Q?Re:_caf=C3=A9?=|café|true",
                "a   b|a b|false",
                "Regarding: x|Regarding: x|false",
                "[unclosed Re: x|[unclosed Re: x|false",
            })
    void baseSubjects(String subject, String base, boolean reply) {
        assertThat(BaseSubject.of(subject)).isEqualTo(new BaseSubject(base, reply));
    }

    @Test
    void messageIds() {
        assertThat(MessageIds.parse("<a@b> \"x\" <c d@e> (y) <>")).containsExactly("a@b", "cd@e");
        assertThat(MessageIds.parse("a@b")).containsExactly("a@b");
        assertThat(MessageIds.parse("message of today")).isEmpty();
        Header header = Header.parse(Samples.bytes("In-Reply-To: <1@x> <2@x>\r\n\r\n"));
        assertThat(MessageIds.references(header)).containsExactly("1@x");
    }

    @Test
    void printsFields() {
        assertThat(text(FieldPrinter.structured("Received", List.of("from a", "by b;", "x"))))
                .isEqualTo("Received: from a by b; x\r\n");
        String folded = text(FieldPrinter.unstructured("Subject", "word ".repeat(40).strip()));
        for (String line : folded.split("\r\n")) {
            assertThat(line.length()).isLessThanOrEqualTo(78);
        }
        Header header = Header.parse(Samples.bytes(folded + "\r\n"));
        assertThat(header.value("Subject")).contains("word ".repeat(40).strip());
        String long8bit = "Grüße ".repeat(30).strip();
        Header encoded = Header.parse(FieldPrinter.unstructured("Subject", long8bit));
        assertThat(encoded.field(0).decoded()).isEqualTo(long8bit);
        assertThat(new String(encoded.raw(), StandardCharsets.UTF_8)).isASCII();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nBcc: x", "a\nb", "a\rb", "a\u0000b", "\r\n"})
    void refusesInjection(String value) {
        assertThatThrownBy(() -> FieldPrinter.unstructured("Subject", value))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FieldPrinter.structured("X", List.of("ok", value)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FieldPrinter.structured("X" + value, List.of("ok")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> FieldPrinter.mailbox(value, Address.parse("a@b.example")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Alice", "Alice \"the\" \\ Best", "Álice", "a, b", "=?x?q?y?="})
    void mailboxesRoundTrip(String name) {
        Address address = Address.parse("\"a b\"@example.org");
        String printed = FieldPrinter.mailbox(name, address);
        NamedAddress parsed = AddressList.parse(printed).mailboxes().getFirst();
        assertThat(parsed.displayName()).isEqualTo(name);
        assertThat(parsed.address()).contains(address);
        assertThat(parsed.oddities()).isEmpty();
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
