package mansio.net.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * The resolvers of the site that look up names for us, and how to treat them.
 *
 * @param servers in the order to try them; none means that every look-up fails
 * @param patience how long to wait for one server before the next is asked
 * @param rounds how often to go through the servers that do not answer, 1 or more
 * @param trustAd whether they check signatures, and nobody can change what they say on the way to
 *     us: then their AD bit makes an answer {@link Security#SECURE} (RFC 6840 section 5.8)
 */
public record Upstreams(
        List<InetSocketAddress> servers, Duration patience, int rounds, boolean trustAd) {
    /** Where DNS servers listen. */
    public static final int PORT = 53;

    public Upstreams {
        servers = List.copyOf(servers);
        if (rounds < 1 || !patience.isPositive()) {
            throw new IllegalArgumentException("rounds " + rounds + ", patience " + patience);
        }
    }
}
