package mansio.state.mailbox;

import mansio.state.store.Content;

import java.time.OffsetDateTime;

/**
 * A message to be kept. The writers of its blobs must be finished and not yet closed, or the blobs
 * be held by this account, or by the queue shard that hands them on.
 *
 * @param internalDate with the offset as given (RFC 9051 section 2.3.3)
 */
public record NewMessage(
        Content content, Derived derived, Flags flags, OffsetDateTime internalDate) {}
