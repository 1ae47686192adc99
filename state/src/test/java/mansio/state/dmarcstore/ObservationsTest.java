package mansio.state.dmarcstore;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.time.VirtualThreads;
import mansio.state.dmarcstore.OwedReports.Sending;
import mansio.state.store.MemoryDisk;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.testkit.time.FakeTime;
import mansio.trust.dmarc.Alignment;
import mansio.trust.dmarc.Policy;
import mansio.trust.dmarc.ReportUri;
import mansio.trust.dmarcreport.AggregateReport.AuthResult;
import mansio.trust.dmarcreport.AggregateReport.Dkim;
import mansio.trust.dmarcreport.AggregateReport.Identifiers;
import mansio.trust.dmarcreport.AggregateReport.Published;
import mansio.trust.dmarcreport.AggregateReport.Reason;
import mansio.trust.dmarcreport.AggregateReport.ReasonType;
import mansio.trust.dmarcreport.AggregateReport.Row;
import mansio.trust.dmarcreport.AggregateReport.Scope;
import mansio.trust.dmarcreport.AggregateReport.Spf;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

class ObservationsTest {
    private static final List<ReportUri> RUA =
            List.of(ReportUri.parse("mailto:r@a.example!10m").orElseThrow());

    private final FakeTime time = new FakeTime();
    private final Store store =
            new Stores(new Surroundings(time, new VirtualThreads(), new Random(7), (_, _) -> {}))
                    .memory(new MemoryDisk());
    private final OwedReports owed = new OwedReports(store.partition(PartitionId.REPORTS));
    private final Observations observations = new Observations(owed, time);

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void whatWasSeenComesBackWithItsCounts() throws IOException {
        observations.record(seen("a.example", 1));
        observations.record(seen("a.example", 1));
        observations.flush();
        observations.record(seen("a.example", 1));
        observations.record(seen("a.example", 2));
        observations.record(seen("b.example", 1));
        observations.flush();
        assertThat(over()).as("the day is not over").isEmpty();
        time.advance(Duration.ofDays(1));
        List<OwedReport> over = over();
        assertThat(over).hasSize(2);
        OwedReport first = over.getFirst();
        assertThat(first.published()).isEqualTo(seen("a.example", 1).published());
        assertThat(first.destinations()).isEqualTo(RUA);
        assertThat(first.begin()).isEqualTo("1997-11-21T00:00:00Z");
        assertThat(first.end()).isEqualTo("1997-11-22T00:00:00Z");
        assertThat(owed.rows(first))
                .containsExactlyInAnyOrder(row(1, 3), row(2, 1))
                .hasSize(first.rows());
    }

    @Test
    void aFloodIsFoldedAndCounted() throws IOException {
        int flood = OwedReports.MAX_ROWS + 700;
        for (int i = 0; i < flood; i++) {
            observations.record(seen("a.example", i));
        }
        observations.flush();
        observations.record(seen("a.example", flood));
        observations.record(seen("a.example", 1));
        observations.flush();
        time.advance(Duration.ofDays(1));
        OwedReport report = over().getFirst();
        assertThat(report.rows()).isEqualTo(OwedReports.MAX_ROWS);
        List<Row> rows = owed.rows(report);
        assertThat(rows).hasSize(OwedReports.MAX_ROWS);
        long told = rows.stream().mapToLong(Row::count).sum();
        assertThat(told + report.folded()).as("every message counts").isEqualTo(flood + 2);
    }

    @Test
    void memoryIsBounded() throws IOException {
        for (int i = 0; i < Observations.MAX_ROWS + 500; i++) {
            observations.record(seen("d" + i % 5 + ".example", i));
        }
        for (int i = 0; i < Observations.MAX_DOMAINS + 500; i++) {
            observations.record(seen("e" + i + ".example", i));
        }
        observations.flush();
        time.advance(Duration.ofDays(1));
        long told = 0;
        long folded = 0;
        int domains = 0;
        Optional<OwedReport> last = Optional.empty();
        for (List<OwedReport> page = page(last); !page.isEmpty(); page = page(last)) {
            for (OwedReport it : page) {
                told += it.rows();
                folded += it.folded();
                domains++;
            }
            last = Optional.of(page.getLast());
        }
        assertThat(told).isEqualTo(Observations.MAX_ROWS);
        assertThat(domains).isEqualTo(Observations.MAX_DOMAINS);
        assertThat(folded).isEqualTo(500 + Observations.MAX_DOMAINS - 5);
    }

