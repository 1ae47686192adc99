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
 * wants to know what is published now. What they do not know, such as where an alias into another
 * zone leads, is {@link Answer.Failed}. Made for one look at a few zones: which servers a zone has,
 * and that they are silent, is remembered for good. Safe for use by any thread.
 */
public final class Authorities implements Resolver {
    /** How long one server is waited for. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Name servers of a zone whose addresses are looked up. */
    static final int MAX_SERVERS = 4;

    /** Addresses of a zone that are asked, one after the other until one answers. */
    static final int MAX_ADDRESSES = 6;

    private final Resolver resolver;
    private final DnsTransport transport;
    private final Time time;
    private final RandomGenerator random;
    private final Map<DnsName, Zone> zones = new ConcurrentHashMap<>();

    /** Zones of which nobody answered. */
    private final Map<DnsName, Failed> silent = new ConcurrentHashMap<>();

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
        record Servers(DnsName zone, Resolver stub) implements Zone {}

        record Nobody(Failed failed) implements Zone {}
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
        return switch (zone(question.name(), deadlineNanos)) {
            case Zone.Nobody(Failed failed) -> failed;
            case Zone.Servers(DnsName zone, Resolver stub) -> {
                Failed before = silent.get(zone);
                if (before != null) yield before;
                Answer answer = stub.lookup(question, deadlineNanos);
                if (!(answer instanceof Failed failed)) yield answer;
                Failed said =
                        new Failed(
                                failed.kind(), "name servers of " + zone + ": " + failed.reason());
                // Each further question would wait as long for the same silence.
                if (failed.kind() == Kind.TIMEOUT || failed.kind() == Kind.NETWORK) {
                    silent.put(zone, said);
                }
                yield said;
            }
        };
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
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (DnsRecord.Ns ns : named.stream().limit(MAX_SERVERS).toList()) {
            for (RecordType type : List.of(RecordType.A, RecordType.AAAA)) {
                for (InetAddress address : addresses(ns.server(), type, deadlineNanos)) {
                    addresses.add(new InetSocketAddress(address, Upstreams.PORT));
                }
            }
        }
        if (addresses.isEmpty()) {
            return new Zone.Nobody(
                    new Failed(Kind.NETWORK, "the name servers of " + zone + " have no addresses"));
        }
        List<InetSocketAddress> asked = addresses.stream().limit(MAX_ADDRESSES).toList();
        return new Zone.Servers(zone, stub(asked, transport, time, random));
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
