package mansio.net.listen;

import static mansio.net.listen.Loopback.send;
import static mansio.net.listen.Loopback.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.line.Line;
import mansio.codec.line.LineReader;
import mansio.net.dial.Target;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;

@Timeout(300)
class ListenerTest {
    private static final Listening.Tls PLAIN = new Listening.Tls.None();

    private final Loopback net = new Loopback();

    @TempDir private Path folder;

    @AfterEach
    void close() {
        net.close();
    }

    @Test
    void linesGoThereAndBack() throws IOException {
        Listener listener = net.listen(PLAIN, net::echo);
        try (Connection connection = net.dial(listener)) {
            LineReader in = net.lines(connection);
            for (int length : new int[] {0, 1, 15, 16, 17, 1000, 16_384, 60_000}) {
                String line = "x".repeat(length);
                send(connection, line + "\r\n");
                assertThat(text(in.readLine(100_000))).isEqualTo(line);
            }
            assertThat(connection.canStartTls()).isTrue();
            assertThat(connection.tls()).isEmpty();
        }
    }

    @Test
    void aConnectionKnowsBothEndsAndItsId() throws Exception {
        BlockingQueue<Connection> served = new LinkedBlockingQueue<>();
        Listener listener = net.listen(PLAIN, served::add);
        try (Connection ours = net.dial(listener)) {
            Connection theirs = served.take();
            assertThat(theirs.peer()).isEqualTo(ours.local());
            assertThat(theirs.local()).isEqualTo(ours.peer());
            assertThat(theirs.id()).matches("[0-9a-f]{6}").isNotEqualTo(ours.id());
            assertThat(theirs.canStartTls()).isFalse();
        }
    }

