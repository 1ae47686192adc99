package mansio.trust.spf;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Domain;
import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.Question;
import mansio.net.dns.RecordType;
import mansio.net.dns.Resolver;
import mansio.net.dns.Security;
import mansio.testkit.sim.Seeds;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A world in which every name says something random: each check ends, and asks little. */
class EvaluationFuzzTest {
    /** The record, ten terms with ten hosts or names each, the client's names, the explanation. */
    private static final int MAX_QUESTIONS = 1 + 10 * 11 + 11 + 1;

    private static final String[] TERMS = {
        "a",
        "mx",
        "ptr",
        "a:b.example",
        "mx:c.example/8",
        "ptr:d.example",
        "include:b.example",
        "include:%{l}.example",
        "exists:%{ir}.%{p}.example",
        "?include:c.example",
        "-exists:e.example",
        "ip4:192.0.2.0/24",
        "ip6:2001:db8::/32",
        "~a//0",
        "moo=%{s}",
        "a:%{h}",
        "exists:%{S}.%{d}"
    };

    private static final class World implements Resolver {
        private final SplittableRandom random;
        private final FakeTime time;
        private int questions;

        World(SplittableRandom random, FakeTime time) {
            this.random = random;
            this.time = time;
        }

        @Override
        public Answer lookup(Question question, long deadlineNanos) {
            questions++;
            time.advance(Duration.ofMillis(random.nextInt(400)));
            DnsName name = question.name();
            return switch (random.nextInt(24)) {
                case 0 -> new Answer.NoData(name, Security.UNCHECKED);
                case 1 -> new Answer.NoSuchName(name, Security.UNCHECKED);
                case 2 -> new Answer.Failed(Answer.Kind.SERVFAIL, "no\r\nreason");
                default ->
                        new Answer.Found(records(name, question.type()), name, Security.UNCHECKED);
            };
        }

        private List<DnsRecord> records(DnsName name, RecordType type) {
            List<DnsRecord> records = new ArrayList<>();
            int count =
                    type == RecordType.TXT ? 1 + random.nextInt(40) / 39 : 1 + random.nextInt(13);
            for (int i = 0; i < count; i++) {
                DnsName other = DnsName.parse((char) ('a' + random.nextInt(6)) + ".example");
                DnsName host = other.below("h" + random.nextInt(20));
                records.add(
                        switch (type) {
                            case A -> new DnsRecord.A(name, 1, address());
                            case MX -> new DnsRecord.Mx(name, 1, random.nextInt(9), host);
                            case PTR -> new DnsRecord.Ptr(name, 1, host);
                            case TXT -> new DnsRecord.Txt(name, 1, List.of(text()));
                            default -> new DnsRecord.Other(name, 1, 28, new byte[16]);
                        });
            }
            return records;
        }

        private Inet4Address address() {
            String text = "192.0." + (random.nextInt(30) == 0 ? "2." : "3.") + random.nextInt(4);
            return (Inet4Address) InetAddress.ofLiteral(text);
        }

        private String text() {
            if (random.nextInt(30) == 0) {
                return SpfRecordTest.random(random);
            }
            StringBuilder record = new StringBuilder("v=spf1");
            for (int n = random.nextInt(6); n > 0; n--) {
                record.append(' ').append(TERMS[random.nextInt(TERMS.length)]);
            }
            String[] ends = {" -all", " ~all", "", " redirect=f.example", " -all exp=%{l}.example"};
            return record + ends[random.nextInt(ends.length)];
        }
    }

    @Test
    void everyCheckEnds() {
        Map<Result, Integer> seen = new EnumMap<>(Result.class);
        Seeds.of(4_000).forEach(seed -> seen.merge(check(seed), 1, Integer::sum));
        if (Seeds.count(4_000) >= 4_000) {
            assertThat(seen.keySet()).contains(Result.values());
        }
    }

    private static Result check(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        FakeTime time = new FakeTime();
        World world = new World(random, time);
        String[] clients = {"192.0.2.1", "192.0.3.1", "2001:db8::1"};
        String[] locals = {"anna", "", "a..b", "x".repeat(70), "\u00e4", "a\\046", "c"};
        String[] helos = {"b.example", "[192.0.2.1]", "x y", "%%", "\u00e9\r\n", ""};
        SpfRequest request =
                new SpfRequest(
                        InetAddress.ofLiteral(clients[random.nextInt(clients.length)]),
                        helos[random.nextInt(helos.length)],
                        SpfRequest.Identity.MAILFROM,
                        locals[random.nextInt(locals.length)],
                        "a.example");
        Spf spf = new Spf(world, time, SpfLimits.STANDARD, Domain.parse("mx.receiver.example"));
        SpfResult result = spf.check(request, time.deadline(Duration.ofSeconds(20)));

        String what = "seed " + seed + ": " + result;
        assertThat(world.questions).as(what).isLessThanOrEqualTo(MAX_QUESTIONS);
        assertThat(result.lookups()).as(what).isLessThanOrEqualTo(10);
        assertThat(result.voidLookups()).as(what).isLessThanOrEqualTo(3);
        assertThat(result.reason()).as(what).matches("[ -~]+");
        assertThat(result.path()).as(what).hasSizeLessThanOrEqualTo(12);
        result.explanation().ifPresent(it -> assertThat(it).as(what).matches("[ -~]*"));
        assertThat(ReceivedSpf.field(result, Domain.parse("mx.receiver.example"))).isNotEmpty();
        return result.result();
    }
}
