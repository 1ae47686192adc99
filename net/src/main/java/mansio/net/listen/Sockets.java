package mansio.net.listen;

import mansio.codec.line.BufferPool;
import mansio.net.time.Threads;
import mansio.net.time.Time;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

import javax.net.ssl.SSLEngine;

/**
 * What all connections of this process share: the buffers, the ids, and the reaper, one thread that
 * ends what has waited past its deadline. It looks twice a second, so a deadline may be exceeded by
 * half a second.
 *
 * <p>Safe for use by any thread.
 */
public final class Sockets implements Closeable {
    private static final Logger log = LoggerFactory.getLogger(Sockets.class);
    private static final Duration SWEEP = Duration.ofMillis(500);
    private static final Duration FIRST_DEADLINE = Duration.ofMinutes(5);
    private static final int KEPT_BUFFERS = 256;
    private static final int ID_BITS = 24;

    private final Time time;
    private final BufferPool buffers = new BufferPool(BufferPool.USUAL_BYTES, KEPT_BUFFERS);
    private final BufferPool records = new BufferPool(TlsChannel.RECORD_BYTES, KEPT_BUFFERS);
    private final Set<ChannelConnection> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong ids;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition closing = lock.newCondition();

    /** Guarded by the lock. */
    private boolean closed;

    private Sockets(Time time, RandomGenerator random) {
        this.time = time;
        // Ids of one run and the next are unlikely to be mixed up in the log.
        this.ids = new AtomicLong(random.nextInt(1 << (ID_BITS - 1), 1 << ID_BITS));
    }

    /** Starts the reaper too. */
    public static Sockets start(Time time, Threads threads, RandomGenerator random) {
        Sockets sockets = new Sockets(time, random);
        threads.start("reaper", sockets::reap);
        return sockets;
    }

    /** The buffers that sessions read lines with. */
    public BufferPool buffers() {
        return buffers;
    }

    /** How many connections are open. */
    public int openConnections() {
        return open.size();
    }

    /**
     * Makes a connection of a channel that {@code connect} has given.
     *
     * @param engine makes the client's side of TLS
     */
    public Connection dialled(SocketChannel channel, Supplier<SSLEngine> engine)
            throws IOException {
        return adopt(channel, new ChannelConnection.Role(Optional.of(engine), () -> false));
    }

    ChannelConnection accepted(
            SocketChannel channel, Optional<Supplier<SSLEngine>> engines, BooleanSupplier stopping)
            throws IOException {
        return adopt(channel, new ChannelConnection.Role(engines, stopping));
    }

    private ChannelConnection adopt(SocketChannel channel, ChannelConnection.Role role)
            throws IOException {
        SocketAddress local = channel.getLocalAddress();
        if (local instanceof InetSocketAddress) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        }
        ChannelConnection connection =
                new ChannelConnection(
                        channel,
                        this,
                        new ChannelConnection.Ends(
                                Long.toHexString(ids.getAndIncrement()),
                                internet(local),
                                internet(channel.getRemoteAddress())),
                        role);
        connection.deadline(time.deadline(FIRST_DEADLINE));
        open.add(connection);
        return connection;
    }

    private static InetSocketAddress internet(SocketAddress address) {
        return address instanceof InetSocketAddress internet
                ? internet
                : new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    Time time() {
        return time;
    }

    BufferPool records() {
        return records;
    }

    void forget(ChannelConnection connection) {
        open.remove(connection);
    }

    Set<ChannelConnection> open() {
        return open;
    }

    private void reap() {
        while (waited()) {
            try {
                long now = time.nanos();
                for (ChannelConnection connection : open) {
                    connection.reap(now);
                }
            } catch (RuntimeException e) {
                // Without the reaper nothing would ever time out again.
                log.error("The reaper met an error of ours", e);
            }
        }
    }

    private boolean waited() {
        lock.lock();
        try {
            long deadline = time.deadline(SWEEP);
            while (!closed && time.await(lock, closing, deadline)) {
                // Woken early: wait on.
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Stops the reaper and closes every connection. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
        } finally {
            lock.unlock();
        }
        open.forEach(ChannelConnection::close);
    }
}
