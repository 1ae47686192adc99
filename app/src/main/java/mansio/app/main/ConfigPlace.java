package mansio.app.main;

import mansio.state.config.Config;
import mansio.state.config.ConfigException;
import mansio.state.config.ConfigFile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the configuration is. */
final class ConfigPlace {
    /** When no other is named. */
    static final Path USUAL = Path.of("/etc/mansio/mansio.toml");

    private ConfigPlace() {}

    /**
     * For a command that can do without: the one that is named, else the usual one when this user
     * may read it.
     *
     * @throws IOException when it is wrong, with all its mistakes
     */
    static Optional<Config> read(Optional<Path> named) throws IOException {
        if (named.isEmpty() && !Files.isReadable(USUAL)) return Optional.empty();
        Path file = named.orElse(USUAL);
        if (!Files.exists(file)) throw new IOException("there is no configuration " + file);
        try {
            return Optional.of(ConfigFile.load(file));
        } catch (ConfigException e) {
            throw new IOException("the configuration cannot be used:\n" + e.getMessage(), e);
        }
    }
}
