package mansio.app.main;

import mansio.state.config.Config;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** What every command that asks something takes. */
final class AskOptions extends AnswerOptions {
    // Absent: the usual configuration, when this user may read it.
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The server's configuration (default: /etc/mansio/mansio.toml when it can be"
                            + " read).")
    private @Nullable Path given;

    /**
     * The configuration that the server on the same folder would have.
     *
     * @return empty when none is named and the usual one is not there for this user
     */
    Optional<Config> config() throws IOException {
        return ConfigPlace.read(Optional.ofNullable(given));
    }

    /** The data folder as {@code serve} would find it. */
    Path folder() throws IOException {
        Optional<Path> told = data.given();
        if (told.isPresent()) return told.get();
        return config().flatMap(Config::data).orElseGet(data::folder);
    }
}
