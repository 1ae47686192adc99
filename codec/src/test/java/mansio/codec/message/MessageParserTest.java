package mansio.codec.message;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.Random;

final class MessageParserTest {
    private static String body(byte[] message, Part part) {
        Extent extent = part.extent();
        return new String(
                message,
                (int) extent.bodyStart(),
                (int) extent.bodySize(),
                StandardCharsets.ISO_8859_1);
    }

    // RFC 2046 section 5.1.1.
    @Test
    void simpleMultipart() {
        byte[] message =
                Samples.crlf(
                        """
                        From: Nathaniel Borenstein <nsb@bellcore.com>
                        To: Ned Freed <ned@innosoft.com>
                        Date: Sun, 21 Mar 1993 23:56:48 -0800 (PST)
                        Subject: Sample message
                        MIME-Version: 1.0
                        Content-type: multipart/mixed; boundary="simple boundary"

                        This is the preamble.  It is to be ignored, though it
                        is a handy place for composition agents to include an
                        explanatory note to non-MIME conformant readers.

                        --simple boundary

                        This is implicitly typed plain US-ASCII text.
                        It does NOT end with a linebreak.
                        --simple boundary
                        Content-type: text/plain; charset=us-ascii

                        This is explicitly typed plain US-ASCII text.
                        It DOES end with a linebreak.

                        --simple boundary--

                        This is the epilogue.  It is also to be ignored.
                        """);
        ParsedMessage parsed = MessageParser.parse(message);
        assertThat(parsed.oddities()).isEmpty();
        assertThat(parsed.root().children()).hasSize(2);
        assertThat(body(message, parsed.root().children().get(0)))
                .isEqualTo(
                        "This is implicitly typed plain US-ASCII text.\r\n"
                                + "It does NOT end with a linebreak.");
        assertThat(parsed.root().children().get(0).extent().bodyLines()).isEqualTo(1);
        assertThat(body(message, parsed.root().children().get(1)))
                .isEqualTo(
                        "This is explicitly typed plain US-ASCII text.\r\n"
                                + "It DOES end with a linebreak.\r\n");
        assertThat(parsed.root().children().get(1).extent().bodyLines()).isEqualTo(2);
        assertThat(parsed.root().extent().bodyEnd()).isEqualTo(message.length);
    }

    @Test
    void innerBoundaryThatBeginsLikeTheOuter() {
        byte[] message =
                Samples.crlf(
                        """
                        Content-Type: multipart/mixed; boundary=b-1

                        --b-1
                        Content-Type: multipart/alternative; boundary=b-10

                        --b-10

                        one
                        --b-10

                        two
                        --b-10--
                        --b-1
                        Content-Type: message/rfc822

                        Subject: inner

                        text
                        --b-1--
                        """);
        ParsedMessage parsed = MessageParser.parse(message);
        assertThat(parsed.oddities()).isEmpty();
        Part root = parsed.root();
        assertThat(root.children()).hasSize(2);
        assertThat(root.children().get(0).children()).hasSize(2);
        Part inner = root.children().get(1).message().orElseThrow();
        assertThat(inner.header().value("subject")).contains("inner");
        assertThat(body(message, inner)).isEqualTo("text");
        assertThat(root.children().get(1).extent().bodyLines()).isEqualTo(2);
    }

    @Test
    void headerFields() {
        byte[] message =
                Samples.bytes(
                        "Subject: a\r\n"
                                + "\tb  \r\n"
                                + "FROM : x\r\n"
                                + " no colon\r\n"
                                + "junk line\n"
                                + "X-Empty:\r\n\r\n"
                                + "body");
        ParsedMessage parsed = MessageParser.parse(message);
        Header header = parsed.header();
        assertThat(header.size()).isEqualTo(4);
        assertThat(header.value("subject")).contains("a\tb");
        assertThat(header.first("Subject").orElseThrow().raw())
                .isEqualTo(Samples.bytes("Subject: a\r\n\tb  \r\n"));
        assertThat(header.value("from")).contains("x no colon");
        assertThat(header.field(2).isField()).isFalse();
        assertThat(header.field(2).raw()).isEqualTo(Samples.bytes("junk line\n"));
        assertThat(header.value("X-Empty")).contains("");
        assertThat(header.first("X-Empty").orElseThrow().rawValue()).isEmpty();
        assertThat(parsed.root().extent().bodyStart()).isEqualTo(message.length - 4);
        assertThat(parsed.oddityKinds())
                .containsExactly(Oddity.Kind.MALFORMED_FIELD, Oddity.Kind.SPACE_BEFORE_COLON);
    }

    @Test
    void endsWithoutDelimiters() {
        for (String end : new String[] {"", "\r\n", "--b", "--b--", "\r\n--b", "\r\n--b\r\n"}) {
            byte[] message =
                    Samples.bytes("Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + end);
            ParsedMessage parsed = MessageParser.parse(message);
            assertThat(parsed.root().children()).as(end).isNotEmpty();
            for (Part part : parsed.root().children()) {
                assertThat(part.extent().bodyLines()).isLessThanOrEqualTo(1);
            }
        }
        assertThat(MessageParser.parse(new byte[0]).size()).isZero();
        assertThat(MessageParser.parse(Samples.bytes("\r\n")).root().extent().bodyStart())
                .isEqualTo(2);
    }

    @Test
    void tellsTheSameHoweverTheBytesAreCut() {
        long seed = 42;
        Random random = new Random(seed);
        for (String name : Samples.corpus()) {
            byte[] message = Samples.resource(name);
            String whole = describe(MessageParser.parse(message));
            for (int round = 0; round < 20; round++) {
                int max = 1 + round;
                assertThat(describe(inPieces(message, random, max)))
                        .as("%s, pieces up to %d, seed %d", name, max, seed)
                        .isEqualTo(whole);
            }
        }
    }

    static ParsedMessage inPieces(byte[] message, Random random, int max) {
        MessageParser parser = new MessageParser();
        int at = 0;
        while (at < message.length) {
            int length = Math.min(message.length - at, 1 + random.nextInt(max));
            parser.feed(message, at, length);
            at += length;
        }
        return parser.finish();
    }

    static String describe(ParsedMessage parsed) {
        StringBuilder out = new StringBuilder(Samples.outline(parsed.root()));
        out.append(parsed.size()).append(parsed.oddities());
        for (Part part : Samples.all(parsed.root())) {
            out.append(part.header().fields()).append(part.header().offset());
        }
        return out.toString();
    }
}