    @Test
    void aDayHasOnlySoManyDomains() throws IOException {
        for (int i = 0; i < OwedReports.MAX_DOMAINS + 3; i++) {
            observations.record(seen("e" + i + ".example", i));
            if (i % 1000 == 999) observations.flush();
        }
        observations.flush();
        time.advance(Duration.ofDays(1));
        int domains = 0;
        Optional<OwedReport> last = Optional.empty();
        for (List<OwedReport> page = page(last); !page.isEmpty(); page = page(last)) {
            domains += page.size();
            last = Optional.of(page.getLast());
        }
        assertThat(domains).isEqualTo(OwedReports.MAX_DOMAINS);
    }

    @Test
    void nothingIsAddedToAReportThatIsBeingSent() throws IOException {
        observations.record(seen("a.example", 1));
        observations.flush();
        time.advance(Duration.ofDays(1));
        OwedReport report = over().getFirst();
        Sending sending = new Sending(77, time.now());
        PlannedReport planned = owed.plan(report, RUA, sending).orElseThrow();
        assertThat(owed.plan(report, RUA, sending)).as("planned once").isEmpty();
        assertThat(owed.planned()).containsExactly(planned);
        assertThat(planned.queueId()).isEqualTo(77);
        // The clock is set back.
        time.setNow(time.now().minus(Duration.ofDays(1)));
        observations.record(seen("a.example", 1));
        observations.flush();
        assertThat(owed.rows(report)).containsExactly(row(1, 1));
        owed.forget(report);
        assertThat(owed.planned()).isEmpty();
        assertThat(owed.rows(report)).isEmpty();
        time.advance(Duration.ofDays(1));
        OwedReport late = over().getFirst();
        assertThat(late.series()).isNotEqualTo(report.series());
        assertThat(owed.rows(late)).containsExactly(row(1, 1));
    }

    @Test
    void aReportThatGrewSinceItWasReadIsNotPlanned() throws IOException {
        observations.record(seen("a.example", 1));
        observations.flush();
        time.advance(Duration.ofDays(1));
        OwedReport report = over().getFirst();
        time.setNow(time.now().minus(Duration.ofDays(1)));
        observations.record(seen("a.example", 2));
        observations.flush();
        assertThat(owed.plan(report, RUA, new Sending(1, time.now()))).isEmpty();
    }

    private List<OwedReport> over() throws IOException {
        return page(Optional.empty());
    }

    private List<OwedReport> page(Optional<OwedReport> after) throws IOException {
        return owed.over(time.now(), after);
    }

    static Observation seen(String domain, int source) {
        return new Observation(
                new Published(
                        domain,
                        Alignment.RELAXED,
                        Alignment.STRICT,
                        Policy.QUARANTINE,
                        Policy.REJECT,
                        Optional.of(Policy.NONE),
                        50,
                        true,
                        "1"),
                RUA,
                row(source, 1));
    }

    static Row row(int source, long count) {
        return new Row(
                InetAddress.ofLiteral(
                        "10." + source / 65_536 + "." + source / 256 % 256 + "." + source % 256),
                count,
                Policy.QUARANTINE,
                true,
                false,
                List.of(new Reason(ReasonType.LOCAL_POLICY, "why not")),
                new Identifiers("", "env.example", "a.example"),
                List.of(new Dkim("a.example", "s1", AuthResult.PASS, "fine")),
                List.of(new Spf("env.example", Scope.MFROM, AuthResult.SOFTFAIL)));
    }
}
