package mansio.state.config;

import org.tomlj.Toml;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlVersion;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Reads configuration files (TOML 1.0). */
public final class ConfigFile {
    /** Longest file that is read, in bytes. */
    public static final int MAX_BYTES = 1 << 20;

    private ConfigFile() {}

    /**
     * Reads a file. Relative paths in it stay as they are: they are meant from the folder the
     * server is started in.
     *
     * @throws ConfigException with everything that is wrong in it
     * @throws IOException when it cannot be read; the message is a sentence
     */
    public static Config load(Path file) throws IOException, ConfigException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            throw new IOException("there is no configuration file " + file, e);
        }
        if (bytes.length > MAX_BYTES) {
            throw new IOException(file + " is longer than " + MAX_BYTES + " bytes");
        }
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return parse(text, file.toString());
        } catch (CharacterCodingException e) {
            throw new IOException(file + " is not UTF-8 text", e);
        }
    }

    /**
     * Reads the text of a file.
     *
     * @param name of the file, for messages
     */
    public static Config parse(String text, String name) throws ConfigException {
        TomlParseResult toml = Toml.parse(text, TomlVersion.V1_0_0);
        if (toml.hasErrors()) {
            throw new ConfigException(
                    name,
                    toml.errors().stream()
                            .map(
                                    it ->
                                            new Mistake(
                                                    it.position().line(),
                                                    String.valueOf(it.getMessage())))
                            .toList());
        }
        Binder binder = new Binder();
        Optional<Config> config = binder.bind(toml, Config.class);
        List<Mistake> mistakes = binder.mistakes();
        if (config.isEmpty() || !mistakes.isEmpty()) {
            throw new ConfigException(name, mistakes);
        }
        Optional<Mistake> contradiction = contradiction(config.get());
        if (contradiction.isPresent()) {
            throw new ConfigException(name, List.of(contradiction.get()));
        }
        return config.get();
    }

    /** What no single key can tell. */
    private static Optional<Mistake> contradiction(Config config) {
        Config.Listen listen = config.listen();
        boolean logsIn =
                Stream.of(listen.submission(), listen.submissions(), listen.imap(), listen.imaps())
                        .anyMatch(it -> !it.isEmpty());
        if (logsIn && config.certificate().isEmpty()) {
            return Optional.of(
                    new Mistake(
                            0,
                            "there is no certificate, so nobody could log in: add a [[certificate]]"
                                    + " table with chain and key, or switch the protocols off that"
                                    + " clients use"));
        }
        return Optional.empty();
    }
}
