package mansio.serve.dnspublish;

import mansio.net.dns.DnsName;
import mansio.serve.dnscheck.Item;

import java.util.List;

/**
 * What came of it.
 *
 * @param zones in which something was to be changed
 * @param left what is not right and was left alone, afterwards
 * @param items what the server shows afterwards of the records that are in its zones
 */
public record Published(List<Zone> zones, List<Left> left, List<Item> items) {
    public Published {
        zones = List.copyOf(zones);
        left = List.copyOf(left);
        items = List.copyOf(items);
    }

    /**
     * A zone.
     *
     * @param reason empty unless the server did not do it
     */
    public record Zone(DnsName zone, State state, String reason, List<Change> changes) {
        public Zone {
            changes = List.copyOf(changes);
        }
    }

    /** How far the changes of a zone came. */
    public enum State {
        /** They were only to be shown. */
        PLANNED,
        PUBLISHED,
        /** The server says no. */
        REFUSED,
        /** Somebody else changes the zone at the same time. */
        OUTDATED,
        /** The server does not answer, or not believably; perhaps they are made. */
        UNKNOWN
    }
}
