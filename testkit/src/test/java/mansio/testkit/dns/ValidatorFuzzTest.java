package mansio.testkit.dns;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.dns.Answer;
import mansio.net.dns.Answer.Failed;
import mansio.net.dns.Answer.Found;
import mansio.net.dns.Answer.NoData;
import mansio.net.dns.Answer.NoSuchName;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.DnsTransport;
import mansio.net.dns.Exchange;
import mansio.net.dns.RecordType;
import mansio.net.dns.Security;
import mansio.net.dns.StubResolver;
import mansio.net.dns.TrustAnchors;
import mansio.net.dns.Upstreams;
import mansio.net.dns.Validator;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** Whatever is changed on the way, nothing that is not so is ever found to be signed. */
class ValidatorFuzzTest {
    private static final TrustAnchors ANCHORS = SignedWorld.anchors("rsa");
    private static final int HEADER = 12;

    private final FakeTime time = new FakeTime();
    private final FakeDns dns = new FakeDns(time, new SplittableRandom(7));

    /** Changes octets of replies, or leaves some out. */
    private final class Tampering implements DnsTransport {
        private final SplittableRandom random;

        Tampering(long seed) {
            random = new SplittableRandom(seed);
        }

        @Override
        public byte[] datagram(
                InetSocketAddress server,
                byte[] query,
                Predicate<byte[]> wanted,
                long deadlineNanos)
                throws IOException {
            return changed(dns.datagram(server, query, wanted, deadlineNanos));
        }

        @Override
        public byte[] stream(InetSocketAddress server, byte[] query, long deadlineNanos)
                throws IOException {
            return changed(dns.stream(server, query, deadlineNanos));
        }

        private byte[] changed(byte[] message) {
            if (random.nextInt(4) != 0) {
                return message;
            }
            int question = HEADER;
            while (message[question] != 0) {
                question += message[question] + 1;
            }
            int from = question + 5;
            for (int i = random.nextInt(1, 4); i > 0 && from < message.length; i--) {
                message[random.nextInt(from, message.length)] ^= (byte) random.nextInt(1, 256);
            }
            if (random.nextInt(8) == 0) {
                message[HEADER - 1 - 2 * random.nextInt(3)] -= 1; // One record less.
            }
            return message;
        }
    }

    private static final List<String> QUESTIONS =
            List.of(
                    "mx.good.test A",
                    "nothing.good.test A",
                    "mx.good.test AAAA",
                    "x.wild.good.test TXT",
                    "alias.good.test A",
                    "mx.good.nsec3 A",
                    "nothing.good.nsec3 A",
                    "mx.good.nsec3 AAAA",
                    "x.wild.good.nsec3 TXT",
                    "mx.plain.test A",
                    "tonothing.good.nsec3 A");

    @Test
    void nothingWrongIsFoundSigned() {
        dns.signedWorld();
        int seeds = Integer.getInteger("mansio.seeds", 4);
        int first = Integer.getInteger("mansio.seed", 1);
        int signed = 0;
        int failed = 0;
        for (int seed = first; seed < first + seeds; seed++) {
            StubResolver honest = resolver(dns);
            StubResolver tampered = resolver(new Tampering(seed));
            for (String question : QUESTIONS) {
                Answer is = ask(honest, question);
                Answer said = ask(tampered, question);
                String told = "seed " + seed + ", " + question + ": " + said;
                if (said instanceof Failed) {
                    failed++;
                } else {
                    assertThat(essence(said)).as(told).isIn(essence(is), "not signed");
                    signed += essence(said).equals("not signed") ? 0 : 1;
                }
                // What is signed is never said not to be.
                if (!essence(is).equals("not signed")) {
                    assertThat(essence(said)).as(told).isNotEqualTo("not signed");
                }
            }
        }
        assertThat(signed).as("some get through").isGreaterThan(seeds);
        assertThat(failed).as("some are found out").isGreaterThan(seeds);
    }

    /** What is claimed with signatures, without times to live. */
    private static String essence(Answer answer) {
        return switch (answer) {
            case Found found when found.security() == Security.SECURE ->
                    found.canonicalName()
                            + " "
                            + found.records().stream()
                                    .map(ValidatorFuzzTest::data)
                                    .sorted()
                                    .toList();
            case NoData no when no.security() == Security.SECURE -> no.canonicalName() + " no data";
            case NoSuchName no when no.security() == Security.SECURE ->
                    no.canonicalName() + " does not exist";
            case Failed failed -> "failed: " + failed.kind();
            default -> "not signed";
        };
    }

    private static String data(DnsRecord record) {
        return switch (record) {
            case DnsRecord.A a -> a.address().getHostAddress();
            case DnsRecord.Txt txt -> txt.text();
            default -> record.toString();
        };
    }

    private static Answer ask(StubResolver resolver, String question) {
        String[] words = question.split(" ");
        return resolver.lookup(
                DnsName.parse(words[0]), RecordType.valueOf(words[1]), Long.MAX_VALUE);
    }

    private StubResolver resolver(DnsTransport transport) {
        Upstreams upstreams =
                new Upstreams(
                        List.of(new InetSocketAddress(InetAddress.ofLiteral("192.0.2.53"), 53)),
                        Duration.ofSeconds(2),
                        2,
                        false);
        Exchange exchange = new Exchange(() -> upstreams, transport, time, new SplittableRandom(5));
        return new StubResolver(new Validator(exchange, ANCHORS, time));
    }
}
