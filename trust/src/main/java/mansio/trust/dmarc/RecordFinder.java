package mansio.trust.dmarc;

import mansio.codec.text.Domain;
import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.net.dns.Resolver;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** DMARC records of domains, each asked for once. For one evaluation, used by one thread. */
final class RecordFinder {
    /** What a domain has. */
    sealed interface Found {
        /** Exactly one record. */
        record One(DmarcRecord record) implements Found {}

        /** None, or several, which count as none (RFC 9989 section 4.10). */
        record Nothing(boolean several) implements Found {}

        /** Cannot be told now. */
        record Unknown(String reason) implements Found {}
    }

    private final Resolver resolver;
    private final long deadlineNanos;
    private final Map<Domain, Found> seen = new HashMap<>();

    RecordFinder(Resolver resolver, long deadlineNanos) {
        this.resolver = resolver;
        this.deadlineNanos = deadlineNanos;
    }

    Found find(Domain domain) {
        Found known = seen.get(domain);
        if (known == null) {
            known = lookup(domain);
            seen.put(domain, known);
        }
        return known;
    }

    private Found lookup(Domain domain) {
        Optional<DnsName> name = DnsName.tryParse("_dmarc." + domain);
        if (name.isEmpty()) {
            return new Found.Nothing(false); // Too long a name: nobody can publish there.
        }
        return switch (resolver.lookup(name.get(), RecordType.TXT, deadlineNanos)) {
            case Answer.Found found -> {
                List<DmarcRecord> records = records(found);
                yield records.size() == 1
                        ? new Found.One(records.getFirst())
                        : new Found.Nothing(records.size() > 1);
            }
            case Answer.NoData _, Answer.NoSuchName _ -> new Found.Nothing(false);
            case Answer.Failed failed -> new Found.Unknown(name.get() + ": " + failed.reason());
        };
    }

    /** The DMARC records among what was found. */
    static List<DmarcRecord> records(Answer.Found found) {
        return found.of(DnsRecord.Txt.class).stream()
                .map(DnsRecord.Txt::text)
                .map(DmarcRecord::tryParse)
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Whether the name has nothing: no addresses and takes no mail (RFC 9989 section 3.2, as for
     * np). When it cannot be told, it is taken to exist.
     */
    boolean isNonExistent(Domain domain) {
        for (RecordType type : List.of(RecordType.A, RecordType.AAAA, RecordType.MX)) {
            Answer answer = resolver.lookup(DnsName.of(domain), type, deadlineNanos);
            if (answer instanceof Answer.NoSuchName) {
                return true; // It has no records of any type (RFC 8020).
            }
            if (!(answer instanceof Answer.NoData)) {
                return false;
            }
        }
        return true;
    }
}
