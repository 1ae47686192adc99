package mansio.codec.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.line.ByteSink;
import mansio.codec.text.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/** What follows DATA: where it ends, what is refused, what is counted. */
class DataFramingTest {
    private static final ContentGate.Limits LIMITS = new ContentGate.Limits(1_000_000, 100);

    /** Keeps what it gets. */
    private static final class Kept implements ByteSink {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public void write(byte[] from, int offset, int length) {
            bytes.write(from, offset, length);
        }

        @Override
        public void flush() {}

        String text() {
            return bytes.toString(StandardCharsets.ISO_8859_1);
        }
    }

    /** What came of the bytes after DATA. */
    private record Outcome(
            boolean ended, int taken, String content, Optional<ContentGate.Refusal> refusal) {}

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Feeds the bytes in pieces of one size. */
    private static Outcome receive(String wire, int pieceSize) throws IOException {
        Kept kept = new Kept();
        ContentGate gate = new ContentGate(kept, LIMITS);
        DotReader reader = new DotReader(gate);
        byte[] all = bytes(wire);
        int at = 0;
        while (at < all.length && !reader.ended()) {
            at += reader.read(all, at, Math.min(pieceSize, all.length - at));
        }
        if (reader.ended()) {
            gate.end();
        }
        return new Outcome(reader.ended(), at, kept.text(), gate.refusal());
    }

    private static String visible(String text) {
        return text.replace("\r", "<CR>").replace("\n", "<LF>").replace("\0", "<NUL>");
    }

    // RFC 5321 section 4.5.2
    @Test
    void dotsAreUnstuffed() throws IOException {
        String wire = "Subject: x\r\n\r\n..a\r\n...\r\n.b\r\nc.\r\n..\r\n.\r\nQUIT\r\n";
        for (int size = 1; size <= wire.length(); size++) {
            assertThat(receive(wire, size))
                    .isEqualTo(
                            new Outcome(
                                    true,
                                    wire.length() - 6,
                                    "Subject: x\r\n\r\n.a\r\n..\r\nb\r\nc.\r\n.\r\n",
                                    Optional.empty()));
        }
    }

    @Test
    void emptyMessage() throws IOException {
        assertThat(receive(".\r\n", 3)).isEqualTo(new Outcome(true, 3, "", Optional.empty()));
        assertThat(receive("\r\n.\r\n", 3))
                .isEqualTo(new Outcome(true, 5, "\r\n", Optional.empty()));
    }

    // ATTACKS row 1. None of these is an end of data; the message that holds one is refused, and
    // what stands behind it is content until the true end.
    static Stream<String> falseEnds() {
        return Stream.of(
                "\n.\n",
                "\n.\r\n",
                "\r.\r",
                "\r.\r\n",
                "\r\n.\n",
                "\r\n.\r",
                "\r.\n",
                "\n.\r",
                "\n\n.\n\n",
                "\r\r.\r\r",
                "\r\n\0.\r\n" + "\n",
                "\r\n.\0\r\n" + "\n",
                "\r\n.\r\r\n",
                "\r\n\r.\r\n",
                "\r\n\n.\r\n",
                "\r\n.\n\r\n",
                "\n\r.\n\r",
                "\r\0\n.\r\n",
                "\r\n.\r\0\n",
                "\r\n..\n",
                "\r\n..\r.\r\n",
                "\r\r\n..\r\n",
                "\u0085.\u0085" + "\n",
                "\u2028.\u2028" + "\n",
                "\u000b.\u000b" + "\r",
                "\f.\f" + "\r");
    }

