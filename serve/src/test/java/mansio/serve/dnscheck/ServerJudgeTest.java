package mansio.serve.dnscheck;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Domain;
import mansio.net.dns.Authorities;
import mansio.net.dns.DnsTransport;
import mansio.serve.dnscheck.Item.Finding;
import mansio.serve.dnshelp.DnsAdvice;
import mansio.serve.dnshelp.Mailing;
import mansio.serve.dnshelp.Presence;
import mansio.testkit.dns.Behaviour;
import mansio.testkit.dns.FakeDns;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** Three name servers of one zone, of which some are behind, lame or silent. */
class ServerJudgeTest {
    private static final Presence SERVER =
            new Presence(
                    Domain.parse("mail.example.org"),
                    List.of(InetAddress.ofLiteral("192.0.2.25")),
                    Map.of());
    private static final String ZONE =
            """
            example.org. SOA ns. h. 1 1 1 1 300
            example.org. NS ns1.example.net.
            example.org. NS ns2.example.net.
            example.org. NS ns3.example.net.
            mail.example.org. A 192.0.2.25
            example.org. MX 10 mail.example.org.
            example.org. TXT "v=spf1 mx -all"
            """;
    private static final String SERVERS =
            """
            ns1.example.net. A 192.0.2.1
            ns2.example.net. A 192.0.2.2
            ns3.example.net. A 192.0.2.3
            """;

    private final FakeTime time = new FakeTime();
    private final Map<String, FakeDns> servers =
            Map.of("192.0.2.1", server(), "192.0.2.2", server(), "192.0.2.3", server());

    private FakeDns server() {
        FakeDns dns = new FakeDns(time, new SplittableRandom(1));
        dns.zone("example.org.", ZONE);
        return dns;
    }

    /** To each server its own. */
    private final class Net implements DnsTransport {
        @Override
        public byte[] datagram(
                InetSocketAddress to, byte[] query, Predicate<byte[]> wanted, long deadlineNanos)
                throws IOException {
            return of(to).datagram(to, query, wanted, deadlineNanos);
        }

        @Override
        public byte[] stream(InetSocketAddress to, byte[] query, long deadlineNanos)
                throws IOException {
            return of(to).stream(to, query, deadlineNanos);
        }

        private FakeDns of(InetSocketAddress to) {
            return servers.get(to.getAddress().getHostAddress());
        }
    }

    private Item item() {
        FakeDns world = server();
        world.zone("example.net.", SERVERS);
        Authorities authorities = new Authorities(world, new Net(), time, new SplittableRandom(2));
        Look look = new Look(authorities, time, time.deadline(Duration.ofMinutes(2)));
        List<Item> items =
                ServerJudge.of(
                        authorities,
                        DnsAdvice.all(
                                SERVER,
                                List.of(
                                        new DnsAdvice.Subject(
                                                Domain.parse("example.org"),
                                                List.of(),
                                                Mailing.DIRECT))),
                        look);
        assertThat(items).hasSize(1);
        assertThat(items.getFirst().name()).isEqualTo("example.org");
        return items.getFirst();
    }

    @Test
    void allSayTheSame() {
        Item item = item();
        assertThat(item.verdict()).isEqualTo(Verdict.GOOD);
        assertThat(item.findings()).isEmpty();
        assertThat(item.there()).hasSize(3);
    }

    @Test
    void oneIsBehind() {
        servers.get("192.0.2.2")
                .replace("example.org.", ZONE.replace("v=spf1 mx -all", "v=spf1 -all"));
        Item item = item();
        assertThat(item.verdict()).isEqualTo(Verdict.WAIT);
        assertThat(item.findings())
                .containsExactly(
                        new Finding(
                                Mistake.NAME_SERVERS_DIFFER,
                                "example.org TXT: ns2.example.net says 'v=spf1 -all',"
                                    + " ns1.example.net, ns3.example.net say 'v=spf1 mx -all'"));
    }

    @Test
    void oneIsSilentWhichNeedNotBeItsFault() {
        servers.get("192.0.2.3").behave("*", Behaviour.of(Behaviour.Kind.DROP));
        long before = time.nanos();
        Item item = item();
        assertThat(item.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(item.has(Mistake.NAME_SERVER_SILENT)).isTrue();
        assertThat(item.findings().getFirst().text()).contains("ns3.example.net");
        assertThat(Duration.ofNanos(time.nanos() - before))
                .as("waited for once")
                .isLessThan(Duration.ofSeconds(4));
    }

    @Test
    void oneIsLame() {
        servers.get("192.0.2.1").behave("*", Behaviour.of(Behaviour.Kind.REFUSED));
        Item item = item();
        assertThat(item.verdict()).isEqualTo(Verdict.WRONG);
        assertThat(item.has(Mistake.NAME_SERVER_LAME)).isTrue();
        assertThat(item.findings().getFirst().text()).contains("ns1.example.net");
    }
}
