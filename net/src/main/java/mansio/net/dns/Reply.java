package mansio.net.dns;

import java.util.List;
import java.util.Optional;

/**
 * A message that answers a question, read.
 *
 * @param nameExists false for NXDOMAIN, true for NOERROR: no other reply becomes one of these
 * @param answers all of the answer section
 * @param authentic the AD bit
 * @param soa from the authority section
 * @param servers whether the authority section names servers
 * @param recursive the RA bit: whoever sent this looks up names for others
 */
record Reply(
        boolean nameExists,
        List<DnsRecord> answers,
        boolean authentic,
        Optional<DnsRecord.Soa> soa,
        boolean servers,
        boolean recursive) {
    /** Whether the zone of the name is shown, which makes an absence of records certain. */
    boolean vouchesFor(DnsName name) {
        return soa.filter(start -> name.isWithin(start.name())).isPresent();
    }

    /**
     * Whether nothing here is about the name, not even that it has no records: a referral to other
     * servers, or the empty reply of one that looks up nothing for us. To take it for "no" would
     * refuse mail for good.
     */
    boolean isNoAnswer(DnsName name) {
        if (!answers.isEmpty() || vouchesFor(name)) {
            return false;
        }
        // RFC 2308 section 2.2: without an SOA record only a resolver may say so, and NOERROR
        // with servers beside it is a referral.
        return soa.isPresent() || !recursive || (nameExists && servers);
    }

    /** Whether the answer section has nothing but aliases, and what signs them. */
    boolean hasOnlyAliases() {
        return answers.stream()
                .map(RecordType::codeOf)
                .allMatch(
                        code -> code == RecordType.CNAME.code() || code == DNAME || code == RRSIG);
    }

    /**
     * As it counts after its signatures were checked.
     *
     * @param secondsLeft how long they hold
     */
    Reply checked(int secondsLeft) {
        // What the end of a chain lacks must be proven by a reply to a question for it.
        Optional<DnsRecord.Soa> vouching = answers.isEmpty() ? soa : Optional.empty();
        return new Reply(
                nameExists,
                answers.stream().map(record -> limited(record, secondsLeft)).toList(),
                true,
                vouching.map(start -> (DnsRecord.Soa) limited(start, secondsLeft)),
                servers,
                recursive);
    }

    private static DnsRecord limited(DnsRecord record, int seconds) {
        return Ttl.of(record, Math.min(record.ttlSeconds(), seconds));
    }

    private static final int DNAME = 39;
    private static final int RRSIG = 46;
}
