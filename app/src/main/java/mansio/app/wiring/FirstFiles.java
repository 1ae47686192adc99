package mansio.app.wiring;

import mansio.codec.text.Domain;
import mansio.net.tls.Identity;
import mansio.net.tls.SelfSigned;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/**
 * What {@code mansio quickstart} writes beside the data folder: the configuration, and a
 * certificate that signs itself. Existing files are never written over.
 *
 * @param config the configuration file; the certificate comes beside it
 */
public record FirstFiles(Path config, Path folder, Domain hostname) {
    private static final Duration CERTIFICATE_LIFE = Duration.ofDays(3650);

    private Path chain() {
        return config.resolveSibling("mansio-cert.pem");
    }

    private Path key() {
        return config.resolveSibling("mansio-key.pem");
    }

    /** Finds out before anything is changed. */
    public void refuseToOverwrite() throws IOException {
        for (Path file : List.of(config, chain(), key())) {
            if (Files.exists(file)) {
                throw new IOException(file + " is there already; quickstart is for a new server");
            }
        }
    }

    /** Writes them, for their owner only. */
    public void write(Machine machine) throws IOException {
        Path beside = config.toAbsolutePath().getParent();
        if (beside != null) Files.createDirectories(beside);
        Identity made =
                SelfSigned.make(
                        List.of(hostname.text()),
                        List.of(),
                        machine.time().now(),
                        CERTIFICATE_LIFE);
        writeOwnerOnly(chain(), SelfSigned.chainPem(made));
        writeOwnerOnly(key(), SelfSigned.keyPem(made));
        writeOwnerOnly(config, text());
    }

    private String text() {
        return """
        # Mansio's configuration. Every key: docs/config.md
        hostname = %s
        data = %s

        [[certificate]]
        chain = %s
        key = %s
        """
                .formatted(
                        quoted(hostname.text()),
                        quoted(folder.toString()),
                        quoted(chain().toString()),
                        quoted(key().toString()));
    }

    /** A basic string of TOML 1.0. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static void writeOwnerOnly(Path file, String text) throws IOException {
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
    }
}
