package mansio.net.dns;

import mansio.net.time.Deadlines;
import mansio.net.time.Threads;
import mansio.net.time.Time;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SocketChannel;
import java.util.function.Predicate;

/**
 * Messages of the DNS over sockets of the system, one for each query. Safe for use by any thread.
 */
public final class SocketTransport implements DnsTransport {
    /** More than we ask for: a server may send what it likes. */
    private static final int MAX_DATAGRAM = 4096;

    private final Deadlines deadlines;

    /**
     * @param threads for watching deadlines: one is started for each query
     */
    public SocketTransport(Time time, Threads threads) {
        deadlines = new Deadlines(time, threads);
    }

    /** {@inheritDoc} A connected socket: the system draws its port, and drops what others send. */
    @Override
    public byte[] datagram(
            InetSocketAddress server, byte[] query, Predicate<byte[]> wanted, long deadlineNanos)
            throws IOException {
        try (DatagramChannel channel = DatagramChannel.open();
                Deadlines.Watch _ = watch(channel, server, deadlineNanos)) {
            channel.connect(server);
            channel.write(ByteBuffer.wrap(query));
            ByteBuffer buffer = ByteBuffer.allocate(MAX_DATAGRAM);
            while (true) {
                buffer.clear();
                channel.read(buffer);
                byte[] message = taken(buffer);
                if (wanted.test(message)) {
                    return message;
                }
            }
        } catch (ClosedChannelException e) {
            throw late(server, e);
        }
    }

    @Override
    public byte[] stream(InetSocketAddress server, byte[] query, long deadlineNanos)
            throws IOException {
        try (SocketChannel channel = SocketChannel.open();
                Deadlines.Watch _ = watch(channel, server, deadlineNanos)) {
            channel.connect(server);
            // RFC 7766 section 8: length and message in one segment.
            ByteBuffer out = ByteBuffer.allocate(2 + query.length);
            out.putShort((short) query.length).put(query).flip();
            while (out.hasRemaining()) {
                channel.write(out);
            }
            int length = read(channel, 2).getShort() & 0xffff;
            return taken(read(channel, length).position(length));
        } catch (ClosedChannelException e) {
            throw late(server, e);
        }
    }

    private Deadlines.Watch watch(Channel channel, InetSocketAddress server, long deadlineNanos) {
        String name = "dns-" + server.getAddress().getHostAddress();
        return deadlines.watch(name, channel, deadlineNanos);
    }

    private static ByteBuffer read(SocketChannel channel, int length) throws IOException {
        ByteBuffer in = ByteBuffer.allocate(length);
        while (in.hasRemaining()) {
            if (channel.read(in) < 0) {
                throw new EOFException("the server hangs up before its answer ends");
            }
        }
        return in.flip();
    }

    private static byte[] taken(ByteBuffer buffer) {
        byte[] message = new byte[buffer.position()];
        buffer.flip().get(message);
        return message;
    }

    private static SocketTimeoutException late(InetSocketAddress server, IOException cause) {
        SocketTimeoutException late =
                new SocketTimeoutException(server + " does not answer in time");
        late.initCause(cause);
        return late;
    }
}
