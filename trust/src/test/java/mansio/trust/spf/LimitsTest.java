package mansio.trust.spf;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.dns.RecordType;
import mansio.testkit.dns.Behaviour;
import mansio.testkit.dns.FakeDns;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/** What a hostile domain or address can make us do, and no more (RFC 7208 section 4.6.4). */
class LimitsTest {
    private static final Duration TIME = Duration.ofSeconds(20);

    private final FakeTime time = new FakeTime();
    private final FakeDns dns = new FakeDns(time, new SplittableRandom(1));

    private SpfResult check(String client) {
        return check(client, SpfLimits.STANDARD);
    }

    private SpfResult check(String client, SpfLimits limits) {
        Spf spf = new Spf(dns, time, limits, Domain.parse("mx.receiver.example"));
        SpfRequest request =
                SpfRequest.mailFrom(
                        InetAddress.ofLiteral(client),
                        "mx.sender.example",
                        Optional.of(Address.parse("anna@bomb.example")));
        return spf.check(request, time.deadline(TIME));
    }

    private static String repeated(int count, String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < count; i++) {
            out.append(text.replace("#", Integer.toString(i)));
        }
        return out.toString();
    }

    @ParameterizedTest
    @CsvSource({"10, PASS", "11, PERMERROR"})
    void tenTermsMayAsk(int terms, Result result) {
        dns.zone(
                ".",
                "bomb.example. A 192.0.2.1\nbomb.example. TXT \"v=spf1"
                        + repeated(terms, " a")
                        + " ip4:192.0.2.9\"\n");
        assertThat(check("192.0.2.9").result()).isEqualTo(result);
        assertThat(check("192.0.2.9").lookups()).isEqualTo(10);
    }

    @Test
    void theLimitCountsOverAllRecords() {
        StringBuilder zone = new StringBuilder("bomb.example. TXT \"v=spf1 include:i0.example\"\n");
        for (int i = 0; i < 50; i++) {
            zone.append("i%d.example. TXT \"v=spf1 include:i%d.example\"\n".formatted(i, i + 1));
        }
        dns.zone(".", zone.toString());
        SpfResult result = check("192.0.2.1");
        assertThat(result.result()).isEqualTo(Result.PERMERROR);
        assertThat(result.reason()).isEqualTo("the SPF records need more than 10 look-ups");
        assertThat(dns.asked()).hasSize(11);
        assertThat(result.path()).hasSize(11);
        assertThat(check("192.0.2.1", new SpfLimits(20, 2)).lookups()).isEqualTo(20);
    }

    @Test
    void aRecordThatIncludesItselfManyTimesEnds() {
        dns.zone(
                ".",
                "bomb.example. TXT \"v=spf1" + repeated(5, " include:bomb.example") + " -all\"\n");
        assertThat(check("192.0.2.1").result()).isEqualTo(Result.PERMERROR);
        assertThat(dns.asked()).hasSize(11);
    }

    @ParameterizedTest
    @CsvSource({"2, 2, NEUTRAL", "3, 2, PERMERROR", "3, 3, NEUTRAL", "1, 0, PERMERROR"})
    void voidLookupsAreFew(int terms, int limit, Result result) {
        dns.zone(
                ".",
                "bomb.example. TXT \"v=spf1" + repeated(terms, " a:n#.victim.example") + "\"\n");
        SpfResult found = check("192.0.2.1", new SpfLimits(10, limit));
        assertThat(found.result()).isEqualTo(result);
        assertThat(found.voidLookups()).isEqualTo(Math.min(terms, limit + 1));
    }

    @Test
    void mailHostsWithoutAddressesOfTheFamilyAreOneVoidTerm() {
        dns.zone(
                ".",
                "bomb.example. TXT \"v=spf1 mx -all\"\n"
                        + repeated(5, "bomb.example. MX # m#.example.\nm#.example. A 192.0.2.1\n"));
        SpfResult result = check("2001:db8::1");
        assertThat(result.result()).isEqualTo(Result.FAIL);
        assertThat(result.voidLookups()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"10, FAIL, 12", "11, PERMERROR, 2", "100, PERMERROR, 2"})
    void tenMailHostsAreAsked(int hosts, Result result, int questions) {
        dns.zone(
                ".",
                "bomb.example. TXT \"v=spf1 mx -all\"\n"
                        + repeated(
                                hosts,
                                "bomb.example. MX # m#.example.\nm#.example. A 192.0.2.1\n"));
        assertThat(check("192.0.2.9").result()).isEqualTo(result);
        assertThat(dns.asked()).hasSize(questions);
    }

    /** 10 terms of 10 hosts each are the most that a record can make us ask. */
    @Test
    void tenTermsOfTenMailHostsAndNamesEnd() {
        StringBuilder zone =
                new StringBuilder("bomb.example. TXT \"v=spf1" + repeated(9, " mx:m#.example"));
        zone.append(" ptr -all\"\n");
        for (int i = 0; i < 9; i++) {
            for (int host = 0; host < 10; host++) {
                zone.append("m%d.example. MX 1 h%d.m%d.example.\n".formatted(i, host, i));
                zone.append("h%d.m%d.example. A 192.0.2.1\n".formatted(host, i));
            }
        }
        zone.append(repeated(30, "9.2.0.192.in-addr.arpa. PTR n#.bomb.example.\n"));
        zone.append(repeated(30, "n#.bomb.example. A 192.0.2.1\n"));
        dns.zone(".", zone.toString());
        assertThat(check("192.0.2.9").result()).isEqualTo(Result.FAIL);
        assertThat(dns.asked()).hasSize(1 + 9 * (1 + 10) + 1 + 10);
    }

    /** A short record must not make long questions, or many. */
    @Test
    void macrosDoNotGrow() {
        dns.zone(".", "bomb.example. TXT \"v=spf1 exists:" + "%{s}".repeat(50) + ".x -all\"\n");
        assertThat(check("192.0.2.9").result()).isEqualTo(Result.FAIL);
        assertThat(dns.asked()).hasSize(2);
        assertThat(dns.asked()).allMatch(it -> it.name().text().length() <= 253);
        dns.replace(
                ".",
                "bomb.example. TXT \"v=spf1 -all exp=e.example\"\n"
                        + "e.example. TXT"
                        + " \"%{s}%{s}%{s}%{s}%{s}%{s}\"".repeat(300)
                        + "\n");
        assertThat(check("192.0.2.9").explanation().orElse("").length()).isLessThanOrEqualTo(400);
    }

    @Test
    void tenNamesOfAClientAreAskedHoweverManyTermsWantThem() {
        dns.zone(
                ".",
                "bomb.example. TXT \"v=spf1 ptr:v.example exists:%{p}.a.example ptr -all\"\n"
                        + repeated(
                                30,
                                "9.2.0.192.in-addr.arpa. PTR m#.v.example.\n"
                                        + "m#.v.example. A 192.0.2.1\n"));
        SpfResult result = check("192.0.2.9");
        assertThat(result.result()).isEqualTo(Result.FAIL);
        assertThat(dns.asked().stream().filter(it -> it.type() == RecordType.PTR)).hasSize(1);
        assertThat(dns.asked().stream().filter(it -> it.name().text().endsWith(".v.example")))
                .hasSize(10);
        assertThat(dns.asked().getLast().name().text()).isEqualTo("unknown.a.example");
    }

    @Test
    void namesOfAClientThatCannotMatterAreNotAskedFor() {
        dns.zone(
                ".",
                """
                bomb.example. TXT "v=spf1 ptr -all"
                9.2.0.192.in-addr.arpa. PTR dear.victim.example.
                9.2.0.192.in-addr.arpa. PTR mx.bomb.example.
                mx.bomb.example. A 192.0.2.9
                """);
        assertThat(check("192.0.2.9").result()).isEqualTo(Result.PASS);
        assertThat(dns.asked()).hasSize(3);
    }

    @Test
    void silentServersEndTheCheckWithTheDeadline() {
        dns.zone(
                ".",
                "bomb.example. TXT \"v=spf1 ptr:v.example -all\"\n"
                        + repeated(10, "9.2.0.192.in-addr.arpa. PTR m#.v.example.\n"));
        dns.behave("*.v.example", Behaviour.of(Behaviour.Kind.DROP));
        long start = time.nanos();
        SpfResult result = check("192.0.2.9");
        // Errors about names of the client are passed over; the end of the time is not.
        assertThat(result.result()).isEqualTo(Result.TEMPERROR);
        assertThat(result.reason()).startsWith("the time for the check ran out at A of m");
        assertThat(time.nanos() - start).isEqualTo(TIME.toNanos());
    }

    @Test
    void theEndOfTheTimeIsNoAnswerOfTheLastTerm() {
        dns.zone(".", "bomb.example. TXT \"v=spf1 ptr -all\"\n");
        dns.behave("*.in-addr.arpa", Behaviour.of(Behaviour.Kind.DROP));
        Spf spf = new Spf(dns, time, SpfLimits.STANDARD, Domain.parse("mx.receiver.example"));
        SpfRequest request = SpfRequest.helo(InetAddress.ofLiteral("192.0.2.9"), "bomb.example");
        assertThat(spf.check(request, time.deadline(Duration.ofSeconds(1))).result())
                .isEqualTo(Result.TEMPERROR);
        // With time left it is an error about the client's names, and those do not match.
        assertThat(check("192.0.2.9").result()).isEqualTo(Result.FAIL);
    }

    @Test
    void slowServersEndTheCheckWithTheDeadline() {
        dns.zone(
                ".",
                "bomb.example. TXT \"v=spf1"
                        + repeated(10, " exists:s#.slow.example")
                        + " -all\"\n"
                        + repeated(10, "s#.slow.example. AAAA 2001:db8::1\n"));
        dns.behave("*.slow.example", new Behaviour(Behaviour.Kind.DELAY, 1_900));
        assertThat(check("192.0.2.9", new SpfLimits(10, 10)).result()).isEqualTo(Result.FAIL);
        dns.behave("bomb.example", new Behaviour(Behaviour.Kind.DELAY, 1_900));
        long start = time.nanos();
        assertThat(check("192.0.2.9", new SpfLimits(10, 10)).result()).isEqualTo(Result.TEMPERROR);
        assertThat(time.nanos() - start).isEqualTo(TIME.toNanos());
    }

    @Test
    void anExplanationThatDoesNotComeChangesNothing() {
        dns.zone(".", "bomb.example. TXT \"v=spf1 -all exp=slow.example\"\n");
        dns.behave("slow.example", Behaviour.of(Behaviour.Kind.DROP));
        SpfResult result = check("192.0.2.9");
        assertThat(result.result()).isEqualTo(Result.FAIL);
        assertThat(result.explanation()).isEmpty();
    }

    @Test
    void aCheckWithoutTimeAsksNothing() {
        dns.zone(".", "bomb.example. TXT \"v=spf1 -all\"\n");
        Spf spf = new Spf(dns, time, SpfLimits.STANDARD, Domain.parse("mx.receiver.example"));
        SpfRequest request = SpfRequest.helo(InetAddress.ofLiteral("192.0.2.9"), "bomb.example");
        assertThat(spf.check(request, time.nanos()).result()).isEqualTo(Result.TEMPERROR);
        assertThat(dns.asked()).isEmpty();
    }
}
