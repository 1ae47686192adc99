package mansio.net.dns;

import java.util.List;

/**
 * What became of a {@link Question}. The first three say what the DNS holds; {@link Failed} says
 * that nobody can tell now, which is never a reason to refuse or to give up for good.
 */
public sealed interface Answer {
    /**
     * Records of the type asked for.
     *
     * @param records one or more, all owned by {@code canonicalName}; {@link DnsRecord#ttlSeconds}
     *     is what is left, also of the CNAME records on the way. MX and SRV records are in no
     *     particular order
     * @param canonicalName where CNAME records led; the name asked for when there were none
     */
    record Found(List<DnsRecord> records, DnsName canonicalName, Security security)
            implements Answer {
        public Found {
            records = List.copyOf(records);
            if (records.isEmpty()) {
                throw new IllegalArgumentException("found without records");
            }
        }

        /** The records of one kind: {@code found.of(DnsRecord.Mx.class)}. */
        public <T extends DnsRecord> List<T> of(Class<T> kind) {
            return records.stream().filter(kind::isInstance).map(kind::cast).toList();
        }
    }

    /**
     * The name exists and has no records of the type (RFC 2308 section 2.2).
     *
     * @param canonicalName where CNAME records led
     */
    record NoData(DnsName canonicalName, Security security) implements Answer {}

    /**
     * NXDOMAIN: no such name, with no records of any type and no names below it (RFC 8020).
     *
     * @param canonicalName the name that does not exist, which a CNAME record may have led to
     */
    record NoSuchName(DnsName canonicalName, Security security) implements Answer {}

    /**
     * Cannot tell now. Also when a CNAME record was found and what it leads to could not be.
     *
     * @param reason one line for logs and for people
     */
    record Failed(Kind kind, String reason) implements Answer {}

    /** Why there is no answer. */
    enum Kind {
        /** The upstream resolver says that it cannot find out. */
        SERVFAIL,
        /** Nobody answered before the deadline. */
        TIMEOUT,
        /** The upstream resolver will not answer us. */
        REFUSED,
        /** Signatures are there and wrong (RFC 4035 section 4.3). */
        BOGUS,
        /** What came was no answer to the question, or broken. */
        MALFORMED,
        /** CNAME records lead in a circle, or too far. */
        CNAME_LOOP,
        /** The upstream resolvers cannot be reached, or none is known. */
        NETWORK,
        /** Too many questions are under way here. */
        OVERLOAD
    }
}
