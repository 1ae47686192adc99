package mansio.net.listen;

import mansio.codec.line.BufferedSink;
import mansio.codec.line.ByteSink;
import mansio.codec.line.ByteSource;
import mansio.net.listen.ConnectionEnding.Why;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

import javax.net.ssl.SSLEngine;

/**
 * A connection over a blocking SocketChannel on a virtual thread.
 *
 * <p>Its thread reads and writes. The reaper looks on from outside: {@code reading} and {@code
 * writing} tell it what goes on. A read whose time is over is ended by shutting down the input,
 * which leaves the way out open for a farewell; a write, by closing.
 */
final class ChannelConnection implements Connection {
    private static final long FAREWELL_NANOS = 2_000_000_000L;

    /** How long one write may wait for the peer to read anything at all. */
    private static final long WRITE_STALL_NANOS = 120_000_000_000L;

    /**
     * Read or written at once. The JDK copies through a buffer outside the heap as big as this and
     * keeps it for ever, one for each carrier.
     */
    private static final int MOST_BYTES = 64 * 1024;

    private final SocketChannel channel;
    private final Sockets sockets;
    private final Ends ends;
    private final Role role;
    private final Turn reading = new Turn();
    private final Turn writing = new Turn();
    private final ByteSource in = this::read;
    private final BufferedSink out;
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile long deadlineNanos;
    private volatile long writeSinceNanos;
    private volatile boolean idle;
    // Null until startTls() has made it; the facts come when the handshake is done.
    private volatile @Nullable TlsChannel tls;
    private volatile Optional<TlsFacts> facts = Optional.empty();

    /** Who talks with whom. */
    record Ends(String id, InetSocketAddress local, InetSocketAddress peer) {}

    /**
     * What the connection belongs to.
     *
     * @param engines makes the engine of a handshake; empty where there is no certificate
     * @param stopping whether the listener has been told to stop
     */
    record Role(Optional<Supplier<SSLEngine>> engines, BooleanSupplier stopping) {}

    ChannelConnection(SocketChannel channel, Sockets sockets, Ends ends, Role role) {
        this.channel = channel;
        this.sockets = sockets;
        this.ends = ends;
        this.role = role;
        this.out = new BufferedSink(sink(this::write), sockets.buffers());
    }

    @FunctionalInterface
    private interface Writer {
        void write(byte[] from, int offset, int length) throws IOException;
    }

    private static ByteSink sink(Writer writer) {
        return new ByteSink() {
            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                writer.write(from, offset, length);
            }

            @Override
            public void flush() {
                // Every write leaves at once.
            }
        };
    }

    @Override
    public String id() {
        return ends.id;
    }

    @Override
    public InetSocketAddress peer() {
        return ends.peer;
    }

    @Override
    public InetSocketAddress local() {
        return ends.local;
    }

    @Override
    public ByteSource in() {
        return in;
    }

    @Override
    public ByteSink out() {
        return out;
    }

    @Override
    public void deadline(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
        this.idle = false;
    }

    @Override
    public void idle(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
        this.idle = true;
        if (role.stopping.getAsBoolean()) {
            stop(); // Another thread may be in the read, begun before the listener stopped.
        }
    }

    @Override
    public Optional<TlsFacts> tls() {
        return facts;
    }

    @Override
    public boolean canStartTls() {
        return role.engines.isPresent() && tls == null;
    }

    @Override
    public void startTls() throws IOException {
        if (!canStartTls()) {
            throw new IllegalStateException("TLS cannot be started here");
        }
        out.flush();
        TlsChannel channel =
                new TlsChannel(
                        role.engines.orElseThrow().get(),
                        this::readRaw,
                        sink(this::writeRaw),
                        sockets.records());
        tls = channel;
        channel.handshake();
        facts = Optional.of(SessionFacts.of(channel.engine()));
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        TlsChannel channel = tls;
        if (channel != null && !Turn.busy(reading.look()) && !Turn.busy(writing.look())) {
            try {
                deadline(sockets.time().nanos() + FAREWELL_NANOS);
                channel.closeNotify();
            } catch (IOException e) {
                // The peer is gone already: it needs no farewell.
            }
        }
        closeChannel();
        sockets.forget(this);
    }

    /** Gives leased buffers back; by the owning thread only, when it is done. */
    void release() {
        out.release();
        if (tls != null) {
            tls.release();
        }
    }

    boolean belongsTo(BooleanSupplier stopping) {
        return role.stopping.equals(stopping);
    }

    /** Ends what has waited too long; called by the reaper. */
    void reap(long now) {
        long read = reading.look();
        if (Turn.busy(read) && now - deadlineNanos >= 0 && reading.reap(read, Why.DEADLINE)) {
            shutdownInput();
        }
        long write = writing.look();
        boolean late = now - deadlineNanos >= 0 || now - writeSinceNanos >= WRITE_STALL_NANOS;
        if (Turn.busy(write) && late && writing.reap(write, Why.DEADLINE)) {
            closeChannel();
        }
    }

    /** Ends the wait between two commands, if that is what goes on; called by the listener. */
    void stop() {
        long read = reading.look();
        if (idle && Turn.busy(read) && reading.reap(read, Why.STOPPING)) {
            shutdownInput();
        }
    }

    private int read(byte[] to, int offset, int length) throws IOException {
        TlsChannel channel = tls;
        return channel == null ? readRaw(to, offset, length) : channel.read(to, offset, length);
    }

    private void write(byte[] from, int offset, int length) throws IOException {
        TlsChannel channel = tls;
        if (channel == null) {
            writeRaw(from, offset, length);
        } else {
            channel.write(from, offset, length);
        }
    }

    private int readRaw(byte[] to, int offset, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(to, offset, Math.min(length, MOST_BYTES));
        long turn = reading.begin();
        try {
            // After begin(): a listener that stops now sees this read, or this read sees it stop.
            if (idle && role.stopping.getAsBoolean()) {
                throw new ConnectionEnding(Why.STOPPING);
            }
            checkDeadline();
            return channel.read(bytes);
        } catch (ClosedChannelException e) {
            throw closed(e);
        } finally {
            reading.end(turn);
        }
    }

    private void writeRaw(byte[] from, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            ByteBuffer bytes = ByteBuffer.wrap(from, at, Math.min(end - at, MOST_BYTES));
            writeSinceNanos = sockets.time().nanos();
            long turn = writing.begin();
            try {
                checkDeadline();
                at += channel.write(bytes);
            } catch (ClosedChannelException e) {
                throw closed(e);
            } finally {
                writing.end(turn);
            }
        }
    }

    private void checkDeadline() throws ConnectionEnding {
        if (sockets.time().nanos() - deadlineNanos >= 0) {
            throw new ConnectionEnding(Why.DEADLINE);
        }
    }

    private static EOFException closed(ClosedChannelException cause) {
        EOFException e = new EOFException("the connection was closed on our side");
        e.initCause(cause);
        return e;
    }

    private void shutdownInput() {
        try {
            channel.shutdownInput();
        } catch (IOException e) {
            // Closed or reset meanwhile: the read ends all the same.
            closeChannel();
        }
    }

    private void closeChannel() {
        // A thread that reads or writes closes the descriptor, when it gets to run: on a busy
        // machine that may be much later. The peer learns of the end at once.
        try {
            channel.shutdownOutput();
        } catch (IOException e) {
            // Closed or reset meanwhile.
        }
        try {
            channel.close();
        } catch (IOException e) {
            // The descriptor is gone in any case.
        }
    }
}
