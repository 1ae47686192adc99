package mansio.state.mailbox;

import java.time.Instant;
import java.time.OffsetDateTime;

/** A placement to be made: all but its UID and MODSEQ, which its turn gives it. */
record NewPlacement(
        long emailId, long size, Flags flags, OffsetDateTime internalDate, Instant saveDate) {
    Placement at(long uid) {
        return new Placement(uid, emailId, internalDate, saveDate);
    }
}
