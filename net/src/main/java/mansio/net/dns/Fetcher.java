package mansio.net.dns;

/**
 * Where the check of signatures gets messages from: the resolvers of the site, or name servers from
 * the root down. Safe for use by any thread; asking blocks its thread.
 */
public sealed interface Fetcher permits Exchange, Recursor {
    /** Fetches what is said about a name and a type, with signatures, unchecked. */
    Exchange.Fetched fetchSigned(Question question, long deadlineNanos);
}
