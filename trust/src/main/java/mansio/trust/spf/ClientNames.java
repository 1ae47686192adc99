package mansio.trust.spf;

import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The names of a client that lead back to it (RFC 7208 section 5.5). Each is asked for once a
 * check, however often records want it, and only when it can matter. Used by one thread.
 */
final class ClientNames {
    private final Lookups lookups;
    private final InetAddress client;
    private final Map<DnsName, Boolean> validated = new HashMap<>();
    // Until first asked for.
    private @Nullable List<DnsName> names;
    private boolean nameless;

    ClientNames(Lookups lookups, InetAddress client) {
        this.lookups = lookups;
        this.client = client;
    }

    /** True when there are no PTR records at all; not when they could not be found out. */
    boolean isNameless() throws Fault {
        names();
        return nameless;
    }

    /** True when a name that leads back to the client is the domain or below it. */
    boolean anyWithin(DnsName domain) throws Fault {
        return first(name -> name.isWithin(domain)).isPresent();
    }

    /** What the "p" macro stands for: the domain, else a name below it, else any. */
    Optional<DnsName> best(DnsName domain) throws Fault {
        List<Predicate<DnsName>> wishes =
                List.of(domain::equals, name -> name.isWithin(domain), _ -> true);
        for (Predicate<DnsName> wish : wishes) {
            Optional<DnsName> name = first(wish);
            if (name.isPresent()) {
                return name;
            }
        }
        return Optional.empty();
    }

    private Optional<DnsName> first(Predicate<DnsName> wish) throws Fault {
        for (DnsName name : names()) {
            if (wish.test(name) && leadsBack(name)) {
                return Optional.of(name);
            }
        }
        return Optional.empty();
    }

    /** The first ten: a client with more names gains nothing by them. */
    private List<DnsName> names() throws Fault {
        if (names == null) {
            Answer answer = lookups.ask(DnsName.reverse(client), RecordType.PTR);
            nameless = answer instanceof Answer.NoData || answer instanceof Answer.NoSuchName;
            names =
                    answer instanceof Answer.Found found
                            ? found.of(DnsRecord.Ptr.class).stream()
                                    .map(DnsRecord.Ptr::target)
                                    .distinct()
                                    .limit(SpfLimits.NAMES)
                                    .toList()
                            : List.of();
        }
        return names;
    }

    private boolean leadsBack(DnsName name) throws Fault {
        Boolean known = validated.get(name);
        if (known == null) {
            RecordType type = client.getAddress().length == 4 ? RecordType.A : RecordType.AAAA;
            known =
                    lookups.ask(name, type) instanceof Answer.Found found
                            && Lookups.addresses(found.records()).contains(client);
            validated.put(name, known);
        }
        return known;
    }
}
