package mansio.codec.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.line.BareLf;
import mansio.codec.line.BufferPool;
import mansio.codec.line.LineReader;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

class ReplyTest {
    private static ReplyReader reader(byte[] wire) {
        BufferPool pool = new BufferPool(64, 1);
        int[] at = {0};
        return new ReplyReader(
                new LineReader(
                        (to, offset, length) -> {
                            int count = Math.min(length, wire.length - at[0]);
                            System.arraycopy(wire, at[0], to, offset, count);
                            at[0] += count;
                            return count == 0 ? -1 : count;
                        },
                        pool,
                        BareLf.ENDS_LINE));
    }

    private static Reply read(String wire) throws IOException {
        return reader(wire.getBytes(StandardCharsets.UTF_8)).read();
    }

    @Test
    void prints() {
        assertThat(Replies.NO_SUCH_USER.toWire()).isEqualTo("550 5.1.1 No such user here\r\n");
        assertThat(
                        new Reply(250, "", List.of("foo.com greets bar.com", "8BITMIME", "HELP"))
                                .toWire())
                .isEqualTo("250-foo.com greets bar.com\r\n250-8BITMIME\r\n250 HELP\r\n");
        assertThat(new Reply(571, "5.7.1", List.of("a", "b")).toWire())
                .isEqualTo("571-5.7.1 a\r\n571 5.7.1 b\r\n");
    }

    @Test
    void nothingSplitsAReply() {
        for (String text : List.of("a\rb", "a\nb", "a\0b", "a\u0085b", "\u007f", "x".repeat(500))) {
            assertThatThrownBy(() -> new Reply(250, "2.0.0", text))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void statusFitsTheCode() {
        for (String status : List.of("4.0.0", "5", "5.1", "5.1.1.1", "5.1.x", "5..1", "5.1.1234")) {
            assertThatThrownBy(() -> new Reply(550, status, "x"))
                    .as(status)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void readsWhatItPrints() throws IOException {
        for (Field field : Replies.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                try {
                    Reply reply = (Reply) field.get(null);
                    assertThat(read(reply.toWire())).isEqualTo(reply);
                } catch (IllegalAccessException e) {
                    throw new AssertionError(e);
                }
            }
        }
        Reply ehlo = new Reply(250, "", List.of("foo.com", "SIZE 1000", "HELP"));
        assertThat(read(ehlo.toWire())).isEqualTo(ehlo);
    }

    @Test
    void readsWhatOthersPrint() throws IOException {
        assertThat(read("250\r\n")).isEqualTo(new Reply(250, "", ""));
        assertThat(read("250-a\n250 b\n")).isEqualTo(new Reply(250, "", List.of("a", "b")));
        assertThat(read("550-5.1.1 a\r\n550 b\r\n"))
                .isEqualTo(new Reply(550, "", List.of("5.1.1 a", "b")));
        assertThat(read("550 5.1.1\r\n")).isEqualTo(new Reply(550, "5.1.1", ""));
        assertThat(read("550 x\u0007y\r\n")).isEqualTo(new Reply(550, "", "x?y"));
        assertThat(read("550 " + "x".repeat(1500) + "\r\n").text()).hasSize(Reply.MAX_TEXT);
    }

    @Test
    void whatIsNoReplyTellsNothing() {
        for (String wire :
                List.of(
                        "",
                        "25",
                        "\r\n",
                        "99 x\r\n",
                        "600 x\r\n",
                        "150 x\r\n",
                        "250x\r\n",
                        "250-a\r\n",
                        "250-a\r\n550 b\r\n",
                        "HTTP/1.1 400 Bad Request\r\n",
                        "250 " + "x".repeat(3000) + "\r\n",
                        "250-x\r\n".repeat(1000) + "250 x\r\n")) {
            assertThatThrownBy(() -> read(wire)).as(wire).isInstanceOf(IOException.class);
        }
    }

    @Test
    void fuzz() {
        long seed = System.nanoTime();
        RandomGenerator random = new SplittableRandom(seed);
        String alphabet = "2505- .\r\n1x\u00e4\0";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder wire = new StringBuilder();
            for (int n = random.nextInt(40); n > 0; n--) {
                wire.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                Reply reply = read(wire.toString());
                assertThat(read(reply.toWire())).as("seed %d", seed).isEqualTo(reply);
            } catch (IOException e) {
                assertThat(e).hasMessageMatching("[ -~]+");
            }
        }
    }
}
