package mansio.codec.message;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Seeds;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Mutated messages: never an exception, and the structure always covers the bytes. */
final class FuzzTest {
    private static final int ROUNDS = 1500;

    private static final String[] TOKENS = {
        "\r\n",
        "\n",
        "\r",
        "\r\n\r\n",
        "--",
        "--a",
        "--a--",
        "--ab\r\n",
        ": ",
        " ",
        "\t",
        "\0",
        "é",
        "\u00ff",
        "Content-Type: multipart/mixed; boundary=a\r\n\r\n",
        "Content-Type: message/rfc822\r\n\r\n",
        "Content-Transfer-Encoding: base64\r\n",
        "From: a@b\r\n",
        "=?utf-8?q?",
        "?=",
        "\"",
        "(",
        "<",
        ";",
        "boundary=\"",
        "name*0*=",
        "%",
        "\\",
        "[",
        "@",
    };

    @Test
    void mutatedCorpus() {
        long seed = Seeds.first(20_260_102L);
        Random random = new Random(seed);
        List<byte[]> corpus = new ArrayList<>();
        Samples.corpus().forEach(name -> corpus.add(Samples.resource(name)));
        for (int round = 0; round < Seeds.count(ROUNDS); round++) {
            byte[] message = mutate(corpus.get(random.nextInt(corpus.size())), random);
            try {
                check(message, random);
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError("seed " + seed + " round " + round, e);
            }
        }
    }

    private static void check(byte[] message, Random random) {
        ParsedMessage parsed = MessageParser.parse(message);
        checkInvariants(parsed, message);
        ParsedMessage inPieces = MessageParserTest.inPieces(message, random, 40);
        assertThat(MessageParserTest.describe(inPieces))
                .isEqualTo(MessageParserTest.describe(parsed));
        MessageFacts facts = MessageFacts.of(parsed);
        assertThat(MessageFacts.decode(facts.encode())).isEqualTo(facts);
        checkBehindFields(parsed, message);
        FromFinder.of(parsed);
        for (Part part : Samples.all(parsed.root())) {
            part.filename();
            part.languages();
            for (HeaderField field : part.header().fields()) {
                String value = field.unfolded();
                assertThat(value).doesNotContain("\n");
                field.decoded();
                AddressList.parse(value).mailboxes().forEach(NamedAddress::address);
                MailDate.parse(value);
                MessageIds.parse(value);
                BaseSubject.of(value);
            }
        }
    }

    /** Fields that are put in front afterwards change what a parse of the whole would find. */
    private static void checkBehindFields(ParsedMessage parsed, byte[] message) {
        byte[] fields = "X-First: 1\r\nX-Second: a\r\n b\r\n".getBytes(StandardCharsets.US_ASCII);
        // A continuation line at the very start would become part of the field in front of it.
        boolean joins = message.length > 0 && (message[0] == ' ' || message[0] == '\t');
        if (joins) return;
        byte[] whole = Arrays.copyOf(fields, fields.length + message.length);
        System.arraycopy(message, 0, whole, fields.length, message.length);
        ParsedMessage behind = parsed.behind(fields);
        ParsedMessage fresh = MessageParser.parse(whole);
        assertThat(Samples.outline(behind.root())).isEqualTo(Samples.outline(fresh.root()));
        assertThat(MessageFacts.of(behind)).isEqualTo(MessageFacts.of(fresh));
        assertThat(behind.oddityKinds()).isEqualTo(fresh.oddityKinds());
        checkInvariants(behind, whole);
    }

    private static byte[] mutate(byte[] original, Random random) {
        StringBuilder text = new StringBuilder(new String(original, StandardCharsets.ISO_8859_1));
        int edits = 1 + random.nextInt(8);
        for (int i = 0; i < edits; i++) {
            int at = random.nextInt(text.length() + 1);
            int end = Math.min(text.length(), at + random.nextInt(40));
            switch (random.nextInt(4)) {
                case 0 -> text.insert(at, TOKENS[random.nextInt(TOKENS.length)]);
                case 1 -> text.delete(at, end);
                case 2 -> text.insert(random.nextInt(text.length() + 1), text.substring(at, end));
                default -> text.replace(at, end, TOKENS[random.nextInt(TOKENS.length)]);
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Offsets nest and follow on, lines are counted right, header bytes are the message's. */
    static void checkInvariants(ParsedMessage parsed, byte[] message) {
        Extent root = parsed.root().extent();
        assertThat(parsed.size()).isEqualTo(message.length);
        assertThat(root.headerStart()).isZero();
        assertThat(root.bodyEnd()).isEqualTo(message.length);
        int[] linesBefore = new int[message.length + 1];
        for (int i = 0; i < message.length; i++) {
            linesBefore[i + 1] = linesBefore[i] + (message[i] == '\n' ? 1 : 0);
        }
        checkPart(parsed.root(), message, linesBefore);
    }

    private static void checkPart(Part part, byte[] message, int[] linesBefore) {
        Extent extent = part.extent();
        if (extent.bodyLines()
                != linesBefore[(int) extent.bodyEnd()] - linesBefore[(int) extent.bodyStart()]) {
            throw new AssertionError("lines of " + extent);
        }
        Header header = part.header();
        long at = extent.headerStart();
        for (HeaderField field : header.fields()) {
            byte[] raw = field.raw();
            int offset = (int) field.offset();
            boolean same =
                    field.offset() >= at
                            && field.offset() + raw.length <= extent.bodyStart()
                            && Arrays.equals(
                                    raw, 0, raw.length, message, offset, offset + raw.length);
            if (!same) {
                throw new AssertionError("field at " + offset + " of " + extent);
            }
            at = field.offset() + raw.length;
        }
        long last = extent.bodyStart();
        List<Part> inner = new ArrayList<>(part.children());
        part.message().ifPresent(inner::add);
        for (Part child : inner) {
            if (child.extent().headerStart() < last
                    || child.extent().bodyEnd() > extent.bodyEnd()) {
                throw new AssertionError(child.extent() + " in " + extent);
            }
            last = child.extent().bodyEnd();
            checkPart(child, message, linesBefore);
        }
        part.message()
                .ifPresent(
                        m -> {
                            if (m.extent().headerStart() != extent.bodyStart()
                                    || m.extent().bodyEnd() != extent.bodyEnd()) {
                                throw new AssertionError("message " + m.extent());
                            }
                        });
    }
}
