package mansio.net.dial;

import mansio.net.listen.Connection;
import mansio.net.listen.Sockets;
import mansio.net.time.Deadlines;
import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.net.tls.ClientTls;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.util.function.Supplier;

import javax.net.ssl.SSLEngine;

/** Opens TCP connections, and those to sockets of this machine. Safe for use by any thread. */
public final class TcpDialer implements Dialer {
    private final Deadlines deadlines;
    private final Sockets sockets;
    private final ClientTls tls;

    public TcpDialer(Time time, Threads threads, Sockets sockets, ClientTls tls) {
        deadlines = new Deadlines(time, threads);
        this.sockets = sockets;
        this.tls = tls;
    }

    @Override
    public Connection dial(Target target, long deadlineNanos) throws IOException {
        SocketChannel channel =
                target.address() instanceof UnixDomainSocketAddress
                        ? SocketChannel.open(StandardProtocolFamily.UNIX)
                        : SocketChannel.open();
        try {
            if (target.source().isPresent()) {
                channel.bind(new InetSocketAddress(target.source().get(), 0));
            }
            connect(channel, target.address(), deadlineNanos);
            Connection connection = sockets.dialled(channel, engines(target));
            connection.deadline(deadlineNanos);
            return connection;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private Supplier<SSLEngine> engines(Target target) {
        int port = target.address() instanceof InetSocketAddress it ? it.getPort() : -1;
        return switch (target.trust()) {
            case VERIFIED -> () -> tls.verifying(target.host(), port);
            case ANY -> () -> tls.believing(target.host(), port);
        };
    }

    /** A connect has no deadline of its own: a second thread closes the channel when it passes. */
    private void connect(SocketChannel channel, SocketAddress address, long deadlineNanos)
            throws IOException {
        String name =
                "dial-"
                        + (address instanceof InetSocketAddress it
                                ? it.getAddress().getHostAddress()
                                : address);
        try (Deadlines.Watch _ = deadlines.watch(name, channel, deadlineNanos)) {
            channel.connect(address);
        } catch (ClosedChannelException e) {
            SocketTimeoutException late =
                    new SocketTimeoutException(address + " does not answer in time");
            late.initCause(e);
            throw late;
        } catch (SocketException e) {
            // A socket that is not there is no ConnectException.
            ConnectException named = new ConnectException(address + ": " + e.getMessage());
            named.initCause(e);
            throw named;
        }
    }
}
