package mansio.net.dns;

import mansio.net.dns.Answer.Failed;
import mansio.net.dns.Answer.Found;
import mansio.net.dns.Answer.Kind;
import mansio.net.time.Threads;
import mansio.net.time.Time;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Remembers answers for as long as they may be used, "no" (RFC 2308) and failures (RFC 9520)
 * included, and asks each question once at a time however many wait for it. Safe for use by any
 * thread.
 */
public final class CachingResolver implements Resolver {
    /**
     * Bounds.
     *
     * @param maxBytes of the heap, about; what was not used for longest goes first
     * @param minTtl an answer is kept at least so long, so that the steps of one delivery see the
     *     same
     * @param maxTtl and at most so long
     * @param maxNegativeTtl the same for "no" (RFC 2308 section 5 suggests one to three hours)
     * @param failureTtl how long a failure is kept: 1 second to 5 minutes (RFC 9520 section 3.2)
     * @param patience how long a question may take when callers wait so long
     */
    public record Limits(
            long maxBytes,
            Duration minTtl,
            Duration maxTtl,
            Duration maxNegativeTtl,
            Duration failureTtl,
            Duration patience) {
        /** What suits a mail server, but for the size. */
        public static Limits ofSize(long maxBytes) {
            return new Limits(
                    maxBytes,
                    Duration.ofSeconds(5),
                    Duration.ofDays(1),
                    Duration.ofHours(1),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(30));
        }
    }

    /** Questions under way at once; each has a thread and a socket. */
    static final int MAX_FLIGHTS = 2000;

    private final Upstream upstream;
    private final Limits limits;
    private final Time time;
    private final Threads threads;
    private final ReentrantLock lock = new ReentrantLock();

    /** In the order of their last use. Guarded by the lock, as all that follows. */
    private final LinkedHashMap<Question, Entry> cache = new LinkedHashMap<>(64, 0.75f, true);

    private final Map<Question, Flight> flights = new HashMap<>();
    private long bytes;

    private record Entry(Answer answer, long untilNanos, long bytes) {}

    /** A question under way, and those who wait for it. */
    private final class Flight {
        private final Condition landed = lock.newCondition();
        private @Nullable Answer answer;
    }

    /**
     * @param threads on which questions are asked, so that a caller who gives up early does not
     *     spoil it for the others
     */
    public CachingResolver(Upstream upstream, Limits limits, Time time, Threads threads) {
        this.upstream = upstream;
        this.limits = limits;
        this.time = time;
        this.threads = threads;
    }

    @Override
    public Answer lookup(Question question, long deadlineNanos) {
        Flight flight;
        boolean mine = false;
        lock.lock();
        try {
            Answer known = cached(question);
            if (known != null) {
                return known;
            }
            Flight current = flights.get(question);
            if (current == null) {
                if (flights.size() >= MAX_FLIGHTS) {
                    return new Failed(Kind.OVERLOAD, "too many look-ups are under way");
                }
                current = new Flight();
                flights.put(question, current);
                mine = true;
            }
            flight = current;
        } finally {
            lock.unlock();
        }
        if (mine) {
            threads.start("dns-" + question.name(), () -> fly(question, flight));
        }
        return await(flight, deadlineNanos);
    }

    @Override
    public Resolver fresh() {
        return new CachingResolver(upstream, limits, time, threads);
    }

    /** How many answers are kept. */
    public int size() {
        lock.lock();
        try {
            return cache.size();
        } finally {
            lock.unlock();
        }
    }

    private Answer await(Flight flight, long deadlineNanos) {
        lock.lock();
        try {
            while (flight.answer == null) {
                if (!time.await(lock, flight.landed, deadlineNanos) && flight.answer == null) {
                    return new Failed(Kind.TIMEOUT, "no answer before the deadline");
                }
            }
            return flight.answer;
        } finally {
            lock.unlock();
        }
    }

    private void fly(Question question, Flight flight) {
        Upstream.Outcome outcome =
                new Upstream.Outcome(new Failed(Kind.MALFORMED, "an error of ours"), 0);
        try {
            outcome = upstream.ask(question, time.deadline(limits.patience()));
        } finally {
            lock.lock();
            try {
                flight.answer = outcome.answer();
                keep(question, outcome);
                flights.remove(question);
                flight.landed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private @Nullable Answer cached(Question question) {
        Entry entry = cache.get(question);
        if (entry == null) {
            return null;
        }
        long left = entry.untilNanos() - time.nanos();
        if (left <= 0) {
            drop(question);
            return null;
        }
        return entry.answer() instanceof Found found ? aged(found, left) : entry.answer();
    }

    /** The records with what is left of their time; never more than they came with. */
    private static Found aged(Found found, long leftNanos) {
        int left = (int) Math.min(Integer.MAX_VALUE, Duration.ofNanos(leftNanos).toSeconds());
        return new Found(
                found.records().stream()
                        .map(record -> Ttl.of(record, Math.min(record.ttlSeconds(), left)))
                        .toList(),
                found.canonicalName(),
                found.security());
    }

    private void keep(Question question, Upstream.Outcome outcome) {
        Duration came = Duration.ofSeconds(outcome.ttlSeconds());
        Duration ttl =
                switch (outcome.answer()) {
                    case Found _ -> clamp(came, limits.maxTtl());
                    case Answer.NoData _, Answer.NoSuchName _ ->
                            clamp(came, limits.maxNegativeTtl());
                    case Failed _ -> limits.failureTtl();
                };
        drop(question);
        long size = size(question, outcome.answer());
        if (size <= limits.maxBytes()) {
            cache.put(question, new Entry(outcome.answer(), time.deadline(ttl), size));
            bytes += size;
        }
        Iterator<Entry> oldest = cache.values().iterator();
        while (bytes > limits.maxBytes()) {
            bytes -= oldest.next().bytes();
            oldest.remove();
        }
    }

    private void drop(Question question) {
        Entry entry = cache.remove(question);
        if (entry != null) {
            bytes -= entry.bytes();
        }
    }

    private Duration clamp(Duration ttl, Duration max) {
        Duration atLeast = ttl.compareTo(limits.minTtl()) < 0 ? limits.minTtl() : ttl;
        return atLeast.compareTo(max) > 0 ? max : atLeast;
    }

    /** About what an entry takes of the heap. */
    private static long size(Question question, Answer answer) {
        long size = 250L + question.name().text().length();
        return switch (answer) {
            case Found found ->
                    size + found.records().stream().mapToLong(CachingResolver::size).sum();
            case Answer.NoData no -> size + no.canonicalName().text().length();
            case Answer.NoSuchName no -> size + no.canonicalName().text().length();
            case Failed failed -> size + failed.reason().length();
        };
    }

    private static long size(DnsRecord record) {
        long data =
                switch (record) {
                    case DnsRecord.Txt txt -> txt.text().length() + 60L * txt.strings().size();
                    case DnsRecord.Other other -> other.data().length;
                    case DnsRecord.Tlsa tlsa -> tlsa.association().data().length;
                    case DnsRecord.Caa caa -> caa.tag().length() + caa.value().length();
                    case DnsRecord.Cname cname -> cname.target().text().length();
                    case DnsRecord.Ptr ptr -> ptr.target().text().length();
                    case DnsRecord.Ns ns -> ns.server().text().length();
                    case DnsRecord.Mx mx -> mx.exchange().text().length();
                    case DnsRecord.Srv srv -> srv.service().target().text().length();
                    case DnsRecord.A _, DnsRecord.Aaaa _, DnsRecord.Soa _ -> 0;
                };
        return 200L + record.name().text().length() + data;
    }
}