    @ParameterizedTest
    @MethodSource("falseEnds")
    void falseEndsEndNothing(String falseEnd) throws IOException {
        String smuggled = "MAIL FROM:<evil@far.example>\r\nRCPT TO:<a@b.c>\r\nDATA\r\nevil\r\n";
        String wire = "Subject: x\r\n\r\nbody" + falseEnd + smuggled + "\r\n.\r\n";
        for (int size = 1; size <= wire.length(); size++) {
            Outcome outcome = receive(wire, size);
            assertThat(outcome.ended()).as(visible(wire)).isTrue();
            assertThat(outcome.taken()).as(visible(wire)).isEqualTo(wire.length());
            assertThat(outcome.refusal())
                    .as(visible(wire))
                    .contains(ContentGate.Refusal.BARE_LINE_BREAK);
        }
    }

    // The same at the very beginning, where a true "." CRLF would end.
    @ParameterizedTest
    @ValueSource(strings = {".\n", ".\r", "\n.\n", "\r.\r\n", ".\r\r\n", ".\n\r\n"})
    void falseEndsAtTheBeginning(String falseEnd) throws IOException {
        Outcome outcome = receive(falseEnd + "evil\r\n.\r\n", 100);
        assertThat(outcome.taken()).isEqualTo(falseEnd.length() + "evil\r\n.\r\n".length());
        assertThat(outcome.refusal()).contains(ContentGate.Refusal.BARE_LINE_BREAK);
    }

    // NUL is strange but splits nothing: kept as content.
    @Test
    void nulIsContent() throws IOException {
        assertThat(receive("a\r\n\0.\r\nb\r\n.\0\r\n.\r\n", 100))
                .isEqualTo(new Outcome(true, 17, "a\r\n\0.\r\nb\r\n\0\r\n", Optional.empty()));
    }

    @Test
    void nothingIsStoredOnceRefused() throws IOException {
        Outcome outcome = receive("good\r\nbad\nworse\r\n.\r\n", 6);
        assertThat(outcome.content()).isEqualTo("good\r\n");
    }

    @Test
    void tooLargeIsReadToItsEnd() throws IOException {
        String wire = ("x".repeat(98) + "\r\n").repeat(10_001) + ".\r\nQUIT\r\n";
        Outcome outcome = receive(wire, 4096);
        assertThat(outcome.ended()).isTrue();
        assertThat(outcome.taken()).isEqualTo(wire.length() - 6);
        assertThat(outcome.refusal()).contains(ContentGate.Refusal.TOO_LARGE);
        assertThat(outcome.content().length()).isLessThanOrEqualTo(1_000_000);
    }

    private static ContentGate gate(String content, int pieceSize) throws IOException {
        ContentGate gate = new ContentGate(new Kept(), LIMITS);
        byte[] all = bytes(content);
        for (int at = 0; at < all.length; at += pieceSize) {
            gate.write(all, at, Math.min(pieceSize, all.length - at));
        }
        gate.end();
        return gate;
    }

    @Test
    void countsReceivedOfTheHeaderOnly() throws IOException {
        String content =
                "Received: a\r\n"
                        + "\tReceived: folded\r\n"
                        + "received: b\r\n"
                        + "RECEIVED:c\r\n"
                        + "Received-SPF: x\r\n"
                        + "Subject: \u00e4\r\n\r\n"
                        + "Received: body\r\n";
        for (int size = 1; size <= content.length(); size++) {
            ContentGate gate = gate(content, size);
            assertThat(gate.receivedFields()).isEqualTo(3);
            assertThat(gate.headerSize()).isEqualTo(content.indexOf("\r\n\r\n") + 4);
            assertThat(gate.size()).isEqualTo(content.length());
            assertThat(gate.eightBit()).isTrue();
        }
    }

    @Test
    void aHeaderWithoutEndIsAllHeader() throws IOException {
        ContentGate gate = gate("Subject: x\r\nReceived: y", 100);
        assertThat(gate.headerSize()).isEqualTo(gate.size());
        assertThat(gate.receivedFields()).isEqualTo(1);
        assertThat(gate.eightBit()).isFalse();
        assertThat(gate("", 1).headerSize()).isZero();
    }

