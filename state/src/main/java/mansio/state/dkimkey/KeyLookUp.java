package mansio.state.dkimkey;

import mansio.codec.text.SyntaxException;
import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.net.dns.Resolver;
import mansio.net.time.Time;
import mansio.trust.dkim.Crypto;
import mansio.trust.dkim.KeyRecord;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Asks the DNS whether it has the record of a key (RFC 6376 section 3.6.1). */
final class KeyLookUp {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Resolver resolver;
    private final Time time;
    private final Crypto crypto;

    KeyLookUp(Resolver resolver, Time time, Crypto crypto) {
        this.resolver = resolver;
        this.time = time;
        this.crypto = crypto;
    }

    /** Takes 20 seconds at most. */
    Sighting of(DkimKey key) {
        Optional<DnsName> name = DnsName.tryParse(key.name().dnsName());
        if (name.isEmpty()) return new Sighting.Absent(key.name() + " is too long a name");
        Answer answer = resolver.lookup(name.get(), RecordType.TXT, time.deadline(PATIENCE));
        return switch (answer) {
            case Answer.NoData _, Answer.NoSuchName _ ->
                    new Sighting.Absent("the DNS has no TXT record at " + key.name());
            case Answer.Failed(Answer.Kind _, String reason) -> new Sighting.Unknown(reason);
            case Answer.Found found -> compare(key, found.of(DnsRecord.Txt.class));
        };
    }

    private Sighting compare(DkimKey key, List<DnsRecord.Txt> records) {
        if (records.size() != 1) {
            return new Sighting.Absent(
                    "the DNS has %d TXT records at %s; which one counts is nobody's rule"
                            .formatted(records.size(), key.name()));
        }
        KeyRecord found;
        try {
            found = KeyRecord.parse(records.getFirst().text(), crypto);
        } catch (SyntaxException e) {
            return new Sighting.Absent(
                    "the record at %s is no key: %s".formatted(key.name(), e.getMessage()));
        }
        if (found.key() == null) {
            return new Sighting.Absent("the record at " + key.name() + " says it is revoked (p=)");
        }
        // Others may publish the same key in another form.
        return found.key().equals(KeyRecord.parse(key.record(), crypto).key())
                ? new Sighting.Found(records.getFirst().ttlSeconds())
                : new Sighting.Absent("the record at " + key.name() + " has another key");
    }
}
