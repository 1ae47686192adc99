package mansio.serve.rehearsal;

import mansio.net.listen.ListenAt;
import mansio.net.listen.Listener;
import mansio.net.listen.Listening;
import mansio.net.listen.Listening.Tls;
import mansio.net.listen.Sockets;
import mansio.net.smtpclient.SmtpClient.Begin;
import mansio.net.time.Threads;
import mansio.net.tls.Certificates;
import mansio.net.tls.SelfSigned;
import mansio.net.tls.ServerTls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;

/**
 * Listens on loopback for one message, and keeps what comes. Who else connects gets a visit of its
 * own, which nobody asks for: the reply to a message names it. Closed by who made it; its sessions
 * guard what they share.
 */
final class StrictReceiver implements AutoCloseable {
    /** The message, once more in the clear when TLS breaks, and a stranger or two. */
    private static final int MAX_CONNECTIONS = 4;

    private static final int MAX_VISITS = 4;
    private static final Duration CERTIFICATE_LIFE = Duration.ofDays(1);
    private static final Duration GRACE = Duration.ofMillis(200);

    private final Listener listener;
    private final RandomGenerator random;
    private final ReentrantLock lock = new ReentrantLock();

    /** By their names. Guarded by the lock. */
    private final Map<String, Visit> visits = new LinkedHashMap<>();

    /**
     * What it holds its clients to.
     *
     * @param name what it calls itself
     * @param maxBytes of one message
     * @param endNanos of {@code Time.nanos()}, when every session ends
     */
    record Terms(String name, long maxBytes, long endNanos) {}

    /** What it stands on. */
    record Around(Sockets sockets, Threads threads, RandomGenerator random) {}

    private StrictReceiver(Terms terms, Begin begin, Instant now, Around around)
            throws IOException {
        this.random = around.random();
        ServerTls keys =
                new ServerTls(
                        Certificates.of(
                                SelfSigned.make(
                                        List.of(terms.name()), List.of(), now, CERTIFICATE_LIFE)));
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);
        this.listener =
                Listener.open(
                        new Listening(
                                "preflight",
                                new ListenAt.Tcp(anyPort),
                                switch (begin) {
                                    case PLAIN -> new Tls.Offered(keys);
                                    case IMPLICIT_TLS -> new Tls.Implicit(keys);
                                },
                                new Listening.Limits(MAX_CONNECTIONS, MAX_CONNECTIONS, "")),
                        connection ->
                                new ReceiverSession(
                                                connection,
                                                terms,
                                                around.sockets().buffers(),
                                                this::keep)
                                        .run(),
                        new Listener.Around(around.sockets(), around.threads()));
    }

    /**
     * Begins to listen.
     *
     * @param now for its certificate
     */
    static StrictReceiver open(Terms terms, Begin begin, Instant now, Around around)
            throws IOException {
        return new StrictReceiver(terms, begin, now, around);
    }

    /** Where it listens. */
    InetSocketAddress address() throws IOException {
        return (InetSocketAddress) listener.address();
    }

    private String keep(Visit visit) {
        lock.lock();
        try {
            String name = Long.toUnsignedString(random.nextLong(), 36);
            if (visits.size() < MAX_VISITS) visits.put(name, visit);
            return name;
        } finally {
            lock.unlock();
        }
    }

    /** The message that was answered so. */
    Optional<Visit> visit(String reply) {
        lock.lock();
        try {
            return visits.entrySet().stream()
                    .filter(it -> reply.endsWith(" " + it.getKey()))
                    .map(Map.Entry::getValue)
                    .findFirst();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        listener.stop(GRACE);
    }
}
