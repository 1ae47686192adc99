package mansio.net.dns;

import mansio.net.dns.Answer.Failed;
import mansio.net.dns.Answer.Kind;
import mansio.net.time.Time;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * Asks the name servers of a zone themselves, so that no cache stands between: for somebody who
 * wants to know what is published now. An alias into another zone is followed to the servers of
 * that one. Made for one look at a few zones: which servers a zone has, and that they are silent,
 * is remembered for good. Safe for use by any thread.
 */
public final class Authorities implements Resolver {
    /** How long one server is waited for. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Name servers of a zone whose addresses are looked up. */
    static final int MAX_SERVERS = 8;

    /** Addresses of a zone that are asked. */
    static final int MAX_ADDRESSES = 16;

    /** Aliases that lead from zone to zone. */
    private static final int MAX_ALIASES = 4;

    private final Resolver resolver;
    private final DnsTransport transport;
    private final Time time;
    private final RandomGenerator random;
    private final Map<DnsName, Zone> zones = new ConcurrentHashMap<>();

    /** Zones of which nobody answered. */
    private final Map<DnsName, Failed> silent = new ConcurrentHashMap<>();

    /** Addresses that did not answer {@link #each}. */
    private final Map<InetSocketAddress, Failed> dead = new ConcurrentHashMap<>();

    /**
     * @param resolver finds the name servers and their addresses
     * @param random that nobody can foresee
     */
    public Authorities(
            Resolver resolver, DnsTransport transport, Time time, RandomGenerator random) {
        this.resolver = resolver;
        this.transport = transport;
        this.time = time;
        this.random = random;
    }

    /** Who answers for a name. */
    private sealed interface Zone {
        record Servers(DnsName zone, Resolver stub, List<Server> servers) implements Zone {}

        record Nobody(Failed failed) implements Zone {}
    }

    /** One address of a name server. */
    private record Server(DnsName name, InetSocketAddress address, Resolver stub) {}

    /**
     * What all servers of a zone say.
     *
     * @param told one for each address, in the order of the records
     */
    public record Each(DnsName zone, List<Told> told) {
        public Each {
            told = List.copyOf(told);
        }
    }

    /** What one says. */
    public record Told(DnsName server, InetAddress address, Answer answer) {}

    /**
     * Asks every server of the zone of a name, at most {@link #MAX_ADDRESSES}, one after the other.
     * Who was silent once is not waited for again.
     *
     * @return empty when the zone has no servers that can be found
     */
    public Optional<Each> each(Question question, long deadlineNanos) {
        if (!(zone(question.name(), deadlineNanos) instanceof Zone.Servers zone)) {
            return Optional.empty();
        }
        List<Told> told = new ArrayList<>();
        for (Server server : zone.servers()) {
            Answer answer = dead.get(server.address());
            if (answer == null) {
                answer = server.stub().lookup(question, deadlineNanos);
                boolean inTime = time.nanos() - deadlineNanos < 0;
                if (answer instanceof Failed failed && isSilence(failed) && inTime) {
                    dead.put(server.address(), failed);
                }
            }
            told.add(new Told(server.name(), server.address().getAddress(), answer));
        }
        return Optional.of(new Each(zone.zone(), told));
    }

    private static boolean isSilence(Failed failed) {
        return failed.kind() == Kind.TIMEOUT || failed.kind() == Kind.NETWORK;
    }

    /**
     * One server that is asked in place of those that a zone names, such as one that hands a zone
     * to them.
     */
    public static Resolver at(
            InetSocketAddress server, DnsTransport transport, Time time, RandomGenerator random) {
        return stub(List.of(server), transport, time, random);
    }

    private static Resolver stub(
            List<InetSocketAddress> servers,
            DnsTransport transport,
            Time time,
            RandomGenerator random) {
        Upstreams upstreams = new Upstreams(servers, PATIENCE, 1, false);
        return new StubResolver(new Exchange(() -> upstreams, transport, time, random));
    }

    @Override
    public Answer lookup(Question question, long deadlineNanos) {
        return lookup(question, deadlineNanos, MAX_ALIASES);
    }

