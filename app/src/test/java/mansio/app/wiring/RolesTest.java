package mansio.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.state.config.Config;
import mansio.state.config.ConfigFile;
import mansio.state.queue.Queue;
import mansio.state.queue.QueueEntry;
import mansio.state.store.DiskSettings.Loss;
import mansio.testkit.client.FreePort;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The example configurations of machines that keep no mail: each starts, and takes root's mail. */
class RolesTest {
    private static final Path EXAMPLES = Path.of("../dist/examples").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    @TempDir Path place;

    @Test
    void aMachineThatOnlySends() throws Exception {
        QueueEntry entry = takenBy("send-only.toml");
        assertThat(entry.recipients().getFirst().forwardPath()).hasToString("ops@example.com");
        assertThat(entry.envelope().reversePath().orElseThrow().domain().orElseThrow().text())
                .isEqualTo("example.org");
    }

    @Test
    void aNullClient() throws Exception {
        QueueEntry entry = takenBy("null-client.toml");
        assertThat(entry.recipients().getFirst().forwardPath()).hasToString("root@example.org");
    }

    /** What the queue has of a message to root after the server of an example has taken it. */
    private QueueEntry takenBy(String example) throws Exception {
        Machine machine = Machine.real();
        Path drop = place.resolve("drop");
        String text =
                Files.readString(EXAMPLES.resolve(example))
                        .replace("/var/spool/mansio/drop", drop.toString())
                        .replace(
                                "\"127.0.0.1:25\", \"[::1]:25\"",
                                "\"127.0.0.1:" + FreePort.any() + "\"");
        Config config = ConfigFile.parse(text, example);
        ServerFacts facts = ConfiguredServer.facts(config, place.resolve("data"), machine);
        // The example sends for real; this test does not.
        State state =
                new State(
                        new State.Opening(facts, Loss.REFUSE, _ -> false, Optional.empty()),
                        machine);
        try (Server server = new Server(facts, state, machine)) {
            assertThat(server.openConnections()).isZero();
            Files.writeString(
                    drop.resolve("new.1"),
                    "mansio-drop 1\nto root\nmessage\nFrom: root (Cron Daemon)\n\nx\n");
            long deadline = machine.time().deadline(PATIENCE);
            List<QueueEntry> found = state.queue().list(Queue.FIRST, 10);
            while (found.isEmpty() && machine.time().nanos() - deadline < 0) {
                machine.time().sleep(Duration.ofMillis(50));
                found = state.queue().list(Queue.FIRST, 10);
            }
            assertThat(found).hasSize(1);
            return found.getFirst();
        }
    }
}
