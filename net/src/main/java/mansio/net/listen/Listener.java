package mansio.net.listen;

import static java.nio.charset.StandardCharsets.US_ASCII;

import mansio.net.time.Threads;
import mansio.net.time.Time;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

import javax.net.ssl.SSLEngine;

/**
 * Waits at one address and serves each connection on a virtual thread of its own.
 *
 * <p>Safe for use by any thread.
 */
public final class Listener {
    private static final Logger log = LoggerFactory.getLogger(Listener.class);
    private static final Duration TLS_HANDSHAKE = Duration.ofSeconds(30);
    private static final Duration AFTER_FAILED_ACCEPT = Duration.ofMillis(100);

    /** Far more than it takes: the thread only has to get its turn. */
    private static final Duration UNTIL_DEAF = Duration.ofSeconds(5);

    private final Listening what;
    private final Service service;
    private final Sockets sockets;
    private final Threads threads;
    private final ServerSocketChannel channel;
    private final Optional<Supplier<SSLEngine>> engines;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition left = lock.newCondition();
    private final BooleanSupplier isStopping = this::stopping;
    private volatile boolean stopping;

    /** How many are served now; guarded by the lock. */
    private int active;

    /** Whether there is a thread that accepts; guarded by the lock. */
    private boolean accepting = true;

    private Listener(Listening what, Service service, Around around, ServerSocketChannel channel) {
        this.what = what;
        this.service = service;
        this.sockets = around.sockets;
        this.threads = around.threads;
        this.channel = channel;
        this.engines = what.keys().map(keys -> keys::engine);
    }

    /** What a listener stands on. */
    public record Around(Sockets sockets, Threads threads) {}

    /**
     * Binds the address and begins to accept.
     *
     * @throws IOException when the address cannot be had; its message is a sentence for people that
     *     names the address and says what to do
     */
    public static Listener open(Listening what, Service service, Around around) throws IOException {
        ServerSocketChannel channel;
        try {
            channel =
                    switch (what.at()) {
                        case ListenAt.Tcp tcp -> bind(tcp, what.limits().backlog());
                        case ListenAt.Unix unix -> bind(unix, what.limits().backlog());
                    };
        } catch (IOException e) {
            throw new IOException(BindProblem.sentence(what, e), e);
        }
        Listener listener = new Listener(what, service, around, channel);
        around.threads.start(what.name() + "-accept", listener::acceptAll);
        return listener;
    }

