package mansio.testkit.remote;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.sasl.Credentials;
import mansio.codec.smtp.MailParameters.Dsn;
import mansio.net.dial.TcpDialer;
import mansio.net.dns.Security;
import mansio.net.listen.ListenAt;
import mansio.net.listen.Listener;
import mansio.net.listen.Listening;
import mansio.net.listen.Sockets;
import mansio.net.smtpclient.Failure;
import mansio.net.smtpclient.Opening;
import mansio.net.smtpclient.OutgoingMessage;
import mansio.net.smtpclient.SendResult;
import mansio.net.smtpclient.SessionOpening;
import mansio.net.smtpclient.SessionSettings;
import mansio.net.smtpclient.SessionTls;
import mansio.net.smtpclient.SmtpClient;
import mansio.net.smtpclient.SmtpSession;
import mansio.net.smtpclient.Sources;
import mansio.net.smtpclient.TlsPolicy;
import mansio.net.smtpclient.Verdict;
import mansio.net.time.SystemTime;
import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.net.time.VirtualThreads;
import mansio.net.tls.CertificateCheck;
import mansio.net.tls.Certificates;
import mansio.net.tls.ClientTls;
import mansio.net.tls.Identity;
import mansio.net.tls.SelfSigned;
import mansio.net.tls.ServerTls;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Sessions over real sockets with real certificates, on the loopback address. */
@Timeout(300)
class RealTlsTest {
    private static final Identity IDENTITY =
            SelfSigned.make(
                    List.of("mx.test", "*.wild.test"),
                    List.of(InetAddress.getLoopbackAddress()),
                    Instant.now(),
                    Duration.ofDays(2));
    private static final CertificateCheck TRUSTING = CertificateCheck.of(IDENTITY.chain());

    private final Time time = new SystemTime();
    private Security dns = Security.UNCHECKED;
    private final Threads threads = new VirtualThreads();
    private final Sockets sockets = Sockets.start(time, threads, new Random(1));

    @AfterEach
    void close() {
        sockets.close();
    }

