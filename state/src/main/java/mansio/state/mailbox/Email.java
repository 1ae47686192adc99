package mansio.state.mailbox;

import mansio.state.store.Content;

/**
 * An e-mail, the same in all its placements. Immutable.
 *
 * @param id EMAILID (RFC 8474), never reused in its account
 * @param threadId THREADID (RFC 8474)
 * @param size bytes of the content: RFC822.SIZE
 * @param facts what {@link Derived#facts} gave
 */
public record Email(long id, long threadId, long size, Content content, byte[] facts) {}
