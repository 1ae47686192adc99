package mansio.app.wiring;

import mansio.net.time.Time;
import mansio.state.dmarcstore.Observations;
import mansio.state.dmarcstore.OwedReports;
import mansio.state.dmarcstore.ReceivedReports;
import mansio.state.store.Partition;

/** What is kept of DMARC reports. */
public record Reports(Observations observations, OwedReports owed, ReceivedReports received) {
    static Reports open(Partition partition, Time time) {
        OwedReports owed = new OwedReports(partition);
        return new Reports(new Observations(owed, time), owed, new ReceivedReports(partition));
    }
}
