package mansio.serve.dmarcreports;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Domain;
import mansio.state.dmarcstore.ReceivedReport;
import mansio.state.dmarcstore.ReceivedReport.Names;
import mansio.state.dmarcstore.ReceivedReport.Others;
import mansio.state.dmarcstore.ReceivedReport.Reporter;
import mansio.state.dmarcstore.ReceivedReport.Source;
import mansio.state.dmarcstore.ReceivedReports.Failures;
import mansio.trust.dmarc.Alignment;
import mansio.trust.dmarc.Policy;
import mansio.trust.dmarcreport.AggregateReport.Published;

import org.junit.jupiter.api.Test;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reports of some weeks, and what is advised. */
class LadderTest {
    private static final Domain DOMAIN = Domain.parse("example.org");
    private static final InetAddress SERVER = InetAddress.ofLiteral("192.0.2.1");
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    private static final Source OURS = source("192.0.2.1", 10, true, new Names("", "", true));
    private static final Source FORGED =
            source("198.51.100.9", 100, false, new Names("", "", false));
    private static final Source LIST =
            source("198.51.100.7", 20, false, new Names("", "list.example", true));
    private static final Source SERVICE =
            source("198.51.100.8", 10, false, new Names("news.example", "news.example", false));

    private DomainSummary.Gathering gathering =
            new DomainSummary.Gathering(DOMAIN, Set.of(SERVER), Set.of());

    @Test
    void withoutReportsTheFirstRecordIsAdvised() {
        Ladder.Step step = step();
        assertThat(step.now()).isEqualTo("unknown");
        assertThat(step.record())
                .contains("v=DMARC1; p=none; rua=mailto:dmarc-reports@example.org");
    }

    @Test
    void twoGoodWeeksLeadToQuarantine() {
        days(13, Policy.NONE, OURS, FORGED, LIST);
        assertThat(step().obstacles()).containsExactly("13 days of reports; 14 are wanted");
        assertThat(step().record()).isEmpty();
        days(14, Policy.NONE, OURS, FORGED, LIST);
        Ladder.Step step = step();
        assertThat(step.ready()).isTrue();
        assertThat(step.record())
                .contains(
                        "v=DMARC1; p=quarantine; sp=reject; adkim=s;"
                                + " rua=mailto:dmarc-reports@example.org");
        assertThat(step.evidence())
                .containsExactly(
                        "14 days of reports by 2 receivers",
                        "280 of 280 messages (100 %) of senders that look like yours pass");
    }

    @Test
    void fourWeeksOfQuarantineLeadToReject() {
        days(0, 60, Policy.NONE, OURS);
        days(60, 87, Policy.QUARANTINE, OURS, LIST);
        assertThat(step().obstacles())
                .containsExactly("27 days of reports with quarantine or more; 28 are wanted");
        days(87, 88, Policy.QUARANTINE, OURS);
        Ladder.Step step = step();
        assertThat(step.now()).isEqualTo("quarantine");
        assertThat(step.next()).contains("reject");
        assertThat(step.ready()).isTrue();
        assertThat(step.record().orElseThrow()).startsWith("v=DMARC1; p=reject;");
    }

    @Test
    void aServiceOrOurOwnFailuresStandInTheWay() {
        days(20, Policy.NONE, OURS, SERVICE);
        assertThat(step().ready()).isFalse();
        assertThat(String.join("\n", step().obstacles()))
                .contains("50 % of their messages pass; 98 % are wanted")
                .contains("198.51.100.8 (news.example) are signed or sent for another name");
        gathering = new DomainSummary.Gathering(DOMAIN, Set.of(SERVER), Set.of());
        days(20, Policy.NONE, OURS, source("192.0.2.1", 1, false, new Names("", "", false)));
        assertThat(String.join("\n", step().obstacles())).contains("messages of this server");
    }

    /** Spam with a name comes to everybody: it is not in the way for good. */
    @Test
    void whatTheOwnerDisownsIsNotInTheWay() {
        gathering =
                new DomainSummary.Gathering(
                        DOMAIN,
                        Set.of(SERVER),
                        Set.of(Domain.parse("example"), Domain.parse("other.test")));
        Source ofOthers = source("198.51.100.6", 10, false, new Names("", "x.example", true));
        days(0, 20, Policy.NONE, OURS, SERVICE, ofOthers);
        DomainSummary summary = gathering.end(new Failures(0, List.of()));
        assertThat(summary.step().ready()).isTrue();
        assertThat(summary.sources())
                .extracting(SourceSummary::kind)
                .containsExactlyInAnyOrder(
                        SourceSummary.Kind.OURS,
                        SourceSummary.Kind.UNKNOWN,
                        SourceSummary.Kind.FORWARDER);
    }

