package mansio.state.mailbox;

import java.time.Instant;
import java.time.OffsetDateTime;

/**
 * An e-mail's place in a mailbox: what does not change about it.
 *
 * @param emailId EMAILID (RFC 8474): the same for copies
 * @param internalDate INTERNALDATE with its offset (RFC 9051 section 2.3.3)
 * @param saveDate when it came into this mailbox (RFC 8514)
 */
public record Placement(long uid, long emailId, OffsetDateTime internalDate, Instant saveDate) {}