    private Answer lookup(Question question, long deadlineNanos, int aliases) {
        return switch (zone(question.name(), deadlineNanos)) {
            case Zone.Nobody(Failed failed) -> failed;
            case Zone.Servers(DnsName zone, Resolver stub, List<Server> _) -> {
                Failed before = silent.get(zone);
                if (before != null) yield before;
                Answer answer = stub.lookup(question, deadlineNanos);
                if (!(answer instanceof Failed failed)) yield answer;
                Optional<DnsName> elsewhere = elsewhere(question, failed, stub, deadlineNanos);
                if (elsewhere.isPresent() && aliases > 0) {
                    Question there = new Question(elsewhere.get(), question.type());
                    yield lookup(there, deadlineNanos, aliases - 1);
                }
                Failed said =
                        new Failed(
                                failed.kind(), "name servers of " + zone + ": " + failed.reason());
                // Each further question would wait as long for the same silence.
                if (isSilence(failed)) {
                    silent.put(zone, said);
                }
                yield said;
            }
        };
    }

    /** Where an alias leads of which the servers do not know the rest. */
    private static Optional<DnsName> elsewhere(
            Question question, Failed failed, Resolver stub, long deadlineNanos) {
        if (isSilence(failed) || question.type() == RecordType.CNAME) {
            return Optional.empty();
        }
        return stub.lookup(question.name(), RecordType.CNAME, deadlineNanos)
                        instanceof Answer.Found it
                ? Optional.of(it.of(DnsRecord.Cname.class).getFirst().target())
                : Optional.empty();
    }

    /** From the name up: the first one that has name servers begins the zone. */
    private Zone zone(DnsName name, long deadlineNanos) {
        Zone known = zones.get(name);
        if (known != null) return known;
        Zone found = new Zone.Nobody(new Failed(Kind.NETWORK, name + " is in no zone"));
        Optional<DnsName> at = Optional.of(name);
        boolean decided = false;
        while (!decided && at.isPresent() && !at.get().isRoot()) {
            DnsName zone = at.get();
            switch (resolver.lookup(zone, RecordType.NS, deadlineNanos)) {
                case Answer.Found answer when answer.canonicalName().equals(zone) -> {
                    found = servers(zone, answer.of(DnsRecord.Ns.class), deadlineNanos);
                    decided = true;
                }
                case Failed failed -> {
                    found =
                            new Zone.Nobody(
                                    new Failed(
                                            failed.kind(),
                                            "NS of " + zone + ": " + failed.reason()));
                    decided = true;
                }
                case Answer.Found _, Answer.NoData _, Answer.NoSuchName _ -> at = zone.parent();
            }
        }
        zones.put(name, found);
        return found;
    }

    private Zone servers(DnsName zone, List<DnsRecord.Ns> named, long deadlineNanos) {
        // Other names of the zone share what is known of it.
        Zone known =
                zones.values().stream()
                        .filter(it -> it instanceof Zone.Servers that && that.zone().equals(zone))
                        .findFirst()
                        .orElse(null);
        if (known != null) return known;
        List<Server> servers = new ArrayList<>();
        for (DnsRecord.Ns ns : named.stream().limit(MAX_SERVERS).toList()) {
            for (RecordType type : List.of(RecordType.A, RecordType.AAAA)) {
                for (InetAddress address : addresses(ns.server(), type, deadlineNanos)) {
                    InetSocketAddress at = new InetSocketAddress(address, Upstreams.PORT);
                    Resolver alone = stub(List.of(at), transport, time, random);
                    servers.add(new Server(ns.server(), at, alone));
                }
            }
        }
        if (servers.isEmpty()) {
            return new Zone.Nobody(
                    new Failed(Kind.NETWORK, "the name servers of " + zone + " have no addresses"));
        }
        List<Server> asked = servers.stream().limit(MAX_ADDRESSES).toList();
        List<InetSocketAddress> addresses = asked.stream().map(Server::address).toList();
        return new Zone.Servers(zone, stub(addresses, transport, time, random), asked);
    }

    private List<InetAddress> addresses(DnsName server, RecordType type, long deadlineNanos) {
        if (!(resolver.lookup(server, type, deadlineNanos) instanceof Answer.Found found)) {
            return List.of();
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (DnsRecord record : found.records()) {
            if (record instanceof DnsRecord.A a) addresses.add(a.address());
            if (record instanceof DnsRecord.Aaaa aaaa) addresses.add(aaaa.address());
        }
        return addresses;
    }
}
