package mansio.testkit.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.net.dns.Answer;
import mansio.net.dns.Answer.Failed;
import mansio.net.dns.Answer.Found;
import mansio.net.dns.Answer.Kind;
import mansio.net.dns.Answer.NoSuchName;
import mansio.net.dns.DnsName;
import mansio.net.dns.Exchange;
import mansio.net.dns.RecordType;
import mansio.net.dns.SocketTransport;
import mansio.net.dns.StubResolver;
import mansio.net.dns.Upstreams;
import mansio.net.time.SystemTime;
import mansio.net.time.VirtualThreads;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** The resolver over real sockets, with a real server. */
@Timeout(300)
class ZoneServerTest {
    private static final String RECORDS =
            """
            good.example.   A 192.0.2.1
            race.example.   A 192.0.2.2
            cut.example.    A 192.0.2.3
            lower.example.  A 192.0.2.4
            slow.example.   A 192.0.2.5
            ;! race.example. race
            ;! cut.example. truncate
            ;! lower.example. lower-case
            ;! slow.example. delay 50
            ;! drop.example. drop
            ;! wrong.example. wrong-id
            ;! many.example. oversize 999
            ;! hangup.example. truncate
            ;! hangup.example. hang-up
            """;

    private final SystemTime time = new SystemTime();
    private final SocketTransport transport = new SocketTransport(time, new VirtualThreads());
    private ZoneServer server;

    @BeforeEach
    void start() throws IOException {
        server = ZoneServer.start(0);
        server.zone("example.", RECORDS);
        server.zone("other.test.", "other.test. MX 10 good.example.");
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    private Answer ask(String name, InetSocketAddress... servers) {
        return ask(name, Duration.ofSeconds(20), servers);
    }

    private Answer ask(String name, Duration patience, InetSocketAddress... servers) {
        List<InetSocketAddress> all =
                servers.length == 0 ? List.of(server.address()) : List.of(servers);
        Upstreams upstreams = new Upstreams(all, patience, 1, false);
        Exchange exchange = new Exchange(() -> upstreams, transport, time, new Random(3));
        return new StubResolver(exchange)
                .lookup(DnsName.parse(name), RecordType.A, time.deadline(Duration.ofSeconds(30)));
    }

    @Test
    void answersAndRefuses() {
        assertThat(ask("good.example")).isInstanceOf(Found.class);
        assertThat(ask("none.example")).isInstanceOf(NoSuchName.class);
        assertThat(ask("slow.example")).isInstanceOf(Found.class);
        assertThat(((Failed) ask("elsewhere.invalid")).kind()).isEqualTo(Kind.REFUSED);
    }

    @Test
    void streamsFollowDatagrams() {
        assertThat(ask("cut.example")).isInstanceOf(Found.class);
        assertThat(ask("lower.example")).isInstanceOf(Found.class);
        assertThat(((Found) ask("many.example")).records()).hasSize(999);
        assertThat(((Failed) ask("hangup.example")).kind()).isEqualTo(Kind.NETWORK);
    }

    @Test
    void strangersAreNotHeard() {
        assertThat(ask("race.example")).isInstanceOf(Found.class);
        assertThat(((Failed) ask("wrong.example", Duration.ofMillis(300))).kind())
                .isEqualTo(Kind.TIMEOUT);
    }

    @Test
    void deadlinesEndWaits() throws IOException {
        long before = time.nanos();
        assertThat(((Failed) ask("drop.example", Duration.ofMillis(300))).kind())
                .isEqualTo(Kind.TIMEOUT);
        assertThat(Duration.ofNanos(time.nanos() - before)).isGreaterThan(Duration.ofMillis(299));
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.ofLiteral("127.0.0.1"))) {
            InetSocketAddress there =
                    new InetSocketAddress(silent.getInetAddress(), silent.getLocalPort());
            assertThatThrownBy(
                            () ->
                                    transport.stream(
                                            there,
                                            new byte[12],
                                            time.deadline(Duration.ofMillis(200))))
                    .isInstanceOf(SocketTimeoutException.class);
        }
        assertThatThrownBy(
                        () ->
                                transport.datagram(
                                        server.address(),
                                        new byte[] {0},
                                        _ -> true,
                                        time.deadline(Duration.ofMillis(200))))
                .isInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void aPortWithNobodyBehindFailsAtOnce() throws IOException {
        InetSocketAddress nobody;
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"))) {
            nobody = new InetSocketAddress(socket.getLocalAddress(), socket.getLocalPort());
        }
        assertThat(((Failed) ask("good.example", nobody)).kind()).isEqualTo(Kind.NETWORK);
        assertThat(ask("good.example", nobody, server.address())).isInstanceOf(Found.class);
    }
}