    @Test
    void loopsAreRefused() throws IOException {
        assertThat(gate("Received: x\r\n".repeat(100) + "\r\n", 100).refusal()).isEmpty();
        assertThat(gate("Received: x\r\n".repeat(101) + "\r\n", 100).refusal())
                .contains(ContentGate.Refusal.TOO_MANY_HOPS);
    }

    // For BDAT, where there is no final dot.
    @Test
    void aCrAtTheVeryEndIsBare() throws IOException {
        assertThat(gate("x\r\n\r\ny\r", 100).refusal())
                .contains(ContentGate.Refusal.BARE_LINE_BREAK);
        assertThat(gate("x\r\n\r\ny", 100).refusal()).isEmpty();
    }

    @Test
    void writerStuffsAndNormalises() throws IOException {
        assertThat(written("a\r\n.b\r\n..\r\n", 100)).isEqualTo("a\r\n..b\r\n...\r\n.\r\n");
        assertThat(written("a", 100)).isEqualTo("a\r\n.\r\n");
        assertThat(written("", 100)).isEqualTo(".\r\n");
        assertThat(written("a\n.\nb\r.\r\nc\r", 100)).isEqualTo("a\r\n..\r\nb\r\n..\r\nc\r\n.\r\n");
    }

    private static String written(String content, int pieceSize) throws IOException {
        Kept kept = new Kept();
        DotWriter writer = new DotWriter(kept);
        byte[] all = bytes(content);
        for (int at = 0; at < all.length; at += pieceSize) {
            writer.write(all, at, Math.min(pieceSize, all.length - at));
        }
        writer.end();
        return kept.text();
    }

    // Whatever is sent, a receiver sees exactly one message, and the right one.
    @Test
    void fuzzRoundTrip() throws IOException {
        long seed = Seeds.first(System.nanoTime());
        RandomGenerator random = new SplittableRandom(seed);
        String alphabet = "..\r\n\r\nab\u00e4\0";
        for (int i = 0; i < Seeds.count(30_000); i++) {
            StringBuilder content = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) {
                content.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            String normal = content.toString().replaceAll("\r\n|\r|\n", "\r\n");
            if (!normal.isEmpty() && !normal.endsWith("\r\n")) {
                normal += "\r\n";
            }
            String wire = written(content.toString(), 1 + random.nextInt(10));
            Outcome outcome = receive(wire + "QUIT\r\n", 1 + random.nextInt(10));
            assertThat(outcome)
                    .as("seed %d: %s", seed, visible(content.toString()))
                    .isEqualTo(new Outcome(true, wire.length(), normal, Optional.empty()));
        }
    }

    // Against a plain reading of the rules, byte by byte.
    @Test
    void fuzzAgainstTheRules() throws IOException {
        long seed = Seeds.first(System.nanoTime());
        RandomGenerator random = new SplittableRandom(seed);
        String[] pieces = {
            ".", "\r\n", "\r", "\n", "a", "\r\n.\r\n", "Received:", "\r\n.", "bbbbbbbbbbb"
        };
        for (int i = 0; i < Seeds.count(30_000); i++) {
            StringBuilder wire = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                wire.append(pieces[random.nextInt(pieces.length)]);
            }
            String all = "\r\n" + wire;
            int end = all.indexOf("\r\n.\r\n");
            Outcome outcome = receive(wire.toString(), 1 + random.nextInt(12));
            assertThat(outcome.ended()).as("seed %d: %s", seed, visible(all)).isEqualTo(end >= 0);
            if (end >= 0) {
                String content = all.substring(2, Math.max(2, end + 2));
                boolean bare = content.replace("\r\n", "").matches("(?s).*[\r\n].*");
                assertThat(outcome.taken()).isEqualTo(end + 3);
                assertThat(outcome.refusal().isPresent())
                        .as("seed %d: %s", seed, visible(all))
                        .isEqualTo(bare);
                if (!bare) {
                    assertThat(outcome.content())
                            .isEqualTo(("\r\n" + content).replace("\r\n.", "\r\n").substring(2));
                }
            }
        }
    }
}
