package mansio.state.mailbox;

/**
 * What an account's placements take (RFC 9208 STORAGE and MESSAGE). A message in two mailboxes
 * counts twice; expunged ones do not count.
 */
public record QuotaUse(long bytes, long messages) {
    public static final QuotaUse NOTHING = new QuotaUse(0, 0);

    /** True when {@code more} fits below the limit as well. */
    public boolean allows(QuotaLimit limit, QuotaUse more) {
        return bytes + more.bytes <= limit.bytes() && messages + more.messages <= limit.messages();
    }
}
