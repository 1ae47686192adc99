package mansio.state.dmarcstore;

import mansio.trust.dmarc.ReportUri;
import mansio.trust.dmarcreport.AggregateReport.Published;
import mansio.trust.dmarcreport.AggregateReport.Row;

import java.util.List;

/**
 * A message that was checked by the DMARC record of its author's domain.
 *
 * @param published the record, and below which domain it stood
 * @param destinations where the record wants reports to go (rua), at most 20
 * @param row what was found and done; its count is one
 */
public record Observation(Published published, List<ReportUri> destinations, Row row) {
    public Observation {
        destinations = List.copyOf(destinations);
        if (row.count() != 1) {
            throw new IllegalArgumentException("one message has a count of " + row.count());
        }
    }
}
