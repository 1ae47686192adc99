package mansio.serve.checks;

import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.trust.dkim.Surroundings;
import mansio.trust.dmarc.Dmarc;
import mansio.trust.dnsbl.BlockList;
import mansio.trust.dnsbl.BlockLists;
import mansio.trust.iprev.Iprev;
import mansio.trust.psl.PublicSuffixes;
import mansio.trust.spf.Spf;

import java.time.Duration;
import java.util.List;

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

    /**
     * Lists that are asked.
     *
     * @param wanted in the order of their importance
     */
    public record Lists(BlockLists asked, List<BlockList> wanted) {
        public Lists {
            wanted = List.copyOf(wanted);
        }

        List<BlockList> of(BlockList.Subject subject) {
            return wanted.stream().filter(it -> it.subject() == subject).toList();
        }
    }

    /** What is checked with. */
    public record Tools(
            Spf spf,
            Iprev iprev,
            Surroundings dkim,
            Dmarc dmarc,
            PublicSuffixes suffixes,
            Lists lists) {
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
