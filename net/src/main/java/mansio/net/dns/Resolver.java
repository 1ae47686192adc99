package mansio.net.dns;

/**
 * Looks up names. Safe for use by any thread; a look-up blocks its thread, which should be virtual.
 */
public interface Resolver {
    /**
     * Asks, and follows CNAME records unless the question is for them.
     *
     * @param deadlineNanos of {@code Time.nanos()}; when it passes, the answer is {@link
     *     Answer.Kind#TIMEOUT}
     * @return what the DNS says, or that it cannot be found out: nothing that happens on the
     *     network is thrown
     */
    Answer lookup(Question question, long deadlineNanos);

    /** As {@link #lookup(Question, long)}. */
    default Answer lookup(DnsName name, RecordType type, long deadlineNanos) {
        return lookup(new Question(name, type), deadlineNanos);
    }

    /**
     * One that has nothing in memory yet: it sees what was changed in the DNS a moment ago, as far
     * as those that it asks do.
     */
    default Resolver fresh() {
        return this;
    }
}
