package mansio.net.dns;

import java.util.List;

/**
 * Changes of one zone, which are made together or not at all (RFC 2136).
 *
 * @param zone whose records they are; all names are within it
 * @param conditions without which nothing is changed
 * @param edits in the order in which they are made
 */
public record ZoneUpdate(DnsName zone, List<Condition> conditions, List<Edit> edits) {
    public ZoneUpdate {
        conditions = List.copyOf(conditions);
        edits = List.copyOf(edits);
    }

    /**
     * What must be so when the server makes the changes (RFC 2136 section 2.4). What a wildcard
     * gives to a name does not count there.
     */
    public sealed interface Condition {
        /**
         * These records, of one name and type, are there, and no others of it. TTLs do not count.
         */
        record SetIs(List<DnsRecord> records) implements Condition {
            public SetIs {
                records = List.copyOf(records);
                if (records.isEmpty()) throw new IllegalArgumentException("a set without records");
            }
        }

        /** There are none. */
        record NoSet(DnsName name, RecordType type) implements Condition {}

        /** The name has records of some type. */
        record InUse(DnsName name) implements Condition {}
    }

    /** One change (RFC 2136 section 2.5). Types that are not read here can only be removed. */
    public sealed interface Edit {
        /** Adds a record; one that is there already gets its TTL. */
        record Add(DnsRecord record) implements Edit {}

        /** Removes a record, if it is there. */
        record Remove(DnsRecord record) implements Edit {}
    }
}
