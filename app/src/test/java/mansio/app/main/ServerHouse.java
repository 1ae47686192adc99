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
import mansio.testkit.client.FreePort;

import java.io.IOException;
import java.net.InetAddress;
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
        base = FreePort.base(25, 24, 587, 465, 143, 993);
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
