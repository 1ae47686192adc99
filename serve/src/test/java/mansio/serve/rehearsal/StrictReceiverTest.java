package mansio.serve.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.message.MessageParser;
import mansio.codec.message.ParsedMessage;
import mansio.codec.text.Address;
import mansio.net.dial.Target;
import mansio.net.dial.TcpDialer;
import mansio.net.listen.Connection;
import mansio.net.listen.Sockets;
import mansio.net.smtpclient.SmtpClient.Begin;
import mansio.net.time.SystemTime;
import mansio.net.time.Time;
import mansio.net.time.VirtualThreads;
import mansio.net.tls.ClientTls;
import mansio.testkit.client.LineClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What the receiver takes, and what it does not. */
class StrictReceiverTest {
    private static final long MAX_BYTES = 2_000;

    private final Time time = new SystemTime();
    private final VirtualThreads threads = new VirtualThreads();
    private final Sockets sockets = Sockets.start(time, threads, new Random(7));
    private final TcpDialer dialer = new TcpDialer(time, threads, sockets, new ClientTls());
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable it : open.reversed()) it.close();
        sockets.close();
    }

    private StrictReceiver receiver(Begin begin, Duration life) throws IOException {
        StrictReceiver receiver =
                StrictReceiver.open(
                        new StrictReceiver.Terms(
                                "receiver.invalid", MAX_BYTES, time.deadline(life)),
                        begin,
                        time.now(),
                        new StrictReceiver.Around(sockets, threads, new Random(8)));
        open.add(receiver);
        return receiver;
    }

    private Connection call(StrictReceiver receiver) throws IOException {
        Target target = new Target(receiver.address(), "receiver.invalid", Target.Trust.ANY);
        Connection connection = dialer.dial(target, time.deadline(Duration.ofSeconds(20)));
        open.add(connection);
        return connection;
    }

    private LineClient greeted(StrictReceiver receiver) throws IOException {
        LineClient client = new LineClient(call(receiver), time);
        client.expectReply(220);
        client.send("EHLO mx.example.org");
        assertThat(client.expectReply(250)).contains("250-8BITMIME", "250 STARTTLS");
        return client;
    }

    private static void envelope(LineClient client, String parameters) throws IOException {
        client.ask("MAIL FROM:<anna@example.org>" + parameters, "250 2.1.0");
        client.ask("RCPT TO:<bob@example.net>", "250 2.1.5");
        client.ask("DATA", "354");
    }

    @Test
    void eachReplyNamesItsMessage() throws IOException {
        StrictReceiver receiver = receiver(Begin.PLAIN, Duration.ofMinutes(1));
        LineClient client = greeted(receiver);
        List<String> replies = new ArrayList<>();
        for (String text : List.of("one", "two")) {
            envelope(client, " SIZE=20");
            client.send("Subject: " + text);
            client.send("");
            client.send("..");
            replies.add(client.ask(".", "250 2.0.0 Ok, arrived as "));
        }
        Visit visit = receiver.visit(replies.getLast()).orElseThrow();
        assertThat(new String(visit.bytes(), StandardCharsets.US_ASCII))
                .isEqualTo("Subject: two\r\n\r\n.\r\n");
        assertThat(visit.ehlo()).isEqualTo("mx.example.org");
        assertThat(visit.tls()).isEmpty();
        assertThat(visit.reversePath()).contains(Address.parse("anna@example.org"));
        assertThat(visit.forwardPaths()).containsExactly(Address.parse("bob@example.net"));
        assertThat(receiver.visit(replies.getFirst())).isPresent();
        assertThat(receiver.visit("250 2.0.0 Ok, arrived as ")).isEmpty();
        client.ask("QUIT", "221");
    }

    @Test
    void underTlsAllBeginsAnew() throws IOException {
        StrictReceiver receiver = receiver(Begin.PLAIN, Duration.ofMinutes(1));
        Connection connection = call(receiver);
        LineClient client = new LineClient(connection, time);
        client.expectReply(220);
        client.send("EHLO one.example.org");
        client.expectReply(250);
        client.ask("STARTTLS", "220");
        connection.startTls();
        client.ask("MAIL FROM:<anna@example.org>", "503");
        client.send("EHLO two.example.org");
        assertThat(client.expectReply(250)).noneMatch(it -> it.contains("STARTTLS"));
        client.ask("STARTTLS", "503");
        envelope(client, "");
        client.send("Subject: x");
        Visit visit = receiver.visit(client.ask(".", "250")).orElseThrow();
        assertThat(visit.ehlo()).isEqualTo("two.example.org");
        assertThat(visit.tls().orElseThrow().protocol()).isEqualTo("TLSv1.3");
    }

    @Test
    void tlsMayComeFirst() throws IOException {
        Connection connection = call(receiver(Begin.IMPLICIT_TLS, Duration.ofMinutes(1)));
        connection.startTls();
        new LineClient(connection, time).expectReply(220);
    }

    @Test
    void whatComesBehindStartTlsInTheClearEndsIt() throws IOException {
        LineClient client = greeted(receiver(Begin.PLAIN, Duration.ofMinutes(1)));
        client.sendRaw("STARTTLS\r\nEHLO evil.example\r\n".getBytes(StandardCharsets.US_ASCII));
        client.expect("220");
        client.expectEnd();
    }

    @Test
    void nothingIsTolerated() throws IOException {
        StrictReceiver receiver = receiver(Begin.PLAIN, Duration.ofMinutes(1));
        LineClient early = new LineClient(call(receiver), time);
        early.expectReply(220);
        early.ask("MAIL FROM:<a@example.org>", "503");
        early.ask("HELO mx.example.org", "502");
        LineClient client = greeted(receiver);
        client.ask("MAIL FROM: <a@example.org>", "501");
        client.ask("MAIL FROM:<a@example.org> SIZE=3000", "552");
        client.ask("MAIL FROM:<a@example.org> RET=HDRS", "555");
        LineClient other = greeted(receiver);
        other.ask("RCPT TO:<b@example.net>", "503");
        other.ask("MAIL FROM:<a@example.org>", "250");
        other.ask("MAIL FROM:<a@example.org>", "503");
        other.ask("DATA", "503");
    }

    @Test
    void aMessageHasToBeWhatWasPromised() throws IOException {
        StrictReceiver receiver = receiver(Begin.PLAIN, Duration.ofMinutes(1));
        LineClient client = greeted(receiver);
        envelope(client, "");
        client.sendRaw("Subject: bare\n line\r\n.\r\n".getBytes(StandardCharsets.US_ASCII));
        client.expect("550 5.5.2");
        envelope(client, "");
        client.send("Subject: d\u00eener");
        client.ask(".", "554 5.6.1");
        envelope(client, " BODY=8BITMIME");
        client.send("Subject: d\u00eener");
        client.ask(".", "250");
        envelope(client, "");
        for (int i = 0; i < 30; i++) client.send("x".repeat(100));
        client.ask(".", "552");
    }

    @Test
    void whoErrsOnAndOnIsSentAway() throws IOException {
        LineClient client = greeted(receiver(Begin.PLAIN, Duration.ofMinutes(1)));
        for (int i = 0; i < 5; i++) client.ask("NONSENSE", "5");
        client.ask("NONSENSE", "5");
        client.expect("421");
        client.expectEnd();
    }

    @Test
    void itKeepsAFewMessagesOnly() throws IOException {
        StrictReceiver receiver = receiver(Begin.PLAIN, Duration.ofMinutes(1));
        LineClient client = greeted(receiver);
        String reply = "";
        for (int i = 0; i < 5; i++) {
            envelope(client, "");
            client.send("Subject: x");
            reply = client.ask(".", "250");
        }
        assertThat(receiver.visit(reply)).isEmpty();
    }

    @Test
    void nobodyStaysBeyondItsEnd() throws IOException {
        LineClient client = new LineClient(call(receiver(Begin.PLAIN, Duration.ZERO)), time);
        client.expectEnd();
    }

    @Test
    void theMessageOfOursLeavesToTheServerWhatItAdds() {
        ParsedMessage message =
                MessageParser.parse(
                        TestMessage.of(
                                Address.parse("anna@example.org"), Address.parse("bob@b.example")));
        assertThat(message.header().value("From").orElseThrow()).contains("<anna@example.org>");
        assertThat(message.header().value("To").orElseThrow()).contains("<bob@b.example>");
        assertThat(message.header().count("Date")).isZero();
        assertThat(message.header().count("Message-ID")).isZero();
        assertThat(message.oddityKinds()).isEmpty();
    }
}
