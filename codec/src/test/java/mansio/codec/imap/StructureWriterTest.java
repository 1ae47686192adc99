package mansio.codec.imap;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.line.ByteSink;
import mansio.codec.message.MessageFacts;
import mansio.codec.message.MessageParser;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** ENVELOPE, BODY and BODYSTRUCTURE as RFC 9051 section 9 writes them. */
class StructureWriterTest {
    private static final String MESSAGE =
            """
            From: "A \\"B\\" C" <a@example.org>
            To: friends: x@example.org, Y <y@example.org>;
            Subject: =?utf-8?Q?caf=C3=A9?=
            Message-ID: <1@example.org>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b
            Content-Language: en, de

            --b
            Content-Type: text/html; charset=utf-8
            Content-Disposition: inline; filename="a b.html"
            Content-ID: <part@example.org>
            Content-Transfer-Encoding: 8bit

            <p>
            --b
            Content-Type: message/rfc822

            Subject: inner

            x
            --b--
            """
                    .replace("\n", "\r\n");

    private interface Writing {
        void write(FetchWriter out, MessageFacts facts) throws IOException;
    }

    private static String written(Writing writing) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ByteSink sink =
                new ByteSink() {
                    @Override
                    public void write(byte[] from, int offset, int length) {
                        bytes.write(from, offset, length);
                    }

                    @Override
                    public void flush() {}
                };
        ResponseWriter out = new ResponseWriter(sink);
        byte[] message = MESSAGE.getBytes(StandardCharsets.UTF_8);
        FetchWriter fetch = out.fetch(1);
        writing.write(fetch, MessageFacts.of(MessageParser.parse(message)));
        fetch.end();
        out.flush();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void envelope() throws IOException {
        assertThat(written((out, facts) -> out.envelope(facts.envelope())))
                .isEqualTo(
                        "* 1 FETCH (ENVELOPE (NIL \"=?utf-8?Q?caf=C3=A9?=\""
                                + " ((\"A \\\"B\\\" C\" NIL \"a\" \"example.org\"))"
                                + " ((\"A \\\"B\\\" C\" NIL \"a\" \"example.org\"))"
                                + " ((\"A \\\"B\\\" C\" NIL \"a\" \"example.org\"))"
                                + " ((NIL NIL \"friends\" NIL)(NIL NIL \"x\" \"example.org\")"
                                + "(\"Y\" NIL \"y\" \"example.org\")(NIL NIL NIL NIL))"
                                + " NIL NIL NIL \"<1@example.org>\"))\r\n");
    }

    @Test
    void body() throws IOException {
        assertThat(written((out, facts) -> out.body(facts.structure())))
                .isEqualTo(
                        "* 1 FETCH (BODY ((\"TEXT\" \"HTML\" (\"CHARSET\" \"utf-8\")"
                                + " \"<part@example.org>\" NIL \"8BIT\" 3 0)"
                                + "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 19"
                                + " (NIL \"inner\" NIL NIL NIL NIL NIL NIL NIL NIL)"
                                + " (\"TEXT\" \"PLAIN\" NIL NIL NIL"
                                + " \"7BIT\" 1 0) 2) \"MIXED\"))\r\n");
    }

    @Test
    void bodyStructure() throws IOException {
        assertThat(written((out, facts) -> out.bodyStructure(facts.structure())))
                .isEqualTo(
                        "* 1 FETCH (BODYSTRUCTURE ((\"TEXT\" \"HTML\" (\"CHARSET\" \"utf-8\")"
                                + " \"<part@example.org>\" NIL \"8BIT\" 3 0 NIL"
                                + " (\"INLINE\" (\"FILENAME\" \"a b.html\")) NIL NIL)"
                                + "(\"MESSAGE\" \"RFC822\" NIL NIL NIL \"7BIT\" 19"
                                + " (NIL \"inner\" NIL NIL NIL NIL NIL NIL NIL NIL)"
                                + " (\"TEXT\" \"PLAIN\" NIL NIL NIL"
                                + " \"7BIT\" 1 0 NIL NIL NIL NIL) 2 NIL NIL NIL NIL) \"MIXED\""
                                + " (\"BOUNDARY\" \"b\") NIL (\"en\" \"de\") NIL))\r\n");
    }
}
