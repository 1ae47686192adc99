package mansio.app.wiring;

import mansio.codec.text.Domain;
import mansio.net.tls.CertificateFiles;
import mansio.state.seal.Seal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code mansio quickstart} writes beside the data folder: the configuration, and a
 * certificate that signs itself, and the key for secrets. Existing files are never written over.
 *
 * @param config the configuration file; the certificate comes beside it
 */
public record FirstFiles(Path config, Path folder, Domain hostname) {
    /** Where the certificate and its key are. */
    public CertificateFiles certificate() {
        return new CertificateFiles(
                config.resolveSibling("mansio-cert.pem"), config.resolveSibling("mansio-key.pem"));
    }

    /** Where the key for secrets is. */
    public Path secretsKey() {
        return config.resolveSibling("mansio-secrets.key");
    }

    /** All that is written, the configuration first. */
    public List<Path> all() {
        return List.of(config, certificate().chain(), certificate().key(), secretsKey());
    }

    /**
     * Finds out before anything is changed. A key for secrets may be there, of an attempt that
     * failed: something may be sealed with it already, so it is used.
     */
    public void refuseToOverwrite() throws IOException {
        for (Path file : all()) {
            if (Files.exists(file) && !file.equals(secretsKey())) {
                throw new IOException(file + " is there already; quickstart is for a new server");
            }
        }
    }

    /** Writes them, for their owner only. */
    public void write(Machine machine) throws IOException {
        Path beside = config.toAbsolutePath().getParent();
        if (beside != null) Files.createDirectories(beside);
        OwnerOnly.certificate(
                certificate(), new OwnerOnly.Names(List.of(hostname.text()), List.of()), machine);
        if (!Files.exists(secretsKey())) Seal.makeKey(secretsKey(), machine.random());
        OwnerOnly.write(config, text());
    }

    /** Takes back what {@link #write} made, but for the key, as nothing came of it. */
    public void remove() throws IOException {
        for (Path file : all()) {
            if (!file.equals(secretsKey())) Files.deleteIfExists(file);
        }
    }

    private String text() {
        return """
        # Mansio's configuration. Every key: docs/config.md
        hostname = %s
        data = %s

        [[certificate]]
        chain = %s
        key = %s

        [secrets]
        key_file = %s
        """
                .formatted(
                        quoted(hostname.text()),
                        quoted(folder.toString()),
                        quoted(certificate().chain().toString()),
                        quoted(certificate().key().toString()),
                        quoted(secretsKey().toString()));
    }

    /** A basic string of TOML 1.0. */
    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
