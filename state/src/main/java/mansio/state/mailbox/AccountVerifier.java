package mansio.state.mailbox;

import mansio.state.store.Finding;
import mansio.state.store.Partition;
import mansio.state.store.PartitionId;
import mansio.state.store.Verifier;

import java.io.IOException;

/**
 * Checks the mail of accounts: counts, blocks, the facts beside them, and that every placement has
 * its e-mail and every e-mail its content. Safe for use by any thread.
 */
public final class AccountVerifier implements Verifier {
    /** A partition that is written to all the time cannot be looked at at one moment. */
    private static final int ATTEMPTS = 3;

    @Override
    public boolean covers(PartitionId.Kind kind) {
        return kind == PartitionId.Kind.ACCOUNT;
    }

    @Override
    public void verify(Partition partition, Report report) throws IOException {
        for (int attempt = 1; ; attempt++) {
            long before = partition.version();
            AccountCheck check = new AccountCheck(partition);
            check.run();
            if (partition.version() != before && attempt < ATTEMPTS) continue;
            check.blobs().forEach(report::refersTo);
            if (partition.version() != before) return; // What looked wrong may be on its way.
            for (Finding finding : check.findings()) report.finding(finding);
            return;
        }
    }
}
