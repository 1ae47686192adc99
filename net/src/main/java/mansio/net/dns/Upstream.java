package mansio.net.dns;

/** Where a cache gets what it does not have. Safe for use by any thread. */
public interface Upstream {
    /** As {@link Resolver#lookup}, with how long the answer may be kept. */
    Outcome ask(Question question, long deadlineNanos);

    /**
     * An answer as it came.
     *
     * @param ttlSeconds 0 to 2^31-1; for "no" what the SOA record says (RFC 2308 section 5), 0 when
     *     there was none, and 0 for failures
     */
    record Outcome(Answer answer, int ttlSeconds) {}
}
