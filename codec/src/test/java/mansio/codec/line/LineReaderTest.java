package mansio.codec.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import mansio.codec.text.Seeds;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

class LineReaderTest {
    private final BufferPool pool = new BufferPool(64, 4);

    private LineReader reader(String text, int piece) {
        return reader(text, piece, BareLf.REFUSED);
    }

    private LineReader reader(String text, int piece, BareLf bareLf) {
        return new LineReader(
                new Drip(text.getBytes(ISO_8859_1), piece, new Random(1)), pool, bareLf);
    }

    private static String show(Line line) {
        return switch (line) {
            case Line.Text text -> "text:" + text.latin1();
            case Line.TooLong long_ -> "long:" + new String(long_.beginning(), ISO_8859_1);
            case Line.BareLineFeed bare -> "bare:" + new String(bare.bytes(), ISO_8859_1);
            case Line.End _ -> "end";
        };
    }

    private static List<String> all(LineReader in, int limit) throws IOException {
        List<String> lines = new ArrayList<>();
        do {
            lines.add(show(in.readLine(limit)));
        } while (!lines.getLast().equals("end"));
        return lines;
    }

    @Test
    void readsLines() throws IOException {
        assertThat(all(reader("EHLO a\r\n\r\nQUIT\r\n", 100), 512))
                .containsExactly("text:EHLO a", "text:", "text:QUIT", "end");
    }

    @Test
    void aBareCrIsPartOfTheLine() throws IOException {
        assertThat(all(reader("a\rb\r\r\n", 100), 512)).containsExactly("text:a\rb\r", "end");
    }

    @Test
    void aBareLfIsReportedOrEndsTheLine() throws IOException {
        assertThat(all(reader("NOOP\n\nQUIT\r\n", 100), 512))
                .containsExactly("bare:NOOP", "bare:", "text:QUIT", "end");
        assertThat(all(reader("NOOP\n\nQUIT\r\n", 100, BareLf.ENDS_LINE), 512))
                .containsExactly("text:NOOP", "text:", "text:QUIT", "end");
    }

    @Test
    void anUnfinishedLineIsNotALine() throws IOException {
        assertThat(all(reader("NOOP\r\nRSET", 100), 512)).containsExactly("text:NOOP", "end");
    }

    @Test
    void theLimitCountsTheCrlf() throws IOException {
        String fits = "x".repeat(510) + "\r\n";
        String over = "y".repeat(511) + "\r\n";
        for (int piece : new int[] {1, 7, 64, 1000}) {
            assertThat(all(reader(fits + over + "z\r\n", piece), 512))
                    .containsExactly(
                            "text:" + "x".repeat(510), "long:" + "y".repeat(128), "text:z", "end");
        }
    }

    @Test
    void aLineFarTooLongIsSwallowedAndTheDialogueGoesOn() throws IOException {
        String line = "a1 " + "x".repeat(500_000) + "\r\n";
        assertThat(all(reader(line + "a2 NOOP\r\n", 1000), 100))
                .containsExactly("long:" + line.substring(0, 100), "text:a2 NOOP", "end");
    }

    @Test
    void anEndlessLineEndsTheConnection() {
        LineReader in = reader("x".repeat(LineReader.MAX_SWALLOWED_BYTES + 1000), 5000);
        assertThatThrownBy(() -> in.readLine(100))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than 1048576 bytes");
    }

    @Test
    void rawBytesComeFirstFromTheBuffer() throws IOException {
        LineReader in = reader("a1 LOGIN {5}\r\nhello {3}\r\nabc\r\n", 100);
        assertThat(show(in.readLine(100))).isEqualTo("text:a1 LOGIN {5}");
        assertThat(drain(in.exactly(5))).isEqualTo("hello");
        assertThat(show(in.readLine(100))).isEqualTo("text: {3}");
        assertThat(drain(in.exactly(3))).isEqualTo("abc");
        assertThat(show(in.readLine(100))).isEqualTo("text:");
    }

    @Test
    void aBigReadGoesPastTheBuffer() throws IOException {
        Drip drip = new Drip(new byte[1000], 1000, new Random(4));
        LineReader in = new LineReader(drip, pool, BareLf.REFUSED);
        byte[] big = new byte[1000];
        int count = in.read(big, 0, 1000);
        assertThat(drip.reads).isEqualTo(1);
        assertThat(count).isGreaterThan(64);
        assertThat(in.buffered()).isZero();
    }

