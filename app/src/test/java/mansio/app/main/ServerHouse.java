package mansio.app.main;

import mansio.app.wiring.Administration;
import mansio.app.wiring.Internet;
import mansio.app.wiring.LocalMode;
import mansio.app.wiring.LookUps;
import mansio.app.wiring.Machine;
import mansio.app.wiring.Server;
import mansio.app.wiring.ServerFacts;
import mansio.app.wiring.State;
import mansio.state.store.DiskSettings.Loss;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** A whole local server in this process, on loopback ports that are free. */
final class ServerHouse implements AutoCloseable {
    final int base;
    final String password;

    /** Opens when a client has told the server to stop. */
    final CountDownLatch stopped = new CountDownLatch(1);

    final State state;
    private final Server server;
    private final Administration administration;

    /**
     * @param minFreeBytes as in {@link ServerFacts}
     */
    ServerHouse(Path folder, long minFreeBytes) throws IOException {
        Machine machine = Machine.real();
        base = freeBase();
        ServerFacts usual = LocalMode.facts(folder, base, machine);
        ServerFacts facts =
                new ServerFacts(
                        usual.hostname(),
                        folder,
                        minFreeBytes,
                        usual.passwords(),
                        usual.forwarding(),
                        usual.checking(),
                        usual.certificates(),
                        usual.doors(),
                        usual.trust(),
                        usual.limits(),
                        usual.key(),
                        usual.outgoing(),
                        usual.drop(),
                        usual.signing(),
                        usual.reporting());
        state =
                new State(
                        new State.Opening(
                                facts,
                                Loss.REFUSE,
                                facts.trust().networks(),
                                Optional.of(Internet.real(LookUps.usual(machine), machine))),
                        machine);
        LocalMode.prepare(state, folder, machine);
        password = Files.readString(LocalMode.passwordFile(folder)).strip();
        server = new Server(facts, state, machine);
        administration = Administration.open(facts, state, server, machine, stopped::countDown);
    }

    /** Another process may take one of the ports before the server does; that is rare. */
    private static int freeBase() throws IOException {
        for (int base = 30_000; base < 50_000; base += 1_000) {
            if (isFree(base + 25) && isFree(base + 143) && isFree(base + 993)) return base;
        }
        throw new IOException("no ports are free");
    }

    private static boolean isFree(int port) {
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Sends all at once to a door, and gives all that came back until the server closed. */
    String talk(int wellKnownPort, String text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), base + wellKnownPort)) {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        administration.close();
        server.close();
    }
}
