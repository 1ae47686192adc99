package mansio.trust.dmarc;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Domain;
import mansio.testkit.dns.FakeDns;
import mansio.testkit.time.FakeTime;
import mansio.trust.dmarc.ReportDestinations.Kind;
import mansio.trust.dmarc.ReportDestinations.Verdict;
import mansio.trust.psl.PublicSuffixes;
import mansio.trust.psl.PublicSuffixes.Sections;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

class ReportDestinationsTest {
    private final FakeTime time = new FakeTime();
    private final FakeDns dns = new FakeDns(time, new SplittableRandom(1));

    ReportDestinationsTest() {
        dns.zone(
                ".",
                """
                _dmarc.blue.example.                        TXT "v=DMARC1; p=none"
                blue.example._report._dmarc.red.test.       TXT "v=DMARC1"
                blue.example._report._dmarc.move.test.      TXT "v=DMARC1; rua=mailto:new@move.test"
                blue.example._report._dmarc.bad.test.       TXT "v=DMARC1; rua=mailto:x@victim.test"
                blue.example._report._dmarc.junk.test.      TXT "welcome"
                *._report._dmarc.open.test.                 TXT "v=DMARC1;"
                ;! blue.example._report._dmarc.dead.test. servfail
                """);
    }

    private Verdict check(String uri, Kind kind) {
        PublicSuffixes suffixes = PublicSuffixes.bundled(Sections.ICANN_AND_PRIVATE);
        return new ReportDestinations(dns, Discovery.TREE_WALK_AND_LIST, suffixes)
                .check(
                        Domain.parse("blue.example"),
                        ReportUri.parse(uri).orElseThrow(),
                        kind,
                        time.deadline(Duration.ofSeconds(20)));
    }

    @ParameterizedTest
    @CsvSource({
        "mailto:r@blue.example, Allowed, mailto:r@blue.example",
        "mailto:r@in.blue.example, Allowed, mailto:r@in.blue.example",
        "mailto:r@red.test, Allowed, mailto:r@red.test",
        "mailto:r@open.test, Allowed, mailto:r@open.test",
        "mailto:r@move.test, Allowed, mailto:new@move.test",
        "mailto:r@bad.test, Refused,",
        "mailto:r@junk.test, Refused,",
        "mailto:r@victim.test, Refused,",
        "mailto:r@sub.red.test, Refused,",
        "mailto:r@dead.test, Unknown,",
        "https://blue.example/report, Refused,",
        "mailto:r@[192.0.2.1], Refused,",
    })
    void strangersMustAsk(String uri, String verdict, String to) {
        Verdict checked = check(uri, Kind.AGGREGATE);
        assertThat(checked.getClass().getSimpleName()).isEqualTo(verdict);
        if (checked instanceof Verdict.Allowed allowed) {
            assertThat(allowed.uris()).extracting(ReportUri::uri).containsExactly(to);
        }
    }

    @Test
    void anotherPlaceIsOfOneKindOfReport() {
        assertThat(check("mailto:r@move.test", Kind.FAILURE))
                .isEqualTo(
                        new Verdict.Allowed(
                                List.of(ReportUri.parse("mailto:r@move.test").orElseThrow())));
    }
}
