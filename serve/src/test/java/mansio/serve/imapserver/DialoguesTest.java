package mansio.serve.imapserver;

import mansio.testkit.sim.Simulation;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Every dialogue file, each in a house of its own. */
class DialoguesTest {
    static List<String> dialogues() throws IOException, URISyntaxException {
        Path folder =
                Path.of(Objects.requireNonNull(DialoguesTest.class.getResource("/imap")).toURI());
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(it -> it.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("dialogues")
    void isSpoken(String name) {
        Simulation.run(1, simulation -> new ImapHouse(simulation).play(name));
    }
}
