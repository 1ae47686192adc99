package mansio.testkit.dns;

import mansio.net.dns.Answer;
import mansio.net.dns.DnsTransport;
import mansio.net.dns.Exchange;
import mansio.net.dns.Question;
import mansio.net.dns.Resolver;
import mansio.net.dns.StubResolver;
import mansio.net.dns.Upstreams;
import mansio.net.time.Time;
import mansio.testkit.time.FakeTime;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;

/**
 * A DNS in memory: records in, answers out, with no sockets and no threads. It goes through the
 * real encoding and the real resolver, so that what a test sees is what a server will see.
 *
 * <pre>{@code
 * FakeDns dns = FakeDns.of("""
 *         example.org.     MX  10 mx.example.org.
 *         mx.example.org.  A   192.0.2.1
 *         ;! slow.example.org. delay 500
 *         """);
 * dns.behave("broken.example.org", Behaviour.of(Kind.SERVFAIL));
 * }</pre>
 *
 * <p>Names that no zone has do not exist. As a {@link Resolver} it remembers nothing; as a {@link
 * DnsTransport} it stands for every server address. Safe for use by any thread.
 */
public final class FakeDns implements Resolver, DnsTransport {
    private static final Upstreams UPSTREAMS =
            new Upstreams(
                    List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 53)),
                    Duration.ofSeconds(2),
                    2,
                    true);

    private final Time time;
    private final StubResolver resolver;
    private final List<Question> asked = new ArrayList<>();
    private volatile Zones zones = new Zones();
    private @Nullable Updates updates; // Absent: it takes none.
    private int datagrams;
    private int streams;

    /**
     * @param time for delays: a simulation's, or a {@link FakeTime} that jumps over them
     * @param random for what the resolver draws
     */
    public FakeDns(Time time, RandomGenerator random) {
        this.time = time;
        resolver = new StubResolver(new Exchange(() -> UPSTREAMS, this, time, random));
    }

    /** One that holds these records and nothing else in the world, with a clock of its own. */
    public static FakeDns of(String records) {
        FakeDns dns = new FakeDns(new FakeTime(), new SplittableRandom(1));
        dns.zone(".", records);
        return dns;
    }

    /**
     * Adds a zone.
     *
     * @param origin such as {@code example.org.}
     * @param text a zone file (RFC 1035 section 5); TTLs and the SOA record may be left out. A line
     *     {@code ;! NAME BEHAVIOUR [AMOUNT]} says how the server behaves at a name
     */
    public synchronized void zone(String origin, String text) {
        zones = zones.with(origin, text);
    }

    /** Replaces all zones by those of {@link SignedWorld}. */
    public synchronized void signedWorld() {
        zones = SignedWorld.everything();
    }

    /** Replaces all zones by one. */
    public synchronized void replace(String origin, String text) {
        zones = new Zones().with(origin, text);
    }

    /**
     * Adds a behaviour.
     *
     * @param name of the question, or {@code *.example.org} for those below, or {@code *} for all
     */
    public synchronized void behave(String name, Behaviour behaviour) {
        zones = zones.with(name, behaviour);
    }

    /** Takes all behaviours of a name away, in the form it was given. */
    public synchronized void behaveWell(String name) {
        zones = zones.without(name);
    }

    /** From now on takes updates (RFC 2136), over streams. */
    public synchronized void updates(Updates how) {
        updates = how;
    }

    @Override
    public Answer lookup(Question question, long deadlineNanos) {
        synchronized (this) {
            asked.add(question);
        }
        return resolver.lookup(question, deadlineNanos);
    }

    /** What was asked through {@link #lookup}, in order. */
    public synchronized List<Question> asked() {
        return List.copyOf(asked);
    }

    /** Datagrams that came in. */
    public synchronized int datagrams() {
        return datagrams;
    }

    /** Connections that came in. */
    public synchronized int streams() {
        return streams;
    }

    @Override
    public byte[] datagram(
            InetSocketAddress server, byte[] query, Predicate<byte[]> wanted, long deadlineNanos)
            throws IOException {
        synchronized (this) {
            datagrams++;
        }
        Responder.Reaction reaction = Responder.react(zones, query, false);
        waitFor(reaction, deadlineNanos);
        for (byte[] message : reaction.messages()) {
            if (wanted.test(message)) {
                return message;
            }
        }
        throw silence(deadlineNanos);
    }

    @Override
    public byte[] stream(InetSocketAddress server, byte[] query, long deadlineNanos)
            throws IOException {
        synchronized (this) {
            streams++;
            if (updates != null && Updates.isUpdate(query)) {
                Updates.Outcome outcome = updates.react(zones, query, time);
                zones = outcome.zones();
                if (outcome.answer() == null) throw silence(deadlineNanos);
                return outcome.answer();
            }
        }
        Responder.Reaction reaction = Responder.react(zones, query, true);
        return switch (reaction.end()) {
            case REFUSED -> throw new ConnectException("refused");
            case CUT -> throw new EOFException("hung up");
            case CLEAN -> {
                waitFor(reaction, deadlineNanos);
                if (reaction.messages().isEmpty()) {
                    throw silence(deadlineNanos);
                }
                yield reaction.messages().getFirst();
            }
        };
    }

    private void waitFor(Responder.Reaction reaction, long deadlineNanos)
            throws SocketTimeoutException {
        if (reaction.delay().toNanos() >= deadlineNanos - time.nanos()) {
            throw silence(deadlineNanos);
        }
        time.sleep(reaction.delay());
    }

    private SocketTimeoutException silence(long deadlineNanos) {
        time.sleep(Duration.ofNanos(deadlineNanos - time.nanos()));
        return new SocketTimeoutException("no answer");
    }
}
