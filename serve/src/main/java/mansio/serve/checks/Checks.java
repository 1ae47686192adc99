package mansio.serve.checks;

import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.trust.dkim.Surroundings;
import mansio.trust.dmarc.Dmarc;
import mansio.trust.iprev.Iprev;
import mansio.trust.psl.PublicSuffixes;
import mansio.trust.spf.Spf;

import java.time.Duration;

/**
 * The checks of a server. Made once; safe for use by any thread. Its way is docs/design/trust.md.
 */
public final class Checks {
    private final Tools tools;
    private final Duration limit;

    /**
     * @param limit the longest that all checks of one message take together
     */
    public Checks(Tools tools, Duration limit) {
        this.tools = tools;
        this.limit = limit;
    }

    /** What is checked with. */
    public record Tools(
            Spf spf, Iprev iprev, Surroundings dkim, Dmarc dmarc, PublicSuffixes suffixes) {
        Time time() {
            return dkim.time();
        }

        Threads threads() {
            return dkim.threads();
        }
    }

    /** Begins to check a message that this client is about to send. */
    public MessageChecks begin(Client client) {
        return new MessageChecks(tools, client, limit);
    }
}
