package mansio.serve.outbound;

import mansio.codec.text.Address;

import java.util.List;
import java.util.Optional;

/**
 * What came of trying a way without sending anything.
 *
 * @param lane the lane that was tried: the domain and the route
 * @param outcome one sentence
 * @param works whether mail could be handed over
 * @param notes oddities of the DNS and of the session
 * @param hosts in the order they would be tried
 * @param failures at those that were tried and gave no session
 * @param tried the same, each with what was said there
 * @param session empty when there was none
 * @param help what would cure it; empty when nothing has to be cured, or nobody knows
 */
public record Trial(
        String lane,
        String outcome,
        boolean works,
        List<String> notes,
        List<Host> hosts,
        List<String> failures,
        List<Tried> tried,
        Optional<Session> session,
        Optional<String> help) {
    /** One that needs no help, or for which there is none. */
    public Trial(
            String lane,
            String outcome,
            boolean works,
            List<String> notes,
            List<Host> hosts,
            List<String> failures,
            List<Tried> tried,
            Optional<Session> session) {
        this(lane, outcome, works, notes, hosts, failures, tried, session, Optional.empty());
    }

    public Trial {
        tried = List.copyOf(tried);
        notes = List.copyOf(notes);
        hosts = List.copyOf(hosts);
        failures = List.copyOf(failures);
    }

    /**
     * Where mail is taken.
     *
     * @param name or the path of a socket
     * @param preference of its MX record; 0 where there is none
     * @param port 0 for a socket
     * @param dnssec how far the DNS vouches for it
     */
    public record Host(
            String name, int preference, int port, List<String> addresses, String dnssec) {
        public Host {
            addresses = List.copyOf(addresses);
        }
    }

    /**
     * An envelope to ask for.
     *
     * @param reversePath empty for the null one
     * @param forwardPath empty to ask for the sender only
     */
    public record Asked(Optional<Address> reversePath, Optional<Address> forwardPath) {}

    /**
     * A connection that came to nothing.
     *
     * @param place host and address
     * @param failure what went wrong
     * @param dialogue what both sides said until then; empty without a connection
     */
    public record Tried(String place, String failure, List<String> dialogue) {
        public Tried {
            dialogue = List.copyOf(dialogue);
        }
    }

    /**
     * A session that was opened and ended again, before DATA.
     *
     * @param tls protocol, cipher suite, and whether the certificate is good; empty for none
     * @param user whom we logged in as; empty for nobody
     * @param dialogue what both sides said; secrets left out
     */
    public record Session(
            String host, Optional<String> tls, Optional<String> user, List<String> dialogue) {
        public Session {
            dialogue = List.copyOf(dialogue);
        }
    }
}
