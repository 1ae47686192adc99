package mansio.state.mailbox;

/** What an account may take. The directory knows it; whoever asks brings it along. */
public record QuotaLimit(long bytes, long messages) {
    public static final QuotaLimit UNLIMITED = new QuotaLimit(Long.MAX_VALUE, Long.MAX_VALUE);
}
