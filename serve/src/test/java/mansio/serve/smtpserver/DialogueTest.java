package mansio.serve.smtpserver;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.line.BufferPool;
import mansio.net.dial.Target;
import mansio.net.listen.ConnectionLimits;
import mansio.net.listen.ConnectionLimits.Bounds;
import mansio.testkit.dialogue.Dialogue;
import mansio.testkit.dialogue.DialoguePlayer;
import mansio.testkit.sim.FakeNetwork;
import mansio.testkit.sim.Faults;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Plays {@code smtp/mx}, {@code smtp/submission} and {@code smtp/lmtp}, each with a few seeds: what
 * arrives in how many pieces differs. Actions: {@code accepted COUNT}, {@code content LINE|LINE|}
 * of the last message, {@code gone}: the server has closed.
 */
class DialogueTest {
    private static final InetSocketAddress SERVER =
            new InetSocketAddress(InetAddress.ofLiteral("192.0.2.25"), 25);
    private static final Target TARGET = new Target(SERVER, "foo.com", Target.Trust.ANY);
    private static final int SEEDS = 3;

    @TestFactory
    Stream<DynamicTest> dialogues() {
        return Arrays.stream(Flavour.values())
                .flatMap(
                        flavour ->
                                files(flavour).stream()
                                        .map(
                                                file ->
                                                        DynamicTest.dynamicTest(
                                                                file, () -> play(flavour, file))));
    }

    private static List<String> files(Flavour flavour) {
        String folder = "/smtp/" + flavour.name().toLowerCase(Locale.ROOT);
        URL url = DialogueTest.class.getResource(folder);
        assertThat(url).as(folder).isNotNull();
        try (Stream<Path> files = Files.list(Path.of(url.toURI()))) {
            return files.map(it -> folder + "/" + it.getFileName()).sorted().toList();
        } catch (IOException | URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private static void play(Flavour flavour, String file) {
        Dialogue dialogue = Dialogue.load(DialogueTest.class, file);
        for (long seed = 1; seed <= SEEDS; seed++) {
            Simulation.run(seed, simulation -> play(simulation, flavour, dialogue));
        }
    }

    private static void play(Simulation simulation, Flavour flavour, Dialogue dialogue)
            throws IOException {
        FakeRooms rooms = new FakeRooms();
        SmtpServer server =
                new SmtpServer(
                        SmtpSettings.of(flavour, FakeRooms.FOO),
                        rooms.rooms(),
                        new ConnectionLimits<>(
                                simulation.time(), new Bounds(Bounds.UNBOUNDED, 10, 10)),
                        new Environment(
                                simulation.time(),
                                simulation.random(),
                                new BufferPool(BufferPool.USUAL_BYTES, 4)));
        FakeNetwork network = new FakeNetwork(simulation, Faults.NONE);
        boolean[] gone = {false};
        network.serve(
                SERVER,
                simulation.node("server"),
                connection -> {
                    try {
                        server.serve(connection);
                    } finally {
                        gone[0] = true;
                    }
                });
        new DialoguePlayer(
                        () -> network.dial(TARGET, Long.MAX_VALUE),
                        simulation.time(),
                        action -> act(action, rooms, gone[0]))
                .play(dialogue);
    }

    private static void act(String action, FakeRooms rooms, boolean gone) {
        String[] words = action.split(" ", 2);
        switch (words[0]) {
            case "accepted" -> assertThat(rooms.accepted).hasSize(Integer.parseInt(words[1]));
            case "content" ->
                    assertThat(rooms.accepted.getLast().content())
                            .isEqualTo(words[1].replace("|", "\r\n"));
            case "gone" -> assertThat(gone).isTrue();
            default -> throw new AssertionError("no such action: " + action);
        }
    }
}
