package mansio.testkit.dns;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsTransport;
import mansio.net.dns.Exchange;
import mansio.net.dns.RecordType;
import mansio.net.dns.StubResolver;
import mansio.net.dns.Upstreams;
import mansio.testkit.sim.Seeds;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** Replies with octets changed, cut and added: an answer of some kind, and never an exception. */
class ReplyFuzzTest {
    private static final String RECORDS =
            """
            example.org.    MX    10 mx.example.org.
            example.org.    TXT   "one" "two"
            example.org.    CAA   0 issue "ca.example"
            example.org.    TLSA  3 1 1 00ff
            example.org.    SRV   1 2 3 mx.example.org.
            example.org.    A     192.0.2.1
            example.org.    AAAA  2001:db8::1
            example.org.    DS    1 8 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
            alias.          CNAME example.org.
            """;

    /** Right until the last moment. */
    private record Damaging(FakeDns dns, SplittableRandom random) implements DnsTransport {
        @Override
        public byte[] datagram(
                InetSocketAddress server,
                byte[] query,
                Predicate<byte[]> wanted,
                long deadlineNanos)
                throws IOException {
            return damaged(dns.datagram(server, query, wanted, deadlineNanos));
        }

        @Override
        public byte[] stream(InetSocketAddress server, byte[] query, long deadlineNanos)
                throws IOException {
            return damaged(dns.stream(server, query, deadlineNanos));
        }

        private byte[] damaged(byte[] message) {
            byte[] out = message.clone();
            // Past the identifier and the flags mostly: what would not be looked at otherwise.
            int first = random.nextInt(4) == 0 ? 2 : 6;
            for (int i = random.nextInt(4); i > 0; i--) {
                int at = first + random.nextInt(out.length - first);
                out[at] =
                        switch (random.nextInt(4)) {
                            case 0 -> (byte) 0xc0;
                            case 1 -> (byte) (out[at] + 1);
                            case 2 -> (byte) (out[at] ^ (1 << random.nextInt(8)));
                            default -> (byte) random.nextInt(256);
                        };
            }
            return random.nextInt(8) == 0
                    ? Arrays.copyOf(out, random.nextInt(out.length + 20))
                    : out;
        }
    }

    @Test
    void damageIsAnAnswerToo() {
        FakeTime time = new FakeTime();
        SplittableRandom random = new SplittableRandom(Seeds.first(11));
        FakeDns dns = new FakeDns(time, random.split());
        dns.zone(".", RECORDS);
        Upstreams upstreams =
                new Upstreams(
                        List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 53)),
                        Duration.ofSeconds(2),
                        1,
                        true);
        StubResolver resolver =
                new StubResolver(
                        new Exchange(
                                () -> upstreams,
                                new Damaging(dns, random.split()),
                                time,
                                random.split()));
        List<DnsName> names = List.of(DnsName.parse("example.org"), DnsName.parse("alias"));
        int runs = Seeds.count(20_000);
        int[] found = new int[2];
        for (int run = 0; run < runs; run++) {
            RecordType[] types = RecordType.values();
            Answer answer =
                    resolver.lookup(
                            names.get(run % 2),
                            types[random.nextInt(types.length)],
                            time.deadline(Duration.ofSeconds(5)));
            found[answer instanceof Answer.Failed ? 1 : 0]++;
        }
        assertThat(found[0]).as("still answers").isGreaterThan(runs / 7);
        assertThat(found[1]).as("failures").isGreaterThan(runs / 10);
    }
}
