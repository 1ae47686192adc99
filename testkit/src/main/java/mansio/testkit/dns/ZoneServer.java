package mansio.testkit.dns;

import mansio.net.time.SystemTime;

import org.jspecify.annotations.Nullable;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A DNS server for tests, by UDP and TCP on one port of loopback, that knows its zones and nothing
 * else, and misbehaves where it is told to ({@link Behaviour}). Safe for use by any thread.
 *
 * <p>On its own: {@code java -cp ... mansio.testkit.dns.ZoneServer --port 5300 ZONEFILE}. It prints
 * {@code listening 127.0.0.1:5300} when it does, and reads changed files again.
 */
public final class ZoneServer implements AutoCloseable {
    private static final int MAX_DATAGRAM = 65_535;
    private static final int BIND_TRIES = 20;
    private static final long LOOK_MILLIS = 200;

    private final DatagramSocket datagrams;
    private final ServerSocket streams;
    private volatile Zones zones = new Zones();
    private volatile @Nullable Updates updates; // Absent: it takes none.

    private ZoneServer(DatagramSocket datagrams, ServerSocket streams) {
        this.datagrams = datagrams;
        this.streams = streams;
    }

    /**
     * Starts a server without zones, which refuses every question.
     *
     * @param port 0 for any free one
     */
    public static ZoneServer start(int port) throws IOException {
        InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
        for (int i = 0; ; i++) {
            ServerSocket streams = new ServerSocket(port, 50, loopback);
            try {
                DatagramSocket datagrams = new DatagramSocket(streams.getLocalPort(), loopback);
                ZoneServer server = new ZoneServer(datagrams, streams);
                Thread.ofVirtual().name("zone-udp").start(server::serveDatagrams);
                Thread.ofVirtual().name("zone-tcp").start(server::serveStreams);
                return server;
            } catch (BindException e) {
                streams.close();
                if (port != 0 || i == BIND_TRIES) {
                    throw e;
                }
            }
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return new InetSocketAddress(streams.getInetAddress(), streams.getLocalPort());
    }

    /** As {@link FakeDns#zone}. */
    public synchronized void zone(String origin, String text) {
        zones = zones.with(origin, text);
    }

    /** As {@link FakeDns#signedWorld}. */
    public synchronized void signedWorld() {
        zones = SignedWorld.everything();
    }

    /** As {@link FakeDns#behave}. */
    public synchronized void behave(String name, Behaviour behaviour) {
        zones = zones.with(name, behaviour);
    }

    /** As {@link FakeDns#behaveWell}. */
    public synchronized void behaveWell(String name) {
        zones = zones.without(name);
    }

    /** As {@link FakeDns#updates}. */
    public void updates(Updates how) {
        updates = how;
    }

    /** What became of an update; empty when none are taken, or nothing is said. */
    private synchronized Optional<byte[]> updated(byte[] query) throws IOException {
        Updates how = updates;
        if (how == null) return Optional.empty();
        Updates.Outcome outcome = how.react(zones, query, new SystemTime());
        zones = outcome.zones();
        return Optional.ofNullable(outcome.answer());
    }

    @Override
    public void close() throws IOException {
        datagrams.close();
        streams.close();
    }

    private void serveDatagrams() {
        while (!datagrams.isClosed()) {
            DatagramPacket packet = new DatagramPacket(new byte[MAX_DATAGRAM], MAX_DATAGRAM);
            try {
                datagrams.receive(packet);
            } catch (IOException e) {
                continue; // Closed, or a client that is gone.
            }
            Thread.ofVirtual().start(() -> answer(packet));
        }
    }

    private void answer(DatagramPacket packet) {
        byte[] query = Arrays.copyOf(packet.getData(), packet.getLength());
        try {
            Responder.Reaction reaction = Responder.react(zones, query, false);
            Thread.sleep(reaction.delay());
            for (byte[] message : reaction.messages()) {
                datagrams.send(
                        new DatagramPacket(message, message.length, packet.getSocketAddress()));
            }
        } catch (IOException | InterruptedException e) {
            // Nobody to tell: the client waits in vain, as it would elsewhere.
        }
    }

    private void serveStreams() {
        while (!streams.isClosed()) {
            try {
                Socket socket = streams.accept();
                Thread.ofVirtual().start(() -> serve(socket));
            } catch (IOException e) {
                // Closed.
            }
        }
    }

    private void serve(Socket socket) {
        try (socket;
                DataInputStream in = new DataInputStream(socket.getInputStream());
                DataOutputStream out = new DataOutputStream(socket.getOutputStream())) {
            while (true) {
                byte[] query = new byte[in.readUnsignedShort()];
                in.readFully(query);
                if (Updates.isUpdate(query)) {
                    Optional<byte[]> answer = updated(query);
                    if (answer.isEmpty()) return;
                    out.writeShort(answer.get().length);
                    out.write(answer.get());
                    continue;
                }
                Responder.Reaction reaction = Responder.react(zones, query, true);
                if (reaction.end() == Responder.Reaction.End.REFUSED) {
                    return;
                }
                Thread.sleep(reaction.delay());
                for (byte[] message : reaction.messages()) {
                    boolean cut = reaction.end() == Responder.Reaction.End.CUT;
                    out.writeShort(message.length);
                    out.write(message, 0, cut ? message.length / 2 : message.length);
                    if (cut) {
                        return;
                    }
                }
            }
        } catch (EOFException e) {
            // The client is done.
        } catch (IOException | InterruptedException e) {
            // As with datagrams.
        }
    }

    /**
     * Serves until it is killed.
     *
     * @param args {@code --port N} and files: {@code FILE} for one that holds the whole world, or
     *     {@code ORIGIN=FILE}
     */
    public static void main(String[] args) throws Exception {
        int port = 0;
        List<String> files = new ArrayList<>();
        for (int i = 0; i < args.length; i++) {
            if (args[i].equals("--port") && i + 1 < args.length) {
                port = Integer.parseInt(args[++i]);
            } else {
                files.add(args[i]);
            }
        }
        if (files.isEmpty()) {
            System.err.println("usage: ZoneServer [--port N] [ORIGIN=]ZONEFILE...");
            System.exit(2);
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (ZoneServer server = start(port)) {
            String text = read(files);
            server.zones = parse(files);
            out.println("listening 127.0.0.1:" + server.address().getPort());
            while (true) {
                Thread.sleep(LOOK_MILLIS);
                text = server.readAgain(files, text, out);
            }
        }
    }

    /** Takes changed files over; a broken one changes nothing, and its error is printed. */
    private String readAgain(List<String> files, String before, PrintStream out) {
        try {
            String now = read(files);
            if (!now.equals(before)) {
                zones = parse(files);
                out.println("reloaded");
            }
            return now;
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            out.println("not reloaded: " + e.getMessage());
            return before;
        }
    }

    private static Zones parse(List<String> files) throws IOException {
        Zones all = new Zones();
        for (String file : files) {
            int equals = file.indexOf('=');
            String origin = equals < 0 ? "." : file.substring(0, equals);
            all = all.with(origin, Files.readString(path(file)));
        }
        return all;
    }

    private static String read(List<String> files) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String file : files) {
            all.append(Files.readString(path(file))).append('\0');
        }
        return all.toString();
    }

    private static Path path(String file) {
        return Path.of(file.substring(file.indexOf('=') + 1));
    }
}
