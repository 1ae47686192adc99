package mansio.net.dns;

import mansio.net.time.Time;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was seen of servers, for a while: who is silent, who does not know EDNS, who changes the
 * case of letters. Safe for use by any thread.
 */
final class Habits {
    /** A silent server is asked last for so long. */
    static final Duration SILENCE = Duration.ofSeconds(30);

    /** What a server cannot do is tried again after this. */
    static final Duration LACK = Duration.ofMinutes(10);

    /** Far more than a site has; who walks from the root meets many. */
    private static final int MAX_SERVERS = 2_000;

    private final Time time;
    private final ReentrantLock lock = new ReentrantLock();

    /** Guarded by the lock. */
    private final Map<InetSocketAddress, Seen> servers = new LinkedHashMap<>();

    private static final class Seen {
        final Until silent = new Until();
        final Until withoutEdns = new Until();
        final Until losingCase = new Until();
    }

    private static final class Until {
        private boolean set;
        private long nanos;
    }

    Habits(Time time) {
        this.time = time;
    }

    /** The servers in their order, those that did not answer lately behind the others. */
    List<InetSocketAddress> inOrder(List<InetSocketAddress> all) {
        List<InetSocketAddress> order = new ArrayList<>(all);
        lock.lock();
        try {
            List<InetSocketAddress> silent =
                    all.stream().filter(server -> holds(seen(server).silent)).toList();
            order.removeAll(silent);
            order.addAll(silent);
            return order;
        } finally {
            lock.unlock();
        }
    }

    void answered(InetSocketAddress server) {
        lock.lock();
        try {
            seen(server).silent.set = false;
        } finally {
            lock.unlock();
        }
    }

    void isSilent(InetSocketAddress server) {
        lock.lock();
        try {
            begin(seen(server).silent, SILENCE);
        } finally {
            lock.unlock();
        }
    }

    boolean knowsEdns(InetSocketAddress server) {
        lock.lock();
        try {
            return !holds(seen(server).withoutEdns);
        } finally {
            lock.unlock();
        }
    }

    void knowsNoEdns(InetSocketAddress server) {
        lock.lock();
        try {
            begin(seen(server).withoutEdns, LACK);
        } finally {
            lock.unlock();
        }
    }

    boolean keepsCase(InetSocketAddress server) {
        lock.lock();
        try {
            return !holds(seen(server).losingCase);
        } finally {
            lock.unlock();
        }
    }

    void losesCase(InetSocketAddress server) {
        lock.lock();
        try {
            begin(seen(server).losingCase, LACK);
        } finally {
            lock.unlock();
        }
    }

    private Seen seen(InetSocketAddress server) {
        if (servers.size() >= MAX_SERVERS && !servers.containsKey(server)) {
            servers.clear();
        }
        return servers.computeIfAbsent(server, _ -> new Seen());
    }

    private void begin(Until until, Duration length) {
        until.set = true;
        until.nanos = time.deadline(length);
    }

    private boolean holds(Until until) {
        return until.set && until.nanos - time.nanos() > 0;
    }
}
