package mansio.serve.dnspublish;

import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.Question;
import mansio.net.dns.RecordType;
import mansio.net.dns.Resolver;
import mansio.net.dns.UpdateClient;
import mansio.net.dns.UpdateClient.Place;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One look at what a server has. Used by one thread. */
final class Reading implements Ground {
    /** A name that nobody has: what is there at it, a wildcard gives. */
    private static final String NOBODYS = "no-such-name-for-dns-publish";

    private static final List<RecordType> SEEN_AT_HOSTS =
            List.of(RecordType.A, RecordType.AAAA, RecordType.MX, RecordType.TXT);

    private final UpdateClient client;
    private final Snapshot server;
    private final long deadlineNanos;
    private final Set<Doubt> doubts;
    private final Map<DnsName, Place> places = new HashMap<>();

    /** What a server said no to, so that the next look takes it in another way. */
    enum Doubt {
        /** Records that seem to be a wildcard's are the name's own. */
        RECORDS_ARE_OWN,
        /** Names that seem to have records have them by a wildcard. */
        NAMES_ARE_NOT_IN_USE
    }

    /**
     * @param deadlineNanos for all questions
     */
    Reading(UpdateClient client, Resolver server, long deadlineNanos, Set<Doubt> doubts) {
        this.client = client;
        this.server = new Snapshot(server);
        this.deadlineNanos = deadlineNanos;
        this.doubts = doubts;
    }

    /** Where a name belongs. Of a server that is silent nothing more is asked. */
    Place place(DnsName name) {
        Place known = places.get(name);
        if (known != null) return known;
        Optional<Place> silent =
                places.values().stream().filter(Place.Unknown.class::isInstance).findFirst();
        Place place = silent.orElseGet(() -> client.zoneOf(name, deadlineNanos));
        places.put(name, place);
        return place;
    }

    /** Asks the server for the names of its zones, and somebody else for all others. */
    Resolver view(Resolver others) {
        return (question, until) -> {
            if (!isInZone(question)) return others.lookup(question, until);
            Answer answer = server.lookup(question, until);
            // It handed that part of its zone on, or an alias leads out of it.
            boolean elsewhere =
                    answer instanceof Answer.Failed failed && failed.kind() == Answer.Kind.REFUSED;
            return elsewhere ? others.lookup(question, until) : answer;
        };
    }

    private boolean isInZone(Question question) {
        return places.values().stream()
                .anyMatch(
                        it ->
                                it instanceof Place.In(DnsName zone)
                                        && question.name().isWithin(zone));
    }

    @Override
    public Held at(DnsName name, RecordType type) {
        return switch (place(name)) {
            case Place.Elsewhere(String reason) -> new Held.Elsewhere(reason);
            case Place.Unknown(String reason) -> new Held.Unknown(reason);
            case Place.In(DnsName zone) -> inZone(zone, name, type);
        };
    }

    private Held inZone(DnsName zone, DnsName name, RecordType type) {
        List<DnsRecord> alias = List.of();
        List<DnsRecord> here = List.of();
        switch (server.lookup(name, RecordType.CNAME, deadlineNanos)) {
            case Answer.Found found -> alias = found.records();
            case Answer.Failed failed -> {
                return new Held.Unknown(failed.reason());
            }
            case Answer.NoData _, Answer.NoSuchName _ -> {}
        }
        if (!alias.isEmpty() && !isWild(zone, name, RecordType.CNAME)) {
            return new Held.Alias(((DnsRecord.Cname) alias.getFirst()).target());
        }
        if (alias.isEmpty()) {
            switch (server.lookup(name, type, deadlineNanos)) {
                case Answer.Found found -> here = found.records();
                case Answer.Failed failed -> {
                    return new Held.Unknown(failed.reason());
                }
                case Answer.NoData _, Answer.NoSuchName _ -> {}
            }
            if (!here.isEmpty() && isWild(zone, name, type)) here = List.of();
        }
        boolean guarded = here.isEmpty() && isGuarded(zone, name, type, !alias.isEmpty());
        return guarded && doubts.contains(Doubt.NAMES_ARE_NOT_IN_USE)
                ? new Held.Wildcard()
                : new Held.Known(zone, here, guarded);
    }

    /** Whether a name that nobody has shows the same. */
    private boolean isWild(DnsName zone, DnsName name, RecordType type) {
        if (name.equals(zone) || doubts.contains(Doubt.RECORDS_ARE_OWN)) return false;
        DnsName nobodys = name.parent().orElse(DnsName.ROOT).below(NOBODYS);
        return server.lookup(name, type, deadlineNanos) instanceof Answer.Found found
                && server.lookup(nobodys, type, deadlineNanos) instanceof Answer.Found wild
                && data(found).equals(data(wild));
    }

    private static Set<String> data(Answer.Found found) {
        return found.records().stream()
                .map(
                        it ->
                                it instanceof DnsRecord.Cname(_, _, DnsName target)
                                        ? target.text()
                                        : ZoneText.data(it))
                .collect(Collectors.toSet());
    }

    /** Names such as {@code _dmarc} have nothing but what is published there. */
    private boolean isGuarded(DnsName zone, DnsName name, RecordType type, boolean aliased) {
        if (name.equals(zone) || name.text().startsWith("_") || name.text().contains("._")) {
            return false;
        }
        return aliased
                || SEEN_AT_HOSTS.stream()
                        .filter(it -> it != type)
                        .anyMatch(
                                it ->
                                        server.lookup(name, it, deadlineNanos)
                                                instanceof Answer.Found);
    }
}
