package mansio.serve.smtpserver;

import mansio.codec.line.ByteSink;
import mansio.codec.line.ByteSource;
import mansio.net.listen.Connection;
import mansio.net.listen.ConnectionEnding;
import mansio.net.listen.TlsFacts;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * A client that sends its packets one by one and listens to nothing; all the server says is kept.
 * One read gives at most one packet.
 */
final class ScriptedConnection implements Connection {
    private static final InetSocketAddress LOCAL =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.25"), 25);

    final List<Long> deadlines = new ArrayList<>();
    final List<Integer> flushes = new ArrayList<>();
    boolean closed;
    Optional<ConnectionEnding.Why> ending = Optional.empty();
    private boolean midPacket;
    private Runnable whenSilent = () -> {};
    private final Deque<byte[]> packets = new ArrayDeque<>();
    private final ByteArrayOutputStream said = new ByteArrayOutputStream();
    private InetSocketAddress peer =
            new InetSocketAddress(InetAddress.ofLiteral("198.51.100.7"), 40_000);
    private Optional<TlsFacts> tls = Optional.empty();
    private boolean certificate = true;
    private TlsFacts.ChannelBindings bindings =
            new TlsFacts.ChannelBindings(Optional.empty(), Optional.empty());

    ScriptedConnection from(String ip) {
        peer = new InetSocketAddress(InetAddress.ofLiteral(ip), 40_000);
        return this;
    }

    ScriptedConnection underTls() {
        tls =
                Optional.of(
                        new TlsFacts(
                                "TLSv1.3", "TLS_AES_128_GCM_SHA256", Optional.empty(), bindings));
        return this;
    }

    ScriptedConnection withBindings(byte[] exporter, byte[] serverEndPoint) {
        bindings = new TlsFacts.ChannelBindings(Optional.of(serverEndPoint), Optional.of(exporter));
        return this;
    }

    ScriptedConnection withoutCertificate() {
        certificate = false;
        return this;
    }

    /** Each text is a packet; UTF-8. */
    ScriptedConnection sends(String... texts) {
        for (String text : texts) {
            packets.add(text.getBytes(StandardCharsets.UTF_8));
        }
        return this;
    }

    ScriptedConnection sends(byte[] packet) {
        packets.add(packet);
        return this;
    }

    /** Runs before each read that finds nothing to send; it may add packets. */
    ScriptedConnection whenSilent(Runnable action) {
        whenSilent = action;
        return this;
    }

    /** All the server said. */
    String said() {
        return said.toString(StandardCharsets.UTF_8);
    }

    /** Whether the server has read all that was sent. */
    boolean allRead() {
        return packets.isEmpty();
    }

    /** The lines it said. */
    List<String> lines() {
        return said().lines().toList();
    }

    @Override
    public String id() {
        return "7f3a1c";
    }

    @Override
    public InetSocketAddress peer() {
        return peer;
    }

    @Override
    public InetSocketAddress local() {
        return LOCAL;
    }

    @Override
    public ByteSource in() {
        return (to, offset, length) -> {
            if (packets.isEmpty()) {
                whenSilent.run();
            }
            if (closed) {
                throw new IOException("closed");
            }
            byte[] packet = packets.poll();
            if (packet == null && ending.isPresent()) {
                throw new ConnectionEnding(ending.get());
            }
            if (packet == null) {
                return -1;
            }
            int count = Math.min(length, packet.length);
            System.arraycopy(packet, 0, to, offset, count);
            if (count < packet.length) {
                byte[] rest = new byte[packet.length - count];
                System.arraycopy(packet, count, rest, 0, rest.length);
                packets.addFirst(rest);
            }
            midPacket = count < packet.length;
            return count;
        };
    }

    @Override
    public ByteSink out() {
        return new ByteSink() {
            @Override
            public void write(byte[] from, int offset, int length) {
                said.write(from, offset, length);
            }

            @Override
            public void flush() {
                if (flushes.isEmpty() || flushes.getLast() != said.size()) {
                    flushes.add(said.size());
                }
            }
        };
    }

    @Override
    public void deadline(long deadlineNanos) {
        deadlines.add(deadlineNanos);
    }

    @Override
    public Optional<TlsFacts> tls() {
        return tls;
    }

    @Override
    public boolean canStartTls() {
        return certificate && tls.isEmpty();
    }

    /** Packets stand for what the client sends after it has heard the last reply. */
    @Override
    public void startTls() throws IOException {
        if (midPacket) {
            throw new IOException("not a TLS handshake");
        }
        underTls();
    }

    @Override
    public void close() {
        closed = true;
    }
}
