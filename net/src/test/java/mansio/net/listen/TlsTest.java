package mansio.net.listen;

import static mansio.net.listen.Loopback.send;
import static mansio.net.listen.Loopback.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.line.BareLf;
import mansio.codec.line.BufferPool;
import mansio.codec.line.ByteSink;
import mansio.codec.line.Line;
import mansio.codec.line.LineReader;
import mansio.net.dial.Target;
import mansio.net.tls.Certificates;
import mansio.net.tls.ClientTls;
import mansio.net.tls.Identity;
import mansio.net.tls.SelfSigned;
import mansio.net.tls.ServerTls;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

@Timeout(300)
class TlsTest {
    private static final Listening.Tls OFFERED = new Listening.Tls.Offered(Loopback.KEYS);
    private static final Listening.Tls IMPLICIT = new Listening.Tls.Implicit(Loopback.KEYS);

    private final Loopback net = new Loopback();

    @AfterEach
    void close() {
        net.close();
    }

    @Test
    void linesOfAllSizesGoThereAndBack() throws IOException {
        Listener listener = net.listen(IMPLICIT, net::echo);
        try (Connection connection = net.dial(listener)) {
            connection.startTls();
            LineReader in = net.lines(connection);
            for (int length : new int[] {0, 1, 15, 16, 17, 1000, 16_384, 60_000}) {
                String line = "x".repeat(length);
                send(connection, line + "\r\n");
                assertThat(text(in.readLine(100_000))).as("%s", length).isEqualTo(line);
            }
        }
    }

    @Test
    void randomPiecesArriveWhole() throws IOException {
        Listener listener =
                net.listen(
                        IMPLICIT,
                        connection -> {
                            byte[] piece = new byte[20_000];
                            Random random = new Random(5);
                            int count;
                            while ((count =
                                            connection
                                                    .in()
                                                    .read(
                                                            piece,
                                                            0,
                                                            1 + random.nextInt(piece.length)))
                                    > 0) {
                                connection.out().write(piece, 0, count);
                                connection.out().flush();
                            }
                        });
        Random random = new Random(6);
        try (Connection connection = net.dial(listener)) {
            connection.startTls();
            for (int round = 0; round < 40; round++) {
                byte[] sent = new byte[1 + random.nextInt(40_000)];
                random.nextBytes(sent);
                connection.out().write(sent, 0, sent.length);
                connection.out().flush();
                byte[] got = new byte[sent.length];
                int held = 0;
                while (held < got.length) {
                    int count = connection.in().read(got, held, got.length - held);
                    assertThat(count).isPositive();
                    held += count;
                }
                assertThat(got).isEqualTo(sent);
            }
        }
    }

    @Test
    void bothSidesSeeTheSameSession() throws Exception {
        BlockingQueue<TlsFacts> facts = new LinkedBlockingQueue<>();
        Listener listener =
                net.listen(
                        OFFERED,
                        connection -> {
                            connection.startTls();
                            facts.add(connection.tls().orElseThrow());
                        });
        try (Connection connection = net.dial(listener)) {
            connection.startTls();
            TlsFacts ours = connection.tls().orElseThrow();
            TlsFacts theirs = facts.take();
            assertThat(theirs.protocol()).isEqualTo("TLSv1.3").isEqualTo(ours.protocol());
            assertThat(theirs.cipherSuite()).isEqualTo("TLS_AES_128_GCM_SHA256");
            assertThat(theirs.serverName()).contains("localhost");
            assertThat(theirs.bindings().exporter().orElseThrow())
                    .hasSize(32)
                    .isEqualTo(ours.bindings().exporter().orElseThrow());
            // The certificate is signed with SHA-256.
            X509Certificate certificate = Loopback.IDENTITY.chain().getFirst();
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            assertThat(theirs.bindings().serverEndPoint().orElseThrow())
                    .isEqualTo(hash)
                    .isEqualTo(ours.bindings().serverEndPoint().orElseThrow());
            assertThat(connection.canStartTls()).isFalse();
        }
    }

    /** A session that is resumed from a ticket has its facts too. */
    @Test
    void aResumedSessionHasTheSameFacts() throws Exception {
        BlockingQueue<TlsFacts> facts = new LinkedBlockingQueue<>();
        Listener listener =
                net.listen(
                        OFFERED,
                        connection -> {
                            connection.startTls();
                            facts.add(connection.tls().orElseThrow());
                            net.echo(connection);
                        });
        byte[] hash = SessionFacts.endPoint(Loopback.IDENTITY.chain().getFirst()).orElseThrow();
        for (int i = 0; i < 3; i++) {
            try (Connection connection = net.dial(listener)) {
                connection.startTls();
                send(connection, "x\r\n");
                // Reading takes the ticket in.
                assertThat(text(net.lines(connection).readLine(100))).isEqualTo("x");
                TlsFacts ours = connection.tls().orElseThrow();
                TlsFacts theirs = facts.take();
                assertThat(theirs.serverName()).contains("localhost");
                assertThat(theirs.bindings().serverEndPoint().orElseThrow()).isEqualTo(hash);
                assertThat(ours.bindings().serverEndPoint().orElseThrow()).isEqualTo(hash);
                assertThat(theirs.bindings().exporter().orElseThrow())
                        .isEqualTo(ours.bindings().exporter().orElseThrow());
            }
        }
    }

