package mansio.serve.dmarcreports;

import mansio.codec.text.Domain;
import mansio.state.dmarcstore.ReceivedReport;
import mansio.state.dmarcstore.ReceivedReport.Names;
import mansio.state.dmarcstore.ReceivedReport.Others;
import mansio.state.dmarcstore.ReceivedReport.Reporter;
import mansio.state.dmarcstore.ReceivedReport.Source;
import mansio.trust.dmarcreport.AggregateReport;
import mansio.trust.dmarcreport.AggregateReport.AuthResult;
import mansio.trust.dmarcreport.AggregateReport.Dkim;
import mansio.trust.dmarcreport.AggregateReport.Published;
import mansio.trust.dmarcreport.AggregateReport.Row;
import mansio.trust.dmarcreport.AggregateReport.Spf;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A report, summed up by source, the largest first; texts from outside are bounded. */
final class Digest {
    private static final int MAX_TEXT = 100;

    private Digest() {}

    /**
     * @param sender who is known to have sent it
     */
    static ReceivedReport of(Domain domain, AggregateReport report, Optional<Domain> sender) {
        Map<Source, Long> counts = new LinkedHashMap<>();
        for (Row row : report.rows()) {
            counts.merge(source(domain, row), row.count(), Long::sum);
        }
        List<Source> sources =
                counts.entrySet().stream()
                        .map(it -> counted(it.getKey(), it.getValue()))
                        .sorted(Comparator.comparingLong(Source::count).reversed())
                        .toList();
        AggregateReport.Metadata about = report.metadata();
        return new ReceivedReport(
                domain,
                new Reporter(
                        sender.map(Domain::text).orElseGet(() -> bounded(about.organization())),
                        bounded(about.id()),
                        sender.isPresent()),
                about.begin(),
                about.end(),
                bounded(report.published()),
                sources,
                Others.NONE);
    }

    private static Source source(Domain domain, Row row) {
        String dkim =
                row.dkim().stream()
                        .filter(it -> it.result() == AuthResult.PASS)
                        .map(Dkim::domain)
                        .findFirst()
                        .orElse("");
        String spf =
                row.spf().stream()
                        .filter(it -> it.result() == AuthResult.PASS)
                        .map(Spf::domain)
                        .findFirst()
                        .orElse("");
        boolean signedByUs =
                row.dkim().stream()
                        .flatMap(it -> Domain.tryParse(it.domain()).stream())
                        .anyMatch(it -> it.isWithin(domain));
        return new Source(
                row.source(),
                0,
                row.disposition(),
                row.dkimAligned(),
                row.spfAligned(),
                new Names(bounded(dkim), bounded(spf), signedByUs));
    }

    private static Source counted(Source it, long count) {
        return new Source(
                it.address(),
                count,
                it.disposition(),
                it.dkimAligned(),
                it.spfAligned(),
                it.names());
    }

    private static Published bounded(Published it) {
        return new Published(
                bounded(it.domain()),
                it.dkim(),
                it.spf(),
                it.policy(),
                it.subdomains(),
                it.nonExistent(),
                it.percent(),
                it.testing(),
                bounded(it.options()));
    }

    /** Printable, and at most 100 chars. */
    static String bounded(String text) {
        StringBuilder out = new StringBuilder();
        text.chars()
                .limit(MAX_TEXT)
                .forEach(c -> out.append(c < ' ' || (c >= 0x7f && c < 0xa0) ? ' ' : (char) c));
        return out.toString().strip();
    }
}
