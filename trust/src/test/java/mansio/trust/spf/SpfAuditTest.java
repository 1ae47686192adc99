package mansio.trust.spf;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.dns.DnsName;
import mansio.testkit.dns.Behaviour;
import mansio.testkit.dns.FakeDns;
import mansio.trust.spf.SpfAudit.Finding.Problem;
import mansio.trust.spf.SpfAudit.Report;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpfAuditTest {
    private static final DnsName DOMAIN = DnsName.parse("own.example");

    private static Report audit(FakeDns dns) {
        return new SpfAudit(dns).of(DOMAIN, Long.MAX_VALUE / 2);
    }

    private static Report audit(String zone) {
        return audit(FakeDns.of(zone));
    }

    @Test
    void aGoodRecordHasNothingWrong() {
        Report report =
                audit(
                        """
                        own.example. TXT "something else"
                        own.example. TXT ("v=spf1 mx a:www.own.example include:_spf.mailer.example"
                            " exists:%{i}.own.example -all")
                        own.example. MX 10 mx.own.example.
                        www.own.example. AAAA 2001:db8::1
                        _spf.mailer.example. TXT "v=spf1 include:%{d2}.other.example ip4:192.0.2.0/24 ~all"
                        mailer.example.other.example. TXT "v=spf1 ip4:192.0.2.0/24 ~all"
                        """);
        assertThat(report.findings()).isEmpty();
        assertThat(report.lookups()).isEqualTo(5);
        assertThat(report.record()).isPresent();
        assertThat(report.published()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    v=spf1 +all                                         | PASS_ALL
                    v=spf1 all                                          | PASS_ALL
                    v=spf1 include:open.example -all                    | PASS_ALL
                    v=spf1 ip4:192.0.2.1                                | NO_DECISION
                    v=spf1 ip4:192.0.2.1 ?all                           | NO_DECISION
                    v=spf1 -all ip4:192.0.2.1                           | UNREACHABLE
                    v=spf1 -all redirect=open.example                   | UNREACHABLE
                    v=spf1 ptr -all                                     | PTR
                    v=spf1 ip4:0.0.0.0/0 -all                           | WIDE_NETWORK
                    v=spf1 ip6:2000::/3 -all                            | WIDE_NETWORK
                    v=spf1 a/0 -all                                     | WIDE_NETWORK
                    v=spf1 ip4=192.0.2.1 -all                           | NOT_A_MECHANISM
                    v=spf1 ip4:192.0.2 -all                             | SYNTAX
                    v=spf1 include:twice.example -all                   | SEVERAL_RECORDS
                    v=spf1 include:nothing.example -all                 | BROKEN_REFERENCE
                    v=spf1 redirect=nothing.example                     | BROKEN_REFERENCE
                    v=spf1 include:own.example -all                     | LOOP
                    v=spf1 include:back.example -all                    | LOOP
                    v=spf1 a:nothing.example -all                       | NAMES_NOTHING
                    v=spf1 mx:own.example -all                          | NAMES_NOTHING
                    v=spf1 a:x.n.example a:y.n.example a:z.n.example -all | TOO_MANY_VOID_LOOKUPS
                    v=spf1 mx:many.example -all                         | TOO_MANY_MX
                    v=spf1 a a a a a a a a a a a -all                   | TOO_MANY_LOOKUPS
                    v=spf1 include:broken.example -all                  | NO_ANSWER
                    """)
    void eachMistakeIsNamed(String record, Problem problem) {
        StringBuilder zone = new StringBuilder();
        zone.append("own.example. TXT \"").append(record).append("\"\n");
        zone.append(
                """
                own.example.   A   192.0.2.1
                open.example.  TXT "v=spf1 +all"
                twice.example. TXT "v=spf1 -all"
                twice.example. TXT "v=spf1 ~all"
                back.example.  TXT "v=spf1 include:own.example -all"
                """);
        for (int i = 0; i < 11; i++) {
            zone.append("many.example. MX ")
                    .append(i)
                    .append(" mx")
                    .append(i)
                    .append(".example.\n");
        }
        FakeDns dns = FakeDns.of(zone.toString());
        dns.behave("broken.example", Behaviour.of(Behaviour.Kind.SERVFAIL));
        assertThat(audit(dns).findings()).extracting(it -> it.problem()).contains(problem);
    }

    @Test
    void noRecordTwoRecordsAndTheOldType() {
        assertThat(audit("other.example. A 192.0.2.1\n").has(Problem.NO_RECORD)).isTrue();
        Report two =
                audit("own.example. TXT \"v=spf1 -all\"\nown.example. TXT \"v=spf1 mx -all\"\n");
        assertThat(two.has(Problem.SEVERAL_RECORDS)).isTrue();
        assertThat(two.published()).hasSize(2);
        assertThat(two.record()).isEmpty();
        Report old = audit("own.example. TYPE99 \\# 12 0b763d73706631202d616c6c\n");
        assertThat(old.findings())
                .extracting(it -> it.problem())
                .containsExactly(Problem.NO_RECORD, Problem.TYPE_SPF);
    }

    @Test
    void aForestOfIncludesIsWalkedInBounds() {
        StringBuilder zone = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            String name = i == 0 ? "own" : "n" + i;
            zone.append(name).append(".example. TXT \"v=spf1");
            zone.append((" include:n" + (i + 1) + ".example").repeat(5)).append(" -all\"\n");
        }
        FakeDns dns = FakeDns.of(zone.toString());
        Report report = audit(dns);
        assertThat(report.lookups()).isEqualTo(100);
        assertThat(report.has(Problem.TOO_MANY_LOOKUPS)).isTrue();
        assertThat(dns.asked().size()).isLessThan(110);
    }

    @Test
    void whatIsAFaultIsSaid() {
        assertThat(Problem.SYNTAX.isFault()).isTrue();
        assertThat(Problem.PASS_ALL.isFault()).isFalse();
        assertThat(Problem.NO_ANSWER.isFault()).isFalse();
    }
}
