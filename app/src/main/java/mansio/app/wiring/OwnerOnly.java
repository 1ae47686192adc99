package mansio.app.wiring;

import mansio.net.tls.CertificateFiles;
import mansio.net.tls.Identity;
import mansio.net.tls.SelfSigned;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/** Files that are made for a new server, which only their owner may read. */
final class OwnerOnly {
    private static final Duration CERTIFICATE_LIFE = Duration.ofDays(3650);

    private OwnerOnly() {}

    /**
     * Writes a new file.
     *
     * @throws java.nio.file.FileAlreadyExistsException when it is there already
     */
    static void write(Path file, String text) throws IOException {
        Files.createFile(
                file,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(file, text.getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
    }

    /** For whom a certificate is. */
    record Names(List<String> hosts, List<InetAddress> addresses) {}

    /** Makes a certificate that signs itself; the key comes last, and its chain is made anew. */
    static void certificate(CertificateFiles files, Names names, Machine machine)
            throws IOException {
        Identity made =
                SelfSigned.make(
                        names.hosts(), names.addresses(), machine.time().now(), CERTIFICATE_LIFE);
        Files.deleteIfExists(files.chain()); // What an interrupted attempt left.
        write(files.chain(), SelfSigned.chainPem(made));
        write(files.key(), SelfSigned.keyPem(made));
    }
}