    /** A closed connection is closed for the peer, whether its thread comes to run or not. */
    @Test
    void thePeerLearnsOfTheEndAtOnce() throws Exception {
        BlockingQueue<Connection> served = new LinkedBlockingQueue<>();
        Listener listener =
                net.listen(
                        PLAIN,
                        connection -> {
                            send(connection, "hello\r\n");
                            served.add(connection);
                            net.lines(connection).readLine(100);
                        });
        AtomicBoolean busy = new AtomicBoolean(true);
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()));
            socket.getInputStream().readNBytes("hello\r\n".length());
            Connection theirs = served.take();
            for (int i = 0; i < 2 * Runtime.getRuntime().availableProcessors(); i++) {
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    while (busy.get()) Thread.onSpinWait();
                                });
            }
            theirs.close();
            socket.setSoTimeout(60_000); // A thread that spins gives way to nobody.
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        } finally {
            busy.set(false);
        }
    }

    /** Attack: a peer that sends its bytes one by one. It waits, nobody else does. */
    @Test
    void bytesOneByOneMakeTheSameLines() throws IOException {
        Listener listener = net.listen(PLAIN, net::echo);
        try (Connection slow = net.dial(listener);
                Connection other = net.dial(listener)) {
            for (char letter : "NOOP a\r\nNOOP b\r\n".toCharArray()) {
                send(slow, String.valueOf(letter));
                send(other, "ping\r\n");
            }
            LineReader in = net.lines(slow);
            assertThat(text(in.readLine(100))).isEqualTo("NOOP a");
            assertThat(text(in.readLine(100))).isEqualTo("NOOP b");
            assertThat(text(net.lines(other).readLine(100))).isEqualTo("ping");
        }
    }

    /** Attack: a peer that says nothing. The reader learns why, and can still say farewell. */
    @Test
    void aSilentPeerIsReapedWithAFarewell() throws IOException {
        Listener listener =
                net.listen(
                        PLAIN,
                        connection -> {
                            connection.deadline(net.soon(Duration.ofMillis(50)));
                            try {
                                net.lines(connection).readLine(100);
                            } catch (ConnectionEnding e) {
                                connection.deadline(net.soon(Duration.ofMinutes(2)));
                                send(connection, "421 " + e.why() + "\r\n");
                                assertThatThrownBy(() -> net.lines(connection).readLine(100))
                                        .isInstanceOf(ConnectionEnding.class);
                            }
                        });
        try (Connection connection = net.dial(listener)) {
            LineReader in = net.lines(connection);
            assertThat(text(in.readLine(100))).isEqualTo("421 DEADLINE");
            assertThat(in.readLine(100)).isInstanceOf(Line.End.class);
        }
    }

    /** Attack: a peer that sends a little now and then, but never a whole line in time. */
    @Test
    void aDrippingPeerCannotStretchTheDeadline() throws Exception {
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        Listener listener =
                net.listen(
                        PLAIN,
                        connection -> {
                            connection.deadline(net.soon(Duration.ofMillis(50)));
                            try {
                                net.lines(connection).readLine(100_000);
                            } catch (ConnectionEnding e) {
                                ended.add(e.why().name());
                            }
                        });
        try (Connection connection = net.dial(listener)) {
            while (ended.isEmpty()) {
                send(connection, "x");
            }
        } catch (IOException e) {
            // Closed under the drip.
        }
        assertThat(ended.take()).isEqualTo("DEADLINE");
    }

    /** Attack: a peer that never reads. The writer must not wait for ever. */
    @Test
    void aPeerThatNeverReadsIsReaped() throws Exception {
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        Listener listener =
                net.listen(
                        PLAIN,
                        connection -> {
                            connection.deadline(net.soon(Duration.ofMillis(100)));
                            try {
                                while (true) {
                                    send(connection, "x".repeat(50_000));
                                }
                            } catch (ConnectionEnding e) {
                                ended.add(e.why().name());
                            }
                        });
        try (Connection _ = net.dial(listener)) {
            assertThat(ended.take()).isEqualTo("DEADLINE");
        }
    }

    @Test
    void anyThreadMayCloseAConnectionUnderItsReader() throws Exception {
        BlockingQueue<Connection> served = new LinkedBlockingQueue<>();
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        Listener listener =
                net.listen(
                        PLAIN,
                        connection -> {
                            served.add(connection);
                            try {
                                net.lines(connection).readLine(100);
                            } catch (IOException e) {
                                ended.add("failed");
                                throw e;
                            }
                        });
        try (Connection _ = net.dial(listener)) {
            served.take().close();
            assertThat(ended.take()).isEqualTo("failed");
        }
    }

    @Test
    void oneTooManyIsToldAndClosed() throws Exception {
        Listener listener =
                net.listen(PLAIN, new Listening.Limits(1, 10, "421 4.3.2 Busy\r\n"), net::echo);
        try (Connection first = net.dial(listener)) {
            send(first, "a\r\n");
            assertThat(text(net.lines(first).readLine(100))).isEqualTo("a");
            try (Connection second = net.dial(listener)) {
                LineReader in = net.lines(second);
                assertThat(text(in.readLine(100))).isEqualTo("421 4.3.2 Busy");
                assertThat(in.readLine(100)).isInstanceOf(Line.End.class);
            }
            assertThat(listener.connections()).isEqualTo(1);
        }
        // The first has left: there is room again.
        while (listener.connections() > 0) {
            Thread.onSpinWait();
        }
        try (Connection third = net.dial(listener)) {
            send(third, "b\r\n");
            assertThat(text(net.lines(third).readLine(100))).isEqualTo("b");
        }
    }

    @Test
    void anErrorOfOursEndsThatConnectionOnly() throws IOException {
        Listener listener =
                net.listen(
                        PLAIN,
                        connection -> {
                            net.lines(connection).readLine(100);
                            throw new IllegalStateException("our bug");
                        });
        for (int i = 0; i < 3; i++) {
            try (Connection connection = net.dial(listener)) {
                send(connection, "x\r\n");
                assertThat(net.lines(connection).readLine(100)).isInstanceOf(Line.End.class);
            }
        }
    }

    @Test
    void stoppingEndsIdleSessionsAtOnceAndLetsBusyOnesFinish() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        CountDownLatch stopped = new CountDownLatch(1);
        Listener listener =
                net.listen(
                        PLAIN,
                        connection -> {
                            LineReader in = net.lines(connection);
                            try {
                                while (true) {
                                    connection.idle(net.soon(Duration.ofMinutes(2)));
                                    if (!(in.readLine(100) instanceof Line.Text line)) {
                                        return;
                                    }
                                    if (line.latin1().equals("WORK")) {
                                        connection.deadline(net.soon(Duration.ofMinutes(2)));
                                        busy.countDown();
                                        in.skip(4);
                                    }
                                    send(connection, "done\r\n");
                                }
                            } catch (ConnectionEnding e) {
                                send(connection, "421 " + e.why() + "\r\n");
                            }
                        });
        try (Connection idle = net.dial(listener);
                Connection working = net.dial(listener)) {
            send(idle, "NOOP\r\n");
            LineReader idleIn = net.lines(idle);
            assertThat(text(idleIn.readLine(100))).isEqualTo("done");
            send(working, "WORK\r\n");
            busy.await();
            int port = listener.port();
            net.threads.start(
                    "stop",
                    () -> {
                        listener.stop(Duration.ofMinutes(2));
                        stopped.countDown();
                    });
            assertThat(text(idleIn.readLine(100))).isEqualTo("421 STOPPING");
            assertThat(stopped.getCount()).isEqualTo(1);
            send(working, "body");
            LineReader workingIn = net.lines(working);
            assertThat(text(workingIn.readLine(100))).isEqualTo("done");
            assertThat(text(workingIn.readLine(100))).isEqualTo("421 STOPPING");
            stopped.await();
            assertThatThrownBy(
                            () ->
                                    SocketChannel.open(
                                            new InetSocketAddress(
                                                    InetAddress.getLoopbackAddress(), port)))
                    .isInstanceOf(IOException.class);
        }
    }

    // As in IDLE: one thread waits for the peer, another tells it something.
    @Test
    void whoGoesIdleWhileAnotherThreadReadsIsStoppedToo() throws Exception {
        AtomicBoolean stopping = new AtomicBoolean();
        CountDownLatch reading = new CountDownLatch(1);
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        try (ServerSocketChannel server = ServerSocketChannel.open().bind(Loopback.ANY_PORT);
                SocketChannel _ = SocketChannel.open(server.getLocalAddress());
                ChannelConnection connection =
                        net.sockets.accepted(server.accept(), Optional.empty(), stopping::get)) {
            connection.deadline(net.soon(Duration.ofMinutes(2)));
            net.threads.start(
                    "read",
                    () -> {
                        reading.countDown();
                        try {
                            ended.add(text(net.lines(connection).readLine(100)));
                        } catch (IOException e) {
                            ended.add(e.toString());
                        }
                    });
            reading.await();
            stopping.set(true);
            connection.idle(net.soon(Duration.ofMinutes(2)));
            assertThat(ended.take()).contains("ConnectionEnding: the server is stopping");
        }
    }

    @Test
    void afterTheGracePeriodWhatIsLeftIsClosed() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        Listener listener =
                net.listen(
                        PLAIN,
                        connection -> {
                            busy.countDown();
                            net.lines(connection).skip(1);
                        });
        try (Connection connection = net.dial(listener)) {
            busy.await();
            listener.stop(Duration.ofMillis(50));
            assertThat(net.lines(connection).readLine(100)).isInstanceOf(Line.End.class);
        }
    }

    @Test
    void aPortInUseIsASentence() throws IOException {
        Listener listener = net.listen(PLAIN, net::echo);
        Listening same =
                new Listening(
                        "smtp",
                        new ListenAt.Tcp(
                                new InetSocketAddress(
                                        InetAddress.getLoopbackAddress(), listener.port())),
                        PLAIN,
                        Listening.Limits.usual(""));
        assertThatThrownBy(
                        () ->
                                Listener.open(
                                        same,
                                        net::echo,
                                        new Listener.Around(net.sockets, net.threads)))
                .isInstanceOf(IOException.class)
                .hasMessage(
                        "Cannot listen on 127.0.0.1:%d (smtp): another program uses this port; to"
                                + " see which: ss -ltnp 'sport = :%d'",
                        listener.port(), listener.port());
    }

    @Test
    void anAddressOfAnotherComputerIsASentence() {
        Listening elsewhere =
                new Listening(
                        "imap",
                        new ListenAt.Tcp(
                                new InetSocketAddress(InetAddress.ofLiteral("192.0.2.1"), 0)),
                        PLAIN,
                        Listening.Limits.usual(""));
        assertThatThrownBy(
                        () ->
                                Listener.open(
                                        elsewhere,
                                        net::echo,
                                        new Listener.Around(net.sockets, net.threads)))
                .hasMessage(
                        "Cannot listen on 192.0.2.1:0 (imap): this computer has no such address");
    }

    @Test
    void aUnixSocketServesAndReplacesAStaleFile() throws Exception {
        Path path = folder.resolve("lmtp.sock");
        Listening unix =
                new Listening(
                        "lmtp",
                        new ListenAt.Unix(path, "rw-rw----"),
                        PLAIN,
                        Listening.Limits.usual(""));
        Listener.Around around = new Listener.Around(net.sockets, net.threads);
        // A file that a killed program has left: bound, but nobody answers.
        try (var dead = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            dead.bind(UnixDomainSocketAddress.of(path));
        }
        assertThat(Files.exists(path)).isTrue();
        Listener listener = Listener.open(unix, net::echo, around);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rw-rw----");
        assertThatThrownBy(() -> Listener.open(unix, net::echo, around))
                .hasMessageContaining("another program listens there");
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
            channel.write(ByteBuffer.wrap("hi\r\n".getBytes()));
            ByteBuffer reply = ByteBuffer.allocate(4);
            while (reply.hasRemaining() && channel.read(reply) >= 0) {
                // The reply may come in pieces.
            }
            assertThat(new String(reply.array())).isEqualTo("hi\r\n");
        }
        listener.stop(Duration.ofMinutes(2));
        assertThat(Files.exists(path)).isFalse();
    }

    @Test
    void aFileThatIsNoSocketIsNeverDeleted() throws IOException {
        Path path = folder.resolve("precious.txt");
        Files.writeString(path, "precious");
        Listening unix =
                new Listening(
                        "lmtp",
                        new ListenAt.Unix(path, "rw-rw----"),
                        PLAIN,
                        Listening.Limits.usual(""));
        assertThatThrownBy(
                        () ->
                                Listener.open(
                                        unix,
                                        net::echo,
                                        new Listener.Around(net.sockets, net.threads)))
                .hasMessageContaining("not a socket");
        assertThat(Files.readString(path)).isEqualTo("precious");
    }

    @Test
    void aRefusedConnectNamesTheAddress() throws IOException {
        int port = nobodysPort();
        assertThatThrownBy(() -> dial(port))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(String.valueOf(port));
    }

    /** The thread that accepts closes the channel: it may be late on a busy machine. */
    @Test
    void nobodyCanConnectOnceItHasStopped() throws IOException {
        for (int i = 0; i < 300; i++) {
            int port = nobodysPort();
            assertThatThrownBy(() -> dial(port)).as("round " + i).isInstanceOf(IOException.class);
        }
    }

    private int nobodysPort() throws IOException {
        Listener listener = net.listen(PLAIN, net::echo);
        int port = listener.port();
        listener.stop(Duration.ZERO);
        return port;
    }

    private Connection dial(int port) throws IOException {
        return net.dialer.dial(
                new Target(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                        "localhost",
                        Target.Trust.ANY),
                net.soon(Duration.ofMinutes(2)));
    }
}