    /** Attack: records cut into single bytes, and one that never reads in TLS. */
    @Test
    void tlsBytesOneByOneMakeTheSameLines() throws Exception {
        Listener listener = net.listen(IMPLICIT, net::echo);
        try (SocketChannel channel =
                SocketChannel.open(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()))) {
            TlsChannel client =
                    new TlsChannel(
                            new ClientTls().believing("localhost", 0),
                            (to, offset, length) ->
                                    channel.read(ByteBuffer.wrap(to, offset, Math.min(length, 3))),
                            new ByteSink() {
                                @Override
                                public void write(byte[] from, int offset, int length)
                                        throws IOException {
                                    for (int at = offset; at < offset + length; at++) {
                                        channel.write(ByteBuffer.wrap(from, at, 1));
                                    }
                                }

                                @Override
                                public void flush() {}
                            },
                            new BufferPool(TlsChannel.RECORD_BYTES, 4));
            client.handshake();
            byte[] line = ("y".repeat(3000) + "\r\n").getBytes();
            client.write(line, 0, line.length);
            LineReader in = new LineReader(client::read, net.sockets.buffers(), BareLf.REFUSED);
            assertThat(text(in.readLine(5000))).isEqualTo("y".repeat(3000));
            client.release();
        }
    }

    /** Noise in place of TLS never gets further than the handshake. */
    @Test
    void noiseBreaksTheHandshakeOnly() throws Exception {
        BlockingQueue<String> served = new LinkedBlockingQueue<>();
        Listener listener = net.listen(IMPLICIT, connection -> served.add("served"));
        Random random = new Random(11);
        for (int i = 0; i < 200; i++) {
            try (Connection connection = net.dial(listener)) {
                byte[] noise = new byte[1 + random.nextInt(300)];
                random.nextBytes(noise);
                if (random.nextBoolean()) {
                    noise[0] = 22;
                    if (noise.length > 2) {
                        noise[1] = 3;
                        noise[2] = 1;
                    }
                }
                connection.out().write(noise, 0, noise.length);
                connection.out().flush();
            }
        }
        while (listener.connections() > 0) {
            Thread.onSpinWait();
        }
        assertThat(served).isEmpty();
    }

    /** Attack: commands sent in one packet with STARTTLS, so that they are obeyed after it. */
    @Test
    void plainBytesSentWithStartTlsAreNotObeyedAfterIt() throws IOException {
        Listener listener = net.listen(OFFERED, net::echo);
        try (Connection connection = net.dial(listener)) {
            send(connection, "STARTTLS\r\nRCPT TO:<evil@example.org>\r\n");
            LineReader in = net.lines(connection);
            assertThat(text(in.readLine(100))).isEqualTo("STARTTLS");
            // What had not been read ahead meets the handshake and breaks it; what had is gone.
            try {
                connection.startTls();
                assertThat(text(in.readLine(100))).startsWith("thrown away ");
                send(connection, "NOOP\r\n");
                assertThat(text(in.readLine(100))).isEqualTo("NOOP");
            } catch (IOException e) {
                assertThat(connection.tls()).isEmpty();
            }
        }
    }

    /** The same, with the bytes certain to be unread when the handshake begins. */
    @Test
    void plainBytesInPlaceOfTheHandshakeBreakIt() throws Exception {
        BlockingQueue<String> ended = new LinkedBlockingQueue<>();
        Listener listener =
                net.listen(
                        OFFERED,
                        connection -> {
                            try {
                                connection.startTls();
                            } catch (IOException e) {
                                ended.add("broken");
                            }
                        });
        try (Connection connection = net.dial(listener)) {
            send(connection, "RCPT TO:<evil@example.org>\r\n");
            assertThat(ended.take()).isEqualTo("broken");
        }
    }

    /** The server's answers sent before the handshake are not read after it by our client. */
    @Test
    void ourClientIgnoresPlainRepliesSentAhead() throws IOException {
        Listener listener =
                net.listen(
                        OFFERED,
                        connection -> {
                            send(connection, "220 go\r\n250 injected\r\n");
                            connection.startTls();
                            send(connection, "250 genuine\r\n");
                        });
        try (Connection connection = net.dial(listener)) {
            LineReader in = net.lines(connection);
            assertThat(text(in.readLine(100))).isEqualTo("220 go");
            try {
                in.discardBuffered();
                connection.startTls();
                assertThat(text(in.readLine(100))).isEqualTo("250 genuine");
            } catch (IOException e) {
                assertThat(connection.tls()).isEmpty();
            }
        }
    }

    @Test
    void theCertificateIsChosenByName() throws IOException {
        Identity other =
                SelfSigned.make(
                        List.of("other.test"), List.of(), Instant.now(), Duration.ofDays(1));
        ServerTls keys = new ServerTls(Certificates.of(Loopback.IDENTITY, other));
        Listener listener = net.listen(new Listening.Tls.Implicit(keys), net::echo);
        for (String host : List.of("localhost", "other.test", "unknown.test", "127.0.0.1")) {
            try (Connection connection =
                    net.dialer.dial(
                            target(listener, host, Target.Trust.ANY),
                            net.soon(Duration.ofMinutes(2)))) {
                connection.startTls();
                Identity expected = host.equals("other.test") ? other : Loopback.IDENTITY;
                assertThat(connection.tls().orElseThrow().bindings().serverEndPoint().orElseThrow())
                        .as(host)
                        .isEqualTo(
                                SessionFacts.endPoint(expected.chain().getFirst()).orElseThrow());
            }
        }
    }

    private static Target target(Listener listener, String host, Target.Trust trust)
            throws IOException {
        return new Target(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), listener.port()),
                host,
                trust);
    }

    @Test
    void aVerifyingClientRefusesACertificateNobodyVouchesFor() throws IOException {
        Listener listener = net.listen(IMPLICIT, net::echo);
        try (Connection connection =
                net.dialer.dial(
                        target(listener, "localhost", Target.Trust.VERIFIED),
                        net.soon(Duration.ofMinutes(2)))) {
            assertThatThrownBy(connection::startTls).isInstanceOf(SSLHandshakeException.class);
            assertThat(connection.tls()).isEmpty();
        }
    }

    @Test
    void closingSaysSoInTls() throws IOException {
        Listener listener = net.listen(IMPLICIT, connection -> send(connection, "* BYE\r\n"));
        try (Connection connection = net.dial(listener)) {
            connection.startTls();
            LineReader in = net.lines(connection);
            assertThat(text(in.readLine(100))).isEqualTo("* BYE");
            assertThat(in.readLine(100)).isInstanceOf(Line.End.class);
        }
    }

    @Test
    void aSilentPeerUnderTlsIsReapedWithAFarewell() throws IOException {
        Listener listener =
                net.listen(
                        IMPLICIT,
                        connection -> {
                            connection.deadline(net.soon(Duration.ofMillis(50)));
                            try {
                                net.lines(connection).readLine(100);
                            } catch (ConnectionEnding e) {
                                connection.deadline(net.soon(Duration.ofMinutes(2)));
                                send(connection, "* BYE " + e.why() + "\r\n");
                            }
                        });
        try (Connection connection = net.dial(listener)) {
            connection.startTls();
            assertThat(text(net.lines(connection).readLine(100))).isEqualTo("* BYE DEADLINE");
        }
    }

    /** Old protocols and renegotiation, asked for by the JDK's own socket. */
    @Test
    void onlyTls12AndTls13AndNoRenegotiation() throws Exception {
        Listener listener = net.listen(IMPLICIT, net::echo);
        try (SSLSocket socket = jdkSocket(listener, "TLSv1.2")) {
            socket.getOutputStream().write("a\r\n".getBytes());
            assertThat(socket.getInputStream().readNBytes(3)).containsExactly('a', '\r', '\n');
            assertThat(socket.getSession().getCipherSuite()).contains("ECDHE").contains("GCM");
            socket.startHandshake();
            assertThatThrownBy(
                            () -> {
                                socket.getOutputStream().write("b\r\n".getBytes());
                                if (socket.getInputStream().read() < 0) {
                                    throw new IOException("closed");
                                }
                            })
                    .isInstanceOf(IOException.class);
        }
        try (SSLSocket socket = jdkSocket(listener, "TLSv1.3")) {
            socket.getOutputStream().write("a\r\n".getBytes());
            assertThat(socket.getInputStream().readNBytes(3)).containsExactly('a', '\r', '\n');
        }
    }

    private static SSLSocket jdkSocket(Listener listener, String protocol) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new TrustAll()}, null);
        SSLSocket socket =
                (SSLSocket)
                        context.getSocketFactory()
                                .createSocket(InetAddress.getLoopbackAddress(), listener.port());
        socket.setSoTimeout(10_000);
        socket.setEnabledProtocols(new String[] {protocol});
        return socket;
    }

    private static final class TrustAll implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
