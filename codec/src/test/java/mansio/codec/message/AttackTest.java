package mansio.codec.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.Test;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Mail made to exhaust us: what is kept is bounded, and work grows no faster than the input. Work
 * is counted in bytes allocated by this thread, which rise with every copy and every step back.
 */
final class AttackTest {
    /** The parser's own bytes and parts may cost this much for each byte of input. */
    private static final int MAX_BYTES_PER_BYTE = 40;

    private static long allocated(Runnable work) {
        var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = bean.getCurrentThreadAllocatedBytes();
        work.run();
        return bean.getCurrentThreadAllocatedBytes() - before;
    }

    private static ParsedMessage parse(byte[] message) {
        ParsedMessage[] out = new ParsedMessage[1];
        long cost =
                allocated(
                        () -> {
                            MessageParser parser = new MessageParser();
                            for (int at = 0; at < message.length; at += 16_384) {
                                parser.feed(message, at, Math.min(16_384, message.length - at));
                            }
                            out[0] = parser.finish();
                        });
        assertThat(cost).isLessThan(100_000 + (long) message.length * MAX_BYTES_PER_BYTE);
        FuzzTest.checkInvariants(out[0], message);
        return out[0];
    }

    private static byte[] repeat(String head, String piece, int times) {
        return Samples.bytes(head + piece.repeat(times));
    }

    // Row 5.
    @Test
    void halfAMillionAddressesInOneField() {
        byte[] message = repeat("From: ", "a@b.c,\r\n ", 500_000);
        ParsedMessage parsed = parse(message);
        assertThat(parsed.has(Oddity.Kind.HEADER_TOO_LARGE)).isTrue();
        assertThat(FromFinder.of(parsed)).isInstanceOf(FromResult.Ambiguous.class);
        String value = "a@b.c, ".repeat(500_000);
        AddressList list = AddressList.parse(value);
        assertThat(list.truncated()).isTrue();
        assertThat(list.entries()).hasSize(Limits.ADDRESSES);
    }

    @Test
    void halfAMillionFromFields() {
        ParsedMessage parsed = parse(repeat("", "From: a@b.c\r\n", 500_000));
        assertThat(parsed.has(Oddity.Kind.TOO_MANY_FIELDS)).isTrue();
        assertThat(parsed.header().size()).isEqualTo(Limits.DEFAULT.headerFields());
        assertThat(FromFinder.of(parsed)).isInstanceOf(FromResult.Ambiguous.class);
        assertThat(parsed.oddities().size()).isLessThanOrEqualTo(Limits.ODDITIES);
    }

    @Test
    void aHundredThousandHeadersThenABody() {
        byte[] message = repeat("", "X-A: b\r\n", 100_000);
        byte[] whole = Samples.bytes(new String(message, StandardCharsets.US_ASCII) + "\r\nbody");
        ParsedMessage parsed = parse(whole);
        assertThat(parsed.root().extent().bodySize()).isEqualTo(4);
    }

    @Test
    void aHugeHeaderLine() {
        ParsedMessage parsed = parse(repeat("Subject: x\r\nX: ", "y".repeat(100), 200_000));
        assertThat(parsed.header().value("Subject")).contains("x");
        assertThat(parsed.header().first("X")).isEmpty();
    }

    @Test
    void limitsHoldHoweverTheBytesAreCut() {
        Limits small = new Limits(200, 500, 10, 3, 5);
        byte[] message = Samples.resource("rfc/002.eml");
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            MessageParser whole = new MessageParser(small);
            whole.feed(message, 0, message.length);
            MessageParser cut = new MessageParser(small);
            for (int at = 0; at < message.length; ) {
                int length = Math.min(message.length - at, 1 + random.nextInt(1 + round));
                cut.feed(message, at, length);
                at += length;
            }
            assertThat(MessageParserTest.describe(cut.finish()))
                    .isEqualTo(MessageParserTest.describe(whole.finish()));
        }
    }

    // Row 7.
    @Test
    void tenThousandLevels() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 10_000; i++) {
            out.append("Content-Type: multipart/mixed; boundary=b").append(i);
            out.append("\r\n\r\n--b").append(i).append("\r\n");
        }
        ParsedMessage parsed = parse(Samples.bytes(out.toString()));
        assertThat(parsed.has(Oddity.Kind.TOO_DEEP)).isTrue();
        assertThat(Samples.all(parsed.root())).hasSize(Limits.DEFAULT.depth());
        String message = "Content-Type: message/rfc822\r\n\r\n";
        assertThat(Samples.all(parse(Samples.bytes(message.repeat(10_000))).root()))
                .hasSize(Limits.DEFAULT.depth());
    }

    @Test
    void aMillionParts() {
        byte[] message =
                repeat(
                        "Content-Type: multipart/mixed; boundary=b\r\n\r\n",
                        "--b\r\n\r\n",
                        1_000_000);
        ParsedMessage parsed = parse(message);
        assertThat(parsed.has(Oddity.Kind.TOO_MANY_PARTS)).isTrue();
        assertThat(Samples.all(parsed.root())).hasSize(Limits.DEFAULT.parts());
    }

    @Test
    void manyLinesThatNearlyDelimit() {
        String boundary = "x".repeat(70);
        String head = "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n";
        parse(repeat(head, "--" + "x".repeat(69) + "y\r\n", 20_000));
        parse(repeat(head, "--" + boundary + " ".repeat(1000) + "y\r\n", 2_000));
    }

    /** Doubling the input must not do more than (about) double the work. */
    @Test
    void valuesAreLinear() {
        String[] pieces = {
            "=?", "=?a?q?", "=?a?q?b?=", "=?a?b?====?= ", "(", ")", "((", "\"", "\\", "<", ">", "@",
                    ":",
            ";", ",", "[", "a ", "a@", "<a", "(a)b@", "<@a,", "[a]", "re:", "[fwd:", "a=b;", "a=b ",
            "a*0=b;", "'", "%", "%41", " ", "\t", "<a@b>", "é",
        };
        for (String piece : pieces) {
            linear(piece, "encoded word", EncodedWords::decode);
            linear(piece, "addresses", AddressList::parse);
            linear(piece, "type", text -> ContentType.parse("a/b; " + text));
            linear(piece, "value", text -> Disposition.parse("a; b=" + text));
            linear(piece, "ids", MessageIds::parse);
            linear(piece, "date", MailDate::parse);
            linear(piece, "subject", BaseSubject::of);
        }
    }

    private interface Parser {
        Object parse(String text);
    }

    private static void linear(String piece, String what, Parser parser) {
        String large = piece.repeat(400_000 / piece.length());
        Object[] kept = new Object[1];
        Supplier<Object> work = () -> kept[0] = parser.parse(large);
        long cost = allocated(work::get);
        assertThat(cost).as("%s of %s", what, piece).isLessThan(300L * large.length());
    }
}
