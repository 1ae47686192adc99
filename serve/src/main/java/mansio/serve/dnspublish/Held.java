package mansio.serve.dnspublish;

import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;

import java.util.List;

/** What a server has of one name and type. */
sealed interface Held {
    /**
     * The name is in a zone of the server.
     *
     * @param records that stand at the name itself; empty also where a wildcard answers
     * @param guarded whether the name has records of other types, which a wildcard may give it: a
     *     record of its own would take them away (RFC 4592 section 2.2.1)
     */
    record Known(DnsName zone, List<DnsRecord> records, boolean guarded) implements Held {
        public Known {
            records = List.copyOf(records);
        }
    }

    /** It is an alias (CNAME), beside which nothing else can stand. */
    record Alias(DnsName target) implements Held {}

    /** It is in no zone of the server. */
    record Elsewhere(String reason) implements Held {}

    /** Whether a wildcard gives it the records that it has could not be told before; it does. */
    record Wildcard() implements Held {}

    /** The server cannot tell now. */
    record Unknown(String reason) implements Held {}
}
