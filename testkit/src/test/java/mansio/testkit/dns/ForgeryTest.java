package mansio.testkit.dns;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsTransport;
import mansio.net.dns.Exchange;
import mansio.net.dns.RecordType;
import mansio.net.dns.SocketTransport;
import mansio.net.dns.StubResolver;
import mansio.net.dns.Upstreams;
import mansio.net.time.SystemTime;
import mansio.net.time.VirtualThreads;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** What a forger would have to guess (RFC 5452): identifier, letters of the name, port. */
class ForgeryTest {
    private static final int QUERIES = 64;

    private final FakeTime time = new FakeTime();
    private final FakeDns dns = new FakeDns(time, new SplittableRandom(1));

    /** Keeps what goes out. */
    private final class Tap implements DnsTransport {
        final List<byte[]> queries = new ArrayList<>();

        @Override
        public byte[] datagram(
                InetSocketAddress server, byte[] query, Predicate<byte[]> wanted, long deadline)
                throws IOException {
            queries.add(query);
            return dns.datagram(server, query, wanted, deadline);
        }

        @Override
        public byte[] stream(InetSocketAddress server, byte[] query, long deadline)
                throws IOException {
            return dns.stream(server, query, deadline);
        }
    }

    private static Upstreams one(InetSocketAddress server) {
        return new Upstreams(List.of(server), Duration.ofSeconds(2), 1, false);
    }

    @Test
    void eachQueryHasANumberAndASpellingOfItsOwn() {
        dns.zone(".", "mail.example. A 192.0.2.1\n");
        Tap tap = new Tap();
        Upstreams upstreams = one(new InetSocketAddress(InetAddress.getLoopbackAddress(), 53));
        StubResolver resolver =
                new StubResolver(new Exchange(() -> upstreams, tap, time, new SplittableRandom(7)));
        for (int i = 0; i < QUERIES; i++) {
            assertThat(
                            resolver.lookup(
                                    DnsName.parse("mail.example"),
                                    RecordType.A,
                                    time.deadline(Duration.ofSeconds(9))))
                    .isInstanceOf(Answer.Found.class);
        }
        Set<Integer> numbers = new HashSet<>();
        Set<String> spellings = new HashSet<>();
        for (byte[] query : tap.queries) {
            numbers.add((query[0] & 0xff) << 8 | (query[1] & 0xff));
            spellings.add(new String(query, 12, 14, StandardCharsets.ISO_8859_1));
        }
        assertThat(numbers).hasSizeGreaterThan(QUERIES - 4);
        assertThat(spellings).hasSizeGreaterThan(QUERIES - 12);
        assertThat(spellings).allMatch(it -> it.equalsIgnoreCase("\4mail\7example\0"));
    }

    @Test
    void eachQueryHasAPortOfItsOwn() throws IOException {
        SystemTime clock = new SystemTime();
        SocketTransport transport = new SocketTransport(clock, new VirtualThreads());
        Set<SocketAddress> senders = new HashSet<>();
        try (DatagramChannel server = DatagramChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            InetSocketAddress here = (InetSocketAddress) server.getLocalAddress();
            VirtualThreads threads = new VirtualThreads();
            threads.start("echo", () -> echo(server, senders));
            for (int i = 0; i < QUERIES; i++) {
                long deadline = clock.deadline(Duration.ofSeconds(30));
                assertThat(transport.datagram(here, new byte[] {1, 2}, _ -> true, deadline))
                        .hasSize(2);
            }
        }
        synchronized (senders) {
            assertThat(senders).hasSizeGreaterThan(QUERIES / 2);
        }
    }

    private static void echo(DatagramChannel server, Set<SocketAddress> senders) {
        try {
            ByteBuffer buffer = ByteBuffer.allocate(100);
            while (true) {
                SocketAddress from = server.receive(buffer.clear());
                synchronized (senders) {
                    senders.add(from);
                }
                server.send(buffer.flip(), from);
            }
        } catch (IOException e) {
            // The test is over.
        }
    }
}
