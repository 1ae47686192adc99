package mansio.state.dkimkey;

import mansio.codec.text.Ascii;
import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.net.dns.Resolver;
import mansio.net.time.Time;

import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the DNS whether it has the record of a key (RFC 6376 section 3.6.1). */
final class KeyLookUp {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Resolver resolver;
    private final Time time;

    KeyLookUp(Resolver resolver, Time time) {
        this.resolver = resolver;
        this.time = time;
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

    private static Sighting compare(DkimKey key, List<DnsRecord.Txt> records) {
        if (records.size() != 1) {
            return new Sighting.Absent(
                    "the DNS has %d TXT records at %s; which one counts is nobody's rule"
                            .formatted(records.size(), key.name()));
        }
        Map<String, String> tags = tags(records.getFirst().text());
        String data = tags.getOrDefault("p", "");
        if (data.isEmpty()) {
            return new Sighting.Absent("the record at " + key.name() + " has no key (p=)");
        }
        boolean family = tags.getOrDefault("k", "rsa").equals(key.algorithm().family().tag());
        if (!family || !Arrays.equals(decoded(data), key.publicKey())) {
            return new Sighting.Absent("the record at " + key.name() + " has another key");
        }
        return new Sighting.Found(records.getFirst().ttlSeconds());
    }

    // tag-list = tag-spec *( ";" tag-spec ) [ ";" ]
    private static Map<String, String> tags(String text) {
        Map<String, String> tags = new HashMap<>();
        for (String spec : text.split(";", -1)) {
            int equals = spec.indexOf('=');
            if (equals > 0) {
                tags.putIfAbsent(
                        Ascii.lower(spec.substring(0, equals).strip()),
                        spec.substring(equals + 1).replaceAll("\\s", ""));
            }
        }
        return tags;
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            return new byte[0];
        }
    }
}