    @Test
    void aShortLiteralIsAnErrorNotAnEnd() throws IOException {
        ByteSource literal = reader("abc", 100).exactly(5);
        assertThatThrownBy(() -> drain(literal)).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> reader("abc", 100).skip(5)).isInstanceOf(EOFException.class);
    }

    @Test
    void peekConsumesNothing() throws IOException {
        LineReader in = reader("abc\r\n.\r\nQUIT\r\n", 100);
        ByteBuffer first = in.peek();
        assertThat(first.remaining()).isGreaterThanOrEqualTo(4);
        in.consume(4);
        in.skip(4);
        assertThat(show(in.readLine(100))).isEqualTo("text:QUIT");
        assertThat(in.peek().hasRemaining()).isFalse();
    }

    @Test
    void whatWasReadAheadCanBeThrownAway() throws IOException {
        LineReader in = reader("STARTTLS\r\nEHLO evil\r\n", 1000);
        assertThat(show(in.readLine(100))).isEqualTo("text:STARTTLS");
        assertThat(in.buffered()).isPositive();
        assertThat(in.discardBuffered()).isPositive();
        assertThat(in.buffered()).isZero();
    }

    @Test
    void anIdleReaderHoldsNoLeasedBuffer() throws IOException {
        pool.giveBack(pool.lease());
        assertThat(pool.resting()).isEqualTo(1);
        String line = "x".repeat(40) + "\r\n";
        ByteSource source =
                new ByteSource() {
                    private final Drip drip =
                            new Drip((line + line).getBytes(ISO_8859_1), 42, new Random(3));
                    private int told;

                    @Override
                    public int read(byte[] to, int offset, int length) throws IOException {
                        if (told % line.length() == 0) {
                            // Waiting for a line: nothing is held but the small array.
                            assertThat(pool.resting()).isEqualTo(1);
                            assertThat(length).isLessThanOrEqualTo(32);
                        }
                        int count =
                                drip.read(
                                        to,
                                        offset,
                                        Math.min(length, line.length() - told % line.length()));
                        told += count;
                        return count;
                    }
                };
        LineReader in = new LineReader(source, pool, BareLf.REFUSED);
        assertThat(all(in, 100)).hasSize(3);
        in.release();
        assertThat(pool.resting()).isEqualTo(1);
    }

    @Test
    void aCommandOfUsualLengthIsOneRead() throws IOException {
        String mail = "MAIL FROM:<somebody@example.org> SIZE=4226 BODY=8BITMIME\r\n";
        ByteArrayInputStream sent = new ByteArrayInputStream(mail.getBytes(ISO_8859_1));
        List<Integer> reads = new ArrayList<>();
        LineReader in =
                new LineReader(
                        (to, offset, length) -> {
                            int count = sent.read(to, offset, length);
                            reads.add(count);
                            return count;
                        },
                        new BufferPool(BufferPool.USUAL_BYTES, 1),
                        BareLf.REFUSED);
        assertThat(in.readLine(512)).isInstanceOf(Line.Text.class);
        assertThat(reads).containsExactly(mail.length());
    }

    @Test
    void repliesLeaveBeforeTheReaderWaits() throws IOException {
        List<String> events = new ArrayList<>();
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        BufferedSink out =
                new BufferedSink(
                        new ByteSink() {
                            @Override
                            public void write(byte[] from, int offset, int length) {
                                events.add("write");
                                sent.write(from, offset, length);
                            }

                            @Override
                            public void flush() {}
                        },
                        pool);
        ByteArrayInputStream group =
                new ByteArrayInputStream("MAIL\r\nRCPT\r\nDATA\r\n".getBytes(ISO_8859_1));
        LineReader in =
                new LineReader(
                        new FlushingSource(
                                (to, offset, length) -> {
                                    events.add("read");
                                    return group.read(to, offset, length);
                                },
                                out),
                        new BufferPool(32, 1),
                        BareLf.REFUSED);
        while (in.readLine(100) instanceof Line.Text) {
            out.write("250 ok\r\n".getBytes(ISO_8859_1), 0, 8);
        }
        assertThat(sent.toString(ISO_8859_1)).isEqualTo("250 ok\r\n".repeat(3));
        // 16 bytes hold MAIL, RCPT and half of DATA: their replies leave in one piece.
        assertThat(events).containsExactly("read", "write", "read", "write", "read");
    }

    /** Whatever the pieces, the lines are those a plain split of the text gives. */
    @Test
    void piecesNeverChangeTheLines() throws IOException {
        for (int seed = 0; seed < Seeds.count(3000); seed++) {
            Random random = new Random(seed);
            byte[] text = new byte[random.nextInt(400)];
            byte[] alphabet = {'a', 'b', '\r', '\n', '.', (byte) 0xFF, 0};
            for (int i = 0; i < text.length; i++) {
                boolean end = i > 0 && text[i - 1] == '\r' && random.nextInt(3) > 0;
                text[i] = end ? (byte) '\n' : alphabet[random.nextInt(alphabet.length)];
                if (random.nextInt(4) > 0 && text[i] == '\n' && !end) {
                    text[i] = 'c';
                }
            }
            int limit = 1 + random.nextInt(150);
            LineReader in =
                    new LineReader(
                            new Drip(text, 1 + random.nextInt(100), random),
                            new BufferPool(32 + random.nextInt(40), 1),
                            BareLf.REFUSED);
            assertThat(all(in, limit)).as("seed %s", seed).isEqualTo(split(text, limit));
        }
    }

    private static List<String> split(byte[] text, int limit) {
        List<String> lines = new ArrayList<>();
        String all = new String(text, ISO_8859_1);
        int from = 0;
        int lf;
        while ((lf = all.indexOf('\n', from)) >= 0) {
            String line = all.substring(from, lf + 1);
            from = lf + 1;
            if (line.length() > limit) {
                lines.add("long:" + line.substring(0, Math.min(limit, 128)));
            } else if (line.endsWith("\r\n")) {
                lines.add("text:" + line.substring(0, line.length() - 2));
            } else {
                lines.add("bare:" + line.substring(0, line.length() - 1));
            }
        }
        lines.add("end");
        return lines;
    }

    private static String drain(ByteSource source) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] piece = new byte[3];
        int count;
        while ((count = source.read(piece, 0, piece.length)) >= 0) {
            out.write(piece, 0, count);
        }
        return out.toString(ISO_8859_1);
    }
}
