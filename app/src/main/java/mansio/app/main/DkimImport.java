package mansio.app.main;

import mansio.codec.text.Domain;
import mansio.serve.admin.ImportDkim;
import mansio.serve.admin.Secret;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;

/** {@code mansio dkim import}. The files are read here, as the server may not be able to. */
@Command(name = "import", description = "Takes over a key that was made elsewhere.")
final class DkimImport implements Callable<Integer> {
    private static final long MAX_BYTES = 64 << 10;

    private final Desk desk;
    @Mixin private AskOptions options = new AskOptions();

    // The parser insists on these three.
    @Option(
            names = "--private",
            required = true,
            paramLabel = "FILE",
            description = "The private key, in PEM.")
    private @Nullable Path file;

    @Option(names = "--domain", required = true, paramLabel = "DOMAIN")
    private @Nullable Domain domain;

    @Option(names = "--selector", required = true, paramLabel = "NAME")
    private @Nullable String selector;

    @Option(
            names = "--for",
            paramLabel = "PATTERN",
            description = "Senders it is for, such as news-*@example.org.")
    private List<String> senders = List.of();

    DkimImport(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        Secret key = read(Objects.requireNonNull(file));
        return desk.ask(
                options,
                new ImportDkim(
                        Objects.requireNonNull(domain),
                        Objects.requireNonNull(selector),
                        key,
                        senders));
    }

    /** Octets beyond ASCII are no key, which is said of the whole then. */
    private static Secret read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) throw new IOException(file + " is too long for a key");
        return new Secret(Files.readString(file, StandardCharsets.ISO_8859_1));
    }
}