    private int serve(ScriptedServer server, boolean atOnce) throws IOException {
        ServerTls keys = new ServerTls(Certificates.of(IDENTITY));
        Listener listener =
                Listener.open(
                        new Listening(
                                "remote",
                                new ListenAt.Tcp(
                                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
                                atOnce
                                        ? new Listening.Tls.Implicit(keys)
                                        : new Listening.Tls.Offered(keys),
                                Listening.Limits.usual("421 busy\r\n")),
                        server,
                        new Listener.Around(sockets, threads));
        return listener.port();
    }

    private Opening open(CertificateCheck check, SessionSettings settings, String name, int port) {
        SessionOpening opening =
                new SessionOpening(
                        new SessionOpening.Around(
                                new TcpDialer(time, threads, sockets, new ClientTls()),
                                time,
                                new Random(2),
                                check));
        List<InetAddress> addresses = List.of(InetAddress.getLoopbackAddress());
        return opening.open(List.of(World.host(name, addresses, port, dns)), settings);
    }

    private static SmtpSession session(Opening opening) {
        if (opening instanceof Opening.Opened(SmtpSession session, List<Failure> _)) {
            return session;
        }
        throw new AssertionError(opening.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "mx.test, '', good",
        "MX.Test, '', good",
        "a.wild.test, '', good",
        "other.test, mx.test, good",
        "127.0.0.1, '', good",
        "wild.test, '', the certificate is not for wild.test",
        "a.b.wild.test, '', the certificate is not for a.b.wild.test",
        "mx.test, other.test, the certificate is not for other.test",
        "127.0.0.2, '', the certificate is not for 127.0.0.2"
    })
    void certificatesAreForNames(String host, String wanted, String expected) throws Exception {
        int port = serve(ScriptedServer.playing("offers STARTTLS", time), false);
        List<String> names = wanted.isEmpty() ? List.of() : List.of(wanted);
        SessionSettings settings = World.PLAIN.with(new TlsPolicy.Verify(names));
        boolean policy = !names.isEmpty();
        switch (open(TRUSTING, settings, host, port)) {
            case Opening.Opened(SmtpSession session, List<Failure> _) -> {
                SessionTls tls = session.facts().tls().orElseThrow();
                // The MX record is not signed: only a name of the policy's is the right one.
                assertThat(tls.trusted()).isTrue();
                assertThat(tls.verified()).isEqualTo(policy);
                assertThat(tls.toString())
                        .startsWith("TLSv1.3, TLS_")
                        .endsWith(policy ? ", verified" : ", trusted");
                session.close();
                assertThat(expected).isEqualTo("good");
            }
            case Opening.Closed(Failure failure, List<Failure> _) -> {
                assertThat(World.line(failure.problem())).isEqualTo("TLS 4.7.5");
                assertThat(failure.problem().sentence())
                        .isEqualTo(expected + "; it is for mx.test, *.wild.test, 127.0.0.1");
            }
        }
    }

    @Test
    void nobodyVouchesForACertificateThatSignsItself() throws Exception {
        int port = serve(ScriptedServer.playing("offers STARTTLS", time), false);
        CertificateCheck system = CertificateCheck.ofSystem();
        SessionSettings verify = World.PLAIN.with(new TlsPolicy.Verify(List.of()));
        if (!(open(system, verify, "mx.test", port)
                instanceof Opening.Closed(Failure failure, List<Failure> _))) {
            throw new AssertionError();
        }
        assertThat(failure.kind()).isEqualTo(Failure.Kind.TEMPORARY);
        assertThat(failure.problem().sentence()).startsWith("the certificate is not trusted: ");
        try (SmtpSession session = session(open(system, World.PLAIN, "mx.test", port))) {
            assertThat(session.facts().tls().orElseThrow().unverified().orElseThrow())
                    .startsWith("the certificate is not trusted: ");
        }
    }

    @Test
    void requireTlsTravelsOverVerifiedTlsToTheRightNameOnly() throws Exception {
        String script = "offers STARTTLS / offers REQUIRETLS";
        ScriptedServer server = ScriptedServer.playing(script, time);
        int port = serve(server, false);
        OutgoingMessage plain = World.message(World.content("A: b\r\n\r\nc\r\n"), "a@x.test");
        OutgoingMessage message =
                new OutgoingMessage(
                        plain.reversePath(), plain.recipients(), plain.content(), Dsn.NONE, true);
        try (SmtpSession session = session(open(TRUSTING, World.PLAIN, "mx.test", port))) {
            SendResult result = session.send(message, _ -> {});
            assertThat(World.line(result)).isEqualTo("refused OFFER 5.7.30 -> OPEN");
            assertThat(((Verdict.Refused) result.verdicts().getFirst()).problem().sentence())
                    .contains("no signed MX record");
        }
        assertThat(server.heard().getFirst().commands()).noneMatch(it -> it.startsWith("MAIL"));
        dns = Security.SECURE;
        try (SmtpSession session = session(open(TRUSTING, World.PLAIN, "mx.test", port))) {
            assertThat(World.line(session.send(message, _ -> {})))
                    .isEqualTo("delivered 250 -> OPEN");
            assertThat(server.heard().getLast().commands())
                    .contains("MAIL FROM:<from@our.test> REQUIRETLS");
        }
        dns = Security.UNCHECKED;
        TlsPolicy sts = new TlsPolicy.Verify(List.of("mx.test"));
        try (SmtpSession session =
                session(open(TRUSTING, World.PLAIN.with(sts), "mx.test", port))) {
            assertThat(World.line(session.send(message, _ -> {})))
                    .isEqualTo("delivered 250 -> OPEN");
        }
        try (SmtpSession session = session(open(TRUSTING, World.PLAIN, "else.test", port))) {
            assertThat(World.line(session.send(message, _ -> {})))
                    .isEqualTo("refused OFFER 5.7.10 -> OPEN");
        }
        int other = serve(ScriptedServer.playing("offers STARTTLS", time), false);
        try (SmtpSession session = session(open(TRUSTING, World.PLAIN, "mx.test", other))) {
            assertThat(World.line(session.send(message, _ -> {})))
                    .isEqualTo("refused OFFER 5.7.30 -> OPEN");
        }
    }

    @Test
    void tlsFromTheFirstByte() throws Exception {
        ScriptedServer server = ScriptedServer.playing("offers AUTH PLAIN", time);
        int port = serve(server, true);
        SessionSettings usual = World.PLAIN.with(new TlsPolicy.Verify(List.of()));
        SessionSettings settings =
                new SessionSettings(
                        usual.protocol(),
                        SmtpClient.Begin.IMPLICIT_TLS,
                        usual.tls(),
                        usual.sources(),
                        Optional.of(new Credentials(Optional.empty(), "joe", "secret")),
                        usual.needed(),
                        usual.ignored(),
                        usual.reuse(),
                        usual.timeouts());
        try (SmtpSession session = session(open(TRUSTING, settings, "mx.test", port))) {
            assertThat(session.facts().tls().orElseThrow().trusted()).isTrue();
            assertThat(session.facts().where()).isEqualTo("mx.test[127.0.0.1]");
            assertThat(session.transcript()).contains("C: AUTH PLAIN (secret)");
        }
    }

    @Test
    void garbageInPlaceOfTls() throws Exception {
        String script =
                "offers STARTTLS / HANDSHAKE 500 this is no handshake at all (close)"
                        + " / HANDSHAKE (close)";
        int port = serve(ScriptedServer.playing(script, time), false);
        for (int i = 0; i < 2; i++) {
            try (SmtpSession session = session(open(TRUSTING, World.PLAIN, "mx.test", port))) {
                assertThat(session.facts().tls()).isEmpty();
                assertThat(session.facts().notes()).singleElement().asString().contains("in clear");
            }
        }
    }

    @Test
    void theSourceAddressIsUsed() throws Exception {
        ScriptedServer server = ScriptedServer.playing("", time);
        InetSocketAddress[] seen = new InetSocketAddress[1];
        ListenAt.Tcp at =
                new ListenAt.Tcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Listener listener =
                Listener.open(
                        new Listening(
                                "remote",
                                at,
                                new Listening.Tls.None(),
                                Listening.Limits.usual("421 busy\r\n")),
                        connection -> {
                            seen[0] = connection.peer();
                            server.serve(connection);
                        },
                        new Listener.Around(sockets, threads));
        InetAddress source = InetAddress.ofLiteral("127.0.0.77");
        Sources.Source four = new Sources.Source(Optional.of(source), "our.test");
        SessionSettings settings =
                SessionSettings.usual(new Sources(four, World.PLAIN.sources().v6()));
        session(open(TRUSTING, settings, "mx.test", listener.port())).close();
        assertThat(seen[0].getAddress()).isEqualTo(source);
    }
}
