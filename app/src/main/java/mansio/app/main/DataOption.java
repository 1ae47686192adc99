package mansio.app.main;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the data is. */
final class DataOption {
    static final Path INSTALLED = Path.of("/var/lib/mansio");

    // Absent unless given on the command line.
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "The data folder (default: $MANSIO_DATA, else /var/lib/mansio when installed,"
                            + " else ./data).")
    private @Nullable Path given;

    /** As told on the command line or by the environment. */
    Optional<Path> given() {
        if (given != null) return Optional.of(given);
        return Optional.ofNullable(System.getenv("MANSIO_DATA"))
                .filter(text -> !text.isBlank())
                .map(Path::of);
    }

    Path folder() {
        Optional<Path> told = given();
        if (told.isPresent()) return told.get();
        return Files.isDirectory(INSTALLED) ? INSTALLED : Path.of("data");
    }
}