    private static ServerSocketChannel bind(ListenAt.Tcp at, int backlog) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            // Else a restart fails for a minute while old connections are in TIME_WAIT.
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(at.address(), backlog);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static ServerSocketChannel bind(ListenAt.Unix at, int backlog) throws IOException {
        UnixDomainSocketAddress address = UnixDomainSocketAddress.of(at.path());
        removeStale(address);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.bind(address, backlog);
            Files.setPosixFilePermissions(
                    at.path(), PosixFilePermissions.fromString(at.permissions()));
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** A socket file outlives its program; one that nobody answers at is in the way. */
    private static void removeStale(UnixDomainSocketAddress address) throws IOException {
        Path path = address.getPath();
        if (!Files.exists(path)) {
            return;
        }
        if (Files.isRegularFile(path) || Files.isDirectory(path)) {
            throw new IOException("there is something else of that name, not a socket");
        }
        try (SocketChannel _ = SocketChannel.open(address)) {
            throw new IOException("another program listens there");
        } catch (ConnectException e) {
            Files.delete(path);
        }
    }

    /** The address bound: with the port the system has chosen when 0 was asked for. */
    public SocketAddress address() throws IOException {
        return channel.getLocalAddress();
    }

    /** The TCP port bound. */
    public int port() throws IOException {
        return ((InetSocketAddress) channel.getLocalAddress()).getPort();
    }

    /** How many connections are served now. */
    public int connections() {
        lock.lock();
        try {
            return active;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Stops: accepts no more, ends the waits between commands, and gives the sessions {@code grace}
     * to finish what they are doing; what is left then is closed. Returns when all sessions have
     * ended or been closed, and nobody can connect any more.
     */
    public void stop(Duration grace) {
        stopping = true;
        close();
        mine(ChannelConnection::stop);
        Time time = sockets.time();
        awaitDeaf(time);
        long deadline = time.deadline(grace);
        lock.lock();
        try {
            while (active > 0 && time.await(lock, left, deadline)) {
                // Some have left: wait for the others.
            }
        } finally {
            lock.unlock();
        }
        mine(ChannelConnection::close);
    }

    /**
     * A channel that a virtual thread accepts at is closed by that thread when it next runs: until
     * then the system goes on to take connections, and the address stays in use.
     */
    private void awaitDeaf(Time time) {
        long deadline = time.deadline(UNTIL_DEAF);
        lock.lock();
        try {
            while (accepting && time.await(lock, left, deadline)) {
                // Somebody else has left.
            }
        } finally {
            lock.unlock();
        }
    }

    private void mine(Consumer<ChannelConnection> action) {
        for (ChannelConnection connection : sockets.open()) {
            if (connection.belongsTo(isStopping)) {
                action.accept(connection);
            }
        }
    }

    private void close() {
        try {
            channel.close();
            if (what.at() instanceof ListenAt.Unix unix) {
                Files.deleteIfExists(unix.path());
            }
        } catch (IOException e) {
            log.warn("Closing {} ({}) failed", what.at(), what.name(), e);
        }
    }

    private boolean stopping() {
        return stopping;
    }

    private void acceptAll() {
        try {
            acceptUntilStopped();
        } finally {
            lock.lock();
            try {
                accepting = false;
                left.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void acceptUntilStopped() {
        while (!stopping) {
            try {
                admit(channel.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                // Out of file descriptors, most likely: sessions that end will give some back.
                log.error("Accepting at {} ({}) failed", what.at(), what.name(), e);
                sockets.time().sleep(AFTER_FAILED_ACCEPT);
            }
        }
    }

    private void admit(SocketChannel accepted) throws IOException {
        if (!enter()) {
            refuse(accepted);
            return;
        }
        boolean started = false;
        try {
            ChannelConnection connection = sockets.accepted(accepted, engines, isStopping);
            threads.start(what.name() + "-" + connection.id(), () -> serve(connection));
            started = true;
        } catch (IOException e) {
            // The peer came and went: no reason to stop accepting.
            log.debug("A connection to {} was gone at once", what.name(), e);
        } finally {
            if (!started) {
                leave();
                accepted.close();
            }
        }
    }

    private boolean enter() {
        lock.lock();
        try {
            if (active >= what.limits().connections()) {
                return false;
            }
            active++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void leave() {
        lock.lock();
        try {
            active--;
            left.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void refuse(SocketChannel accepted) {
        try (accepted) {
            byte[] line = what.limits().busyLine().getBytes(US_ASCII);
            if (line.length > 0 && !(what.tls() instanceof Listening.Tls.Implicit)) {
                // A line fits into the empty buffer of a new socket: this never waits.
                accepted.configureBlocking(false);
                accepted.write(ByteBuffer.wrap(line));
            }
        } catch (IOException e) {
            log.debug("Refusing a connection to {} failed", what.name(), e);
        }
    }

    private void serve(ChannelConnection connection) {
        try {
            if (what.tls() instanceof Listening.Tls.Implicit) {
                connection.deadline(sockets.time().deadline(TLS_HANDSHAKE));
                connection.startTls();
            }
            service.serve(connection);
        } catch (IOException e) {
            log.atDebug()
                    .addKeyValue("sid", connection.id())
                    .log("{} ended: {}", what.name(), e.toString());
        } catch (RuntimeException | Error e) {
            log.atError()
                    .addKeyValue("sid", connection.id())
                    .addKeyValue("peer", connection.peer())
                    .setCause(e)
                    .log("{} ended by an error of ours", what.name());
        } finally {
            connection.close();
            connection.release();
            leave();
        }
    }
}
