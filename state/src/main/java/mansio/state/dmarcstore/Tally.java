package mansio.state.dmarcstore;

import mansio.trust.dmarc.ReportUri;
import mansio.trust.dmarcreport.AggregateReport.Published;
import mansio.trust.dmarcreport.AggregateReport.Row;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts in memory for one domain and day. Guarded by whoever owns it. */
final class Tally {
    /** The newest record, as the owner may change it during the day. */
    private Published published;

    private List<ReportUri> destinations;
    private final Map<Row, Long> rows = new HashMap<>();

    /** Messages without a row. */
    private long folded;

    Tally(Published published, List<ReportUri> destinations) {
        this.published = published;
        this.destinations = destinations;
    }

    void renew(Published newest, List<ReportUri> newestDestinations) {
        published = newest;
        destinations = newestDestinations;
    }

    boolean has(Row row) {
        return rows.containsKey(row);
    }

    void add(Row row, long count) {
        rows.merge(row, count, Long::sum);
    }

    void fold(long count) {
        folded += count;
    }

    Published published() {
        return published;
    }

    List<ReportUri> destinations() {
        return destinations;
    }

    /** How many messages of each kind; the count of the row itself says nothing. */
    Map<Row, Long> rows() {
        return rows;
    }

    long folded() {
        return folded;
    }
}
