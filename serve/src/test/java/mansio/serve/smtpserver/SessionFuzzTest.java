package mansio.serve.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.testkit.sim.Seeds;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Nonsense sent to sessions in several states: they answer in clean lines or end. */
class SessionFuzzTest {
    private static final String LOGIN = "AUTH PLAIN AHNtaXRoQGZvby5jb20AcGVuY2ls\r\n";
    private static final List<String> STATES =
            List.of(
                    "",
                    "EHLO x\r\n",
                    "LHLO x\r\n",
                    "EHLO x\r\n" + LOGIN,
                    "EHLO x\r\nAUTH LOGIN\r\n",
                    "EHLO x\r\nAUTH SCRAM-SHA-256 biwsbj11c2VyLHI9YWJj\r\n",
                    "EHLO x\r\n" + LOGIN + "MAIL FROM:<>\r\n",
                    "EHLO x\r\n" + LOGIN + "MAIL FROM:<>\r\nRCPT TO:<jones@foo.com>\r\n",
                    "EHLO x\r\n" + LOGIN + "MAIL FROM:<>\r\nRCPT TO:<jones@foo.com>\r\nDATA\r\n",
                    "EHLO x\r\n"
                            + LOGIN
                            + "MAIL FROM:<>\r\nRCPT TO:<jones@foo.com>\r\nBDAT 20\r\n");
    private static final List<String> PIECES =
            List.of(
                    "EHLO x\r\n",
                    "MAIL FROM:<smith@foo.com> SIZE=3",
                    "RCPT TO:<jones@foo.com>",
                    "DATA\r\n",
                    "BDAT ",
                    "12",
                    " LAST\r\n",
                    "RSET\r\n",
                    "STARTTLS\r\n",
                    LOGIN,
                    "AUTH SCRAM-SHA-256-PLUS\r\n",
                    "*\r\n",
                    "\r\n.\r\n",
                    "\r\n",
                    "\n",
                    "\r",
                    "\0",
                    ".",
                    "Received: x\r\n",
                    "\u00e4",
                    "<",
                    ">",
                    " ",
                    "=",
                    "QUIT",
                    "x".repeat(3000));

    @Test
    void fuzz() {
        long seed = Seeds.first(System.nanoTime());
        RandomGenerator random = new SplittableRandom(seed);
        for (int i = 0; i < Seeds.count(2_500); i++) {
            String sent = STATES.get(random.nextInt(STATES.size())) + nonsense(random);
            Sessions sessions =
                    new Sessions(Flavour.values()[random.nextInt(Flavour.values().length)]);
            ScriptedConnection connection = new ScriptedConnection();
            if (random.nextBoolean()) {
                connection.underTls();
            }
            byte[] bytes = sent.getBytes(StandardCharsets.UTF_8);
            for (int at = 0; at < bytes.length; ) {
                int end = Math.min(bytes.length, at + 1 + random.nextInt(200));
                connection.sends(Arrays.copyOfRange(bytes, at, end));
                at = end;
            }
            try {
                sessions.serve(connection);
            } catch (IOException e) {
                assertThat(e).as("seed %d, run %d", seed, i).hasMessage("not a TLS handshake");
            }
            check(sessions, connection, "seed " + seed + ", run " + i + ": " + sent);
        }
    }

    private static String nonsense(RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(12); n > 0; n--) {
            text.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return text.toString();
    }

    private static void check(Sessions sessions, ScriptedConnection connection, String what) {
        assertThat(connection.said()).as(what).endsWith("\r\n").doesNotContain("A fault here");
        long queued = 0;
        for (String line : connection.said().split("\r\n")) {
            assertThat(line).as(what).matches("[2-5][0-5][0-9][ -][ -~]*");
            queued += line.contains("queued as") ? 1 : 0;
        }
        // One recipient each here, so that LMTP too says it once a message; a lost 250 is no lie.
        long recipients =
                sessions.rooms.accepted.stream()
                        .mapToLong(it -> it.transaction().recipients().size())
                        .sum();
        assertThat(queued).as(what).isLessThanOrEqualTo(recipients);
        assertThat(queued).as(what).isGreaterThanOrEqualTo(sessions.rooms.accepted.size());
        for (FakeRooms.Message message : sessions.rooms.accepted) {
            assertThat(message.content().replace("\r\n", ""))
                    .as(what)
                    .doesNotContain("\r")
                    .doesNotContain("\n");
        }
    }
}
