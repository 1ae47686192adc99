package mansio.state.mailbox;

/**
 * A delivery that is durable.
 *
 * @param mailboxId where the first target went: INBOX when its mailbox is gone
 * @param repeated true when the receipt said that it was done before: nothing was written
 */
public record Delivered(long mailboxId, long uid, long emailId, boolean repeated) {}
