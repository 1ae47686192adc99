package mansio.state.dmarcstore;

import mansio.trust.dmarc.ReportUri;
import mansio.trust.dmarcreport.AggregateReport.Published;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * A report that somebody wants and has not got.
 *
 * @param series names its rows; never used twice
 * @param day since 1970, in UTC
 * @param published the newest record of that day
 * @param destinations where that wants reports to go
 * @param rows kinds of messages
 * @param folded messages that are in none of the rows, because there were too many
 */
public record OwedReport(
        long series,
        int day,
        Published published,
        List<ReportUri> destinations,
        int rows,
        long folded) {
    public OwedReport {
        destinations = List.copyOf(destinations);
    }

    /** When the day begins. */
    public Instant begin() {
        return DomainDay.start(day);
    }

    /** When the next day begins. */
    public Instant end() {
        return begin().plus(Duration.ofDays(1));
    }
}
