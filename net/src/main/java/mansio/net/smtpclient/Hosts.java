package mansio.net.smtpclient;

import java.util.List;

/** Who takes the mail of a {@link Destination}. */
public sealed interface Hosts {
    /**
     * These hosts.
     *
     * @param hosts in the order to try: 1 to 20
     * @param siteKey the same for all destinations with the same hosts: their names, sorted, with a
     *     comma between, and the port
     * @param notes oddities, a line each, for the story
     */
    record Found(List<MailHost> hosts, String siteKey, List<String> notes) implements Hosts {
        public Found {
            hosts = List.copyOf(hosts);
            notes = List.copyOf(notes);
            if (hosts.isEmpty()) {
                throw new IllegalArgumentException("found without hosts");
            }
        }
    }

    /** Nobody, and that is an answer: 5.x.x. */
    record Never(String status, String sentence) implements Hosts {}

    /** Cannot tell now: 4.x.x. */
    record Later(String status, String sentence) implements Hosts {}
}
