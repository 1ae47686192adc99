package mansio.net.smtpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.codec.line.Line;
import mansio.codec.line.LineReader;
import mansio.codec.sasl.Credentials;
import mansio.codec.sasl.PlainClient;
import mansio.codec.smtp.MailParameters;
import mansio.codec.smtp.RcptParameters;
import mansio.codec.text.Address;
import mansio.net.dial.Target;
import mansio.net.listen.Connection;
import mansio.net.listen.Listener;
import mansio.net.listen.Listening;
import mansio.net.listen.Loopback;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

@Timeout(300)
class SmtpClientTest {
    private static final Address BOB = Address.parse("Bob@example.com");

    private final Loopback net = new Loopback();
    private final BlockingQueue<List<String>> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        net.close();
    }

    /** A server that says its lines: one at first, then one for each that it hears. */
    private SmtpClient talkTo(String... answers) throws IOException {
        Listener listener =
                net.listen(
                        new Listening.Tls.Offered(Loopback.KEYS),
                        connection -> answer(connection, answers));
        Target target =
                new Target(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()),
                        "localhost",
                        Target.Trust.ANY);
        return SmtpClient.dial(net.dialer, target, SmtpClient.Begin.PLAIN, net.time);
    }

    private void answer(Connection connection, String... answers) throws IOException {
        List<String> lines = new ArrayList<>();
        LineReader in = net.lines(connection);
        try {
            for (String answer : answers) {
                Loopback.send(connection, answer);
                if (answer.startsWith("220 go")) {
                    connection.startTls();
                }
                String line;
                do {
                    if (!(in.readLine(2000) instanceof Line.Text text)) {
                        return;
                    }
                    line = new String(text.bytes(), UTF_8);
                    lines.add(line);
                } while (answer.startsWith("354") && !line.equals("."));
            }
        } finally {
            heard.add(lines);
        }
    }

    @Test
    void aMessageIsSent() throws Exception {
        try (SmtpClient client =
                talkTo(
                        "220 foo.com Simple Mail Transfer Service Ready\r\n",
                        "250-foo.com greets bar.com\r\n"
                                + "250-8BITMIME\r\n"
                                + "250-SIZE 1000\r\n"
                                + "250 HELP\r\n",
                        "250 OK\r\n",
                        "250 OK\r\n",
                        "354 Start mail input; end with <CRLF>.<CRLF>\r\n",
                        "250 2.0.0 Queued\r\n",
                        "221 foo.com Service closing transmission channel\r\n")) {
            assertThat(client.greeting().code()).isEqualTo(220);
            assertThat(client.ehlo("bar.com").isPositive()).isTrue();
            assertThat(client.extensions())
                    .containsEntry("SIZE", "1000")
                    .containsKeys("8BITMIME", "HELP");
            assertThat(client.mail(Optional.of(BOB), MailParameters.NONE).code()).isEqualTo(250);
            assertThat(client.rcpt(BOB, RcptParameters.NONE).code()).isEqualTo(250);
            ByteArrayInputStream content =
                    new ByteArrayInputStream("A: b\n\n.\r\n..two\nlast".getBytes(UTF_8));
            assertThat(client.data(content::read).status()).isEqualTo("2.0.0");
            assertThat(client.finalDotSent()).isFalse();
            assertThat(client.quit().code()).isEqualTo(221);
            assertThat(client.transcript())
                    .containsSubsequence(
                            "C: EHLO bar.com",
                            "S: 250-8BITMIME",
                            "C: MAIL FROM:<Bob@example.com>",
                            "C: DATA",
                            "S: 250 2.0.0 Queued",
                            "C: QUIT");
        }
        assertThat(heard.take())
                .containsExactly(
                        "EHLO bar.com",
                        "MAIL FROM:<Bob@example.com>",
                        "RCPT TO:<Bob@example.com>",
                        "DATA",
                        "A: b",
                        "",
                        "..",
                        "...two",
                        "last",
                        ".",
                        "QUIT");
    }

    @Test
    void passwordsTravelUnderTlsAndNotIntoTheTranscript() throws Exception {
        try (SmtpClient client =
                talkTo(
                        "220 hi\r\n",
                        "250-hi\r\n250 STARTTLS\r\n",
                        "220 go\r\n",
                        "250-hi\r\n250 AUTH PLAIN\r\n",
                        "235 2.7.0 Welcome\r\n")) {
            client.greeting();
            client.ehlo("bar.com");
            assertThat(client.startTls().code()).isEqualTo(220);
            assertThat(client.extensions()).isEmpty();
            assertThat(client.connection().tls()).isPresent();
            client.ehlo("bar.com");
            assertThat(
                            client.authenticate(
                                            new PlainClient(
                                                    new Credentials(
                                                            Optional.empty(), "tim", "tanstaaf")))
                                    .code())
                    .isEqualTo(235);
            assertThat(client.transcript()).contains("C: AUTH PLAIN (secret)");
            assertThat(client.transcript().toString()).doesNotContain("AHRpbQB0YW5zdGFhZg==");
        }
        assertThat(heard.take()).contains("AUTH PLAIN AHRpbQB0YW5zdGFhZg==");
    }

    @Test
    void plainRepliesAheadOfTheHandshakeEndTheSession() throws Exception {
        try (SmtpClient client =
                talkTo("220 hi\r\n", "250 STARTTLS\r\n", "220 go\r\n250 injected\r\n")) {
            client.greeting();
            client.ehlo("bar.com");
            // Read ahead or not yet read: both end it.
            assertThatThrownBy(client::startTls).isInstanceOf(IOException.class);
        }
    }

    @Test
    void refusalsAreValuesAndAClosedConnectionIsAnException() throws Exception {
        try (SmtpClient client = talkTo("220 hi\r\n", "250 hi\r\n", "452 4.3.1 Full\r\n")) {
            client.greeting();
            client.ehlo("bar.com");
            assertThat(client.mail(Optional.empty(), MailParameters.NONE).isTransient()).isTrue();
            assertThatThrownBy(() -> client.rcpt(BOB, RcptParameters.NONE))
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void aLostReplyToTheFinalDotIsKnown() throws Exception {
        try (SmtpClient client =
                talkTo("220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "250 ok\r\n", "354 go on\r\n")) {
            client.greeting();
            client.ehlo("bar.com");
            client.mail(Optional.of(BOB), MailParameters.NONE);
            client.rcpt(BOB, RcptParameters.NONE);
            ByteArrayInputStream content = new ByteArrayInputStream("a\r\n".getBytes(UTF_8));
            assertThatThrownBy(() -> client.data(content::read)).isInstanceOf(IOException.class);
            assertThat(client.finalDotSent()).isTrue();
        }
    }

    @Test
    void unreadableContentNeverLooksLikeAWholeMessage() throws Exception {
        try (SmtpClient client =
                talkTo("220 hi\r\n", "250 hi\r\n", "250 ok\r\n", "250 ok\r\n", "354 go on\r\n")) {
            client.greeting();
            client.ehlo("bar.com");
            client.mail(Optional.of(BOB), MailParameters.NONE);
            client.rcpt(BOB, RcptParameters.NONE);
            assertThatThrownBy(
                            () ->
                                    client.data(
                                            (_, _, _) -> {
                                                throw new IOException("disk");
                                            }))
                    .hasMessage("disk");
            assertThat(client.finalDotSent()).isFalse();
        }
        assertThat(heard.take()).doesNotContain(".");
    }
}