    @Test
    void reportsThatNobodyAnswersForAreNotBelieved() {
        for (int day = 0; day < 30; day++) {
            gathering.add(report(day, by("a", day, false), Policy.NONE, OURS));
        }
        DomainSummary summary = gathering.end(new Failures(0, List.of()));
        assertThat(summary.unbelieved()).isEqualTo(30);
        assertThat(summary.messages()).isZero();
        assertThat(summary.step().now()).isEqualTo("unknown");
    }

    /** A name with a record of its own does not hold up the domain, nor speak for it. */
    @Test
    void namesBelowWithTheirOwnRecordCountForNothing() {
        days(20, Policy.NONE, OURS);
        Instant begin = FIRST.plus(Duration.ofDays(19));
        gathering.add(
                new ReceivedReport(
                        DOMAIN,
                        by("one", 90, true),
                        begin,
                        begin.plus(Duration.ofDays(1)).plusSeconds(9),
                        published("news.example.org", Policy.REJECT),
                        List.of(SERVICE),
                        Others.NONE));
        DomainSummary summary = gathering.end(new Failures(0, List.of()));
        assertThat(summary.step().now()).isEqualTo("none");
        assertThat(summary.step().ready()).isTrue();
        assertThat(summary.messages()).isEqualTo(400);
        assertThat(summary.below()).containsExactly("news.example.org");
        assertThat(String.join("\n", summary.lines())).contains("of their own: news.example.org");
    }

    @Test
    void atTheEndThereIsNoNextStep() {
        days(5, Policy.REJECT, OURS);
        Ladder.Step step = step();
        assertThat(step.next()).isEmpty();
        assertThat(step.record()).isEmpty();
    }

    @Test
    void hostsAreCalledWhatTheyProbablyAre() {
        days(2, Policy.NONE, OURS, FORGED, LIST, SERVICE);
        DomainSummary summary = gathering.end(new Failures(3, List.of()));
        assertThat(summary.sources())
                .extracting(SourceSummary::kind)
                .containsExactlyInAnyOrder(
                        SourceSummary.Kind.OURS,
                        SourceSummary.Kind.UNKNOWN,
                        SourceSummary.Kind.FORWARDER,
                        SourceSummary.Kind.SERVICE);
        assertThat(summary.messages()).isEqualTo(4 * 140);
        assertThat(String.join("\n", summary.lines()))
                .contains("example.org: 560 messages on 2 days by 2 receivers, 40 pass")
                .contains("3 failure reports")
                .contains("this server");
    }

    private Ladder.Step step() {
        return gathering.end(new Failures(0, List.of())).step();
    }

    private void days(int count, Policy policy, Source... sources) {
        gathering = new DomainSummary.Gathering(DOMAIN, Set.of(SERVER), Set.of());
        days(0, count, policy, sources);
    }

    private void days(int from, int to, Policy policy, Source... sources) {
        for (int day = from; day < to; day++) {
            gathering.add(report(day, by("one", day, true), policy, sources));
            gathering.add(report(day, by("two", day, true), policy, sources));
        }
    }

    private static ReceivedReport report(int day, Reporter by, Policy policy, Source... sources) {
        Instant begin = FIRST.plus(Duration.ofDays(day));
        return new ReceivedReport(
                DOMAIN,
                by,
                begin,
                begin.plus(Duration.ofDays(1)),
                published("example.org", policy),
                List.of(sources),
                Others.NONE);
    }

    private static Published published(String domain, Policy policy) {
        return new Published(
                domain,
                Alignment.STRICT,
                Alignment.RELAXED,
                policy,
                Policy.REJECT,
                Optional.empty(),
                100,
                false,
                "0");
    }

    private static Reporter by(String name, int day, boolean known) {
        return new Reporter(name, name + day, known);
    }

    private static Source source(String address, long count, boolean passes, Names names) {
        return new Source(
                InetAddress.ofLiteral(address), count, Policy.NONE, passes, passes, names);
    }
}
