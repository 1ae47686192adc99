package mansio.state.dmarcstore;

import mansio.trust.dmarc.ReportUri;

import java.time.Instant;
import java.util.List;

/**
 * A report that is about to be sent: nothing is added to it any more. Whether it was sent, the
 * queue knows.
 *
 * @param to whom it is sent; each allowed it
 * @param queueId of the message, when the queue has it
 * @param planned when the id was made
 */
public record PlannedReport(OwedReport report, List<ReportUri> to, long queueId, Instant planned) {
    public PlannedReport {
        to = List.copyOf(to);
    }
}
