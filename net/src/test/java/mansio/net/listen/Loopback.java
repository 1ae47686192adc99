package mansio.net.listen;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import mansio.codec.line.BareLf;
import mansio.codec.line.Line;
import mansio.codec.line.LineReader;
import mansio.net.dial.Target;
import mansio.net.dial.TcpDialer;
import mansio.net.time.SystemTime;
import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.net.time.VirtualThreads;
import mansio.net.tls.Certificates;
import mansio.net.tls.ClientTls;
import mansio.net.tls.Identity;
import mansio.net.tls.SelfSigned;
import mansio.net.tls.ServerTls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;

/** Listeners and callers on the loopback address, for the tests of this room and its neighbours. */
public final class Loopback implements AutoCloseable {
    public static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    public static final Identity IDENTITY =
            SelfSigned.make(
                    List.of("localhost"),
                    List.of(InetAddress.getLoopbackAddress()),
                    Instant.now(),
                    Duration.ofDays(2));
    public static final ServerTls KEYS = new ServerTls(Certificates.of(IDENTITY));

    public final Time time = new SystemTime();
    public final Threads threads = new VirtualThreads();
    public final Sockets sockets = Sockets.start(time, threads, new Random(1));
    public final TcpDialer dialer = new TcpDialer(time, threads, sockets, new ClientTls());

    public Listener listen(Listening.Tls tls, Service service) throws IOException {
        return listen(tls, new Listening.Limits(100, 50, "421 4.3.2 Busy\r\n"), service);
    }

    public Listener listen(Listening.Tls tls, Listening.Limits limits, Service service)
            throws IOException {
        return Listener.open(
                new Listening("test", new ListenAt.Tcp(ANY_PORT), tls, limits),
                service,
                new Listener.Around(sockets, threads));
    }

    public Connection dial(Listener listener) throws IOException {
        return dialer.dial(
                new Target(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()),
                        "localhost",
                        Target.Trust.ANY),
                soon(Duration.ofMinutes(2)));
    }

    public long soon(Duration duration) {
        return time.deadline(duration);
    }

    public LineReader lines(Connection connection) {
        return new LineReader(connection.in(), sockets.buffers(), BareLf.REFUSED);
    }

    public static String text(Line line) {
        return line instanceof Line.Text text ? text.latin1() : line.toString();
    }

    public static void send(Connection connection, String text) throws IOException {
        byte[] bytes = text.getBytes(ISO_8859_1);
        connection.out().write(bytes, 0, bytes.length);
        connection.out().flush();
    }

    /** Answers each line with itself; STARTTLS as a protocol would. */
    public void echo(Connection connection) throws IOException {
        LineReader in = lines(connection);
        while (true) {
            connection.idle(soon(Duration.ofMinutes(2)));
            if (!(in.readLine(100_000) instanceof Line.Text line)) {
                in.release();
                return;
            }
            String text = line.latin1();
            send(connection, text + "\r\n");
            if (text.equals("STARTTLS")) {
                int thrownAway = in.discardBuffered();
                connection.startTls();
                send(connection, "thrown away " + thrownAway + "\r\n");
            }
        }
    }

    @Override
    public void close() {
        sockets.close();
    }
}
