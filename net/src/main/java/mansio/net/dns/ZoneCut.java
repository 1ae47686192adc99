package mansio.net.dns;

import mansio.net.time.Time;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who answers for a zone, as the zone above says.
 *
 * @param servers whose addresses are known
 * @param names of servers whose addresses would have to be looked up
 * @param ttlSeconds how long that may be kept
 */
record ZoneCut(DnsName zone, List<InetSocketAddress> servers, List<DnsName> names, int ttlSeconds) {
    ZoneCut {
        servers = List.copyOf(servers);
        names = List.copyOf(names);
    }

    /** Whether it is known that nobody can be asked. */
    boolean isDead() {
        return servers.isEmpty() && names.isEmpty();
    }

    /** The same with other addresses, and no names left to look up. */
    ZoneCut found(List<InetSocketAddress> addresses) {
        return new ZoneCut(zone, addresses, List.of(), ttlSeconds);
    }

    /** Whether its servers are asked about a name and a type; who is above a zone has its DS. */
    boolean answers(Question question) {
        boolean above = question.type() == RecordType.DS && !question.name().isRoot();
        return question.name().isWithin(zone) && !(above && question.name().equals(zone));
    }

    /**
     * A delegation may name any address; ours and those of our network are none of a stranger's
     * business.
     */
    static boolean mayBeAsked(InetAddress address) {
        boolean uniqueLocal =
                address.getAddress().length == 16 && (address.getAddress()[0] & 0xfe) == 0xfc;
        return !(address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()
                || uniqueLocal);
    }

    /** Those that were met, for their time. Safe for use by any thread. */
    static final class Known {
        /** Zones that are kept; what was not used for longest goes first. */
        static final int MAX = 10_000;

        private static final Duration LEAST = Duration.ofSeconds(30);
        private static final Duration MOST = Duration.ofDays(1);

        private final Time time;
        private final ZoneCut root;
        private final ReentrantLock lock = new ReentrantLock();

        /** Guarded by the lock. */
        private final LinkedHashMap<DnsName, Kept> cuts = new LinkedHashMap<>(16, 0.75f, true);

        private record Kept(ZoneCut cut, long untilNanos) {}

        Known(Time time, List<InetSocketAddress> rootServers) {
            this.time = time;
            this.root = new ZoneCut(DnsName.ROOT, rootServers, List.of(), Integer.MAX_VALUE);
        }

        /** The lowest one whose servers are to be asked; the root when no other is known. */
        ZoneCut nearest(Question question) {
            lock.lock();
            try {
                Optional<DnsName> at = Optional.of(question.name());
                while (at.isPresent() && !at.get().isRoot()) {
                    Kept kept = cuts.get(at.get());
                    boolean holds = kept != null && kept.untilNanos - time.nanos() > 0;
                    if (kept != null && holds && kept.cut.answers(question)) return kept.cut;
                    at = at.get().parent();
                }
                return root;
            } finally {
                lock.unlock();
            }
        }

        void keep(ZoneCut cut) {
            Duration asked = Duration.ofSeconds(cut.ttlSeconds());
            Duration most = asked.compareTo(MOST) > 0 ? MOST : asked;
            Duration held = most.compareTo(LEAST) < 0 ? LEAST : most;
            lock.lock();
            try {
                cuts.put(cut.zone(), new Kept(cut, time.deadline(held)));
                if (cuts.size() > MAX) cuts.pollFirstEntry();
            } finally {
                lock.unlock();
            }
        }

        /** Its servers may have moved. */
        void forget(ZoneCut cut) {
            lock.lock();
            try {
                cuts.remove(cut.zone());
            } finally {
                lock.unlock();
            }
        }
    }
}
