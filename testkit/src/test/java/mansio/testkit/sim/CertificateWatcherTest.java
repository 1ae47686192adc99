package mansio.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.tls.CertificateFiles;
import mansio.net.tls.CertificateWatcher;
import mansio.net.tls.Certificates;
import mansio.net.tls.Identity;
import mansio.net.tls.SelfSigned;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A room of net that waits, tried where time is simulated. */
class CertificateWatcherTest {
    @TempDir private Path folder;

    private void keep(CertificateFiles files, Identity identity, Instant when) throws IOException {
        Files.writeString(files.chain(), SelfSigned.chainPem(identity));
        Files.writeString(files.key(), SelfSigned.keyPem(identity));
        Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-------"));
        Files.setLastModifiedTime(files.chain(), FileTime.from(when));
    }

    @Test
    void aChangedCertificateIsInUseWithinAMinute() {
        Instant now = Simulation.START;
        Identity first = SelfSigned.make(List.of("a.test"), List.of(), now, Duration.ofDays(90));
        Identity second = SelfSigned.make(List.of("a.test"), List.of(), now, Duration.ofDays(180));
        Simulation.run(
                1,
                sim -> {
                    CertificateFiles files =
                            new CertificateFiles(folder.resolve("c"), folder.resolve("k"));
                    keep(files, first, now);
                    Certificates certificates = Certificates.load(List.of(files));
                    CertificateWatcher watcher =
                            CertificateWatcher.start(
                                    certificates, sim.time(), sim.threads(), Duration.ofMinutes(1));
                    sim.time().sleep(Duration.ofMinutes(5));
                    assertThat(certificates.all()).containsExactly(first);
                    keep(files, second, now.plusSeconds(600));
                    sim.time().sleep(Duration.ofSeconds(61));
                    assertThat(certificates.all()).containsExactly(second);
                    watcher.close();
                });
    }
}
