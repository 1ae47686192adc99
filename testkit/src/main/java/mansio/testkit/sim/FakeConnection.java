package mansio.testkit.sim;

import static java.nio.charset.StandardCharsets.US_ASCII;

import mansio.codec.line.BufferPool;
import mansio.codec.line.BufferedSink;
import mansio.codec.line.ByteSink;
import mansio.codec.line.ByteSource;
import mansio.net.listen.Connection;
import mansio.net.listen.TlsFacts;
import mansio.net.listen.TlsFacts.ChannelBindings;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;

/** One end of a connection in a {@link FakeNetwork}. TLS is a greeting both sides exchange. */
final class FakeConnection implements Connection {
    private static final byte[] TLS_GREETING = "\u0016\u0003\u0001 hello".getBytes(US_ASCII);
    private static final TlsFacts FACTS =
            new TlsFacts(
                    "TLSv1.3",
                    "TLS_AES_128_GCM_SHA256",
                    Optional.empty(),
                    new ChannelBindings(Optional.empty(), Optional.empty()));

    private final Ends ends;
    private final Pipe incoming;
    private final Pipe outgoing;
    private final Simulation.Node node;
    private final BufferedSink out;
    private Optional<TlsFacts> tls = Optional.empty();

    /** Who talks with whom. */
    record Ends(String id, InetSocketAddress local, InetSocketAddress peer) {}

    FakeConnection(Ends ends, Simulation.Node node, Pipe incoming, Pipe outgoing) {
        this.ends = ends;
        this.node = node;
        this.incoming = incoming;
        this.outgoing = outgoing;
        this.out =
                new BufferedSink(
                        new ByteSink() {
                            @Override
                            public void write(byte[] from, int offset, int length)
                                    throws IOException {
                                outgoing.write(from, offset, length);
                            }

                            @Override
                            public void flush() {}
                        },
                        new BufferPool(1024, 1));
    }

    void shutDown() {
        incoming.readerStops();
    }

    Simulation.Node node() {
        return node;
    }

    void reset() {
        incoming.reset();
        outgoing.reset();
    }

    /** Bytes are counted over both directions. */
    void resetAfter(int bytes) {
        Budget budget = new Budget(bytes, this::reset);
        incoming.spend(budget);
        outgoing.spend(budget);
    }

    void silentAfter(int bytes) {
        Budget budget =
                new Budget(
                        bytes,
                        () -> {
                            incoming.silence();
                            outgoing.silence();
                        });
        incoming.spend(budget);
        outgoing.spend(budget);
    }

    /** How many bytes go well before the fault. */
    static final class Budget {
        private final Runnable fault;
        private int left;

        Budget(int left, Runnable fault) {
            this.left = left;
            this.fault = fault;
        }

        void spend(int bytes) {
            boolean was = left > 0;
            left -= bytes;
            if (was && left <= 0) {
                fault.run();
            }
        }
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
        return incoming::read;
    }

    @Override
    public ByteSink out() {
        return out;
    }

    @Override
    public void deadline(long deadlineNanos) {
        incoming.readDeadline(deadlineNanos, false);
        outgoing.writeDeadline(deadlineNanos);
    }

    @Override
    public void idle(long deadlineNanos) {
        incoming.readDeadline(deadlineNanos, true);
        outgoing.writeDeadline(deadlineNanos);
    }

    @Override
    public Optional<TlsFacts> tls() {
        return tls;
    }

    @Override
    public boolean canStartTls() {
        return tls.isEmpty();
    }

    @Override
    public void startTls() throws IOException {
        out.write(TLS_GREETING, 0, TLS_GREETING.length);
        out.flush();
        byte[] theirs = new byte[TLS_GREETING.length];
        int held = 0;
        while (held < theirs.length) {
            int count = incoming.read(theirs, held, theirs.length - held);
            if (count < 0) {
                throw new IOException("the peer closed during the TLS handshake");
            }
            held += count;
        }
        if (!Arrays.equals(theirs, TLS_GREETING)) {
            throw new IOException("not a TLS handshake");
        }
        tls = Optional.of(FACTS);
    }

    @Override
    public void close() {
        outgoing.closeByWriter();
        incoming.closeByReader();
    }
}
