package mansio.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

class CertificatesTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir private Path folder;

    static Identity identity(String... names) {
        return SelfSigned.make(List.of(names), List.of(), NOW, Duration.ofDays(100_000));
    }

    private CertificateFiles files(String name, Identity identity) throws IOException {
        Path chain = folder.resolve(name + ".crt");
        Path key = folder.resolve(name + ".key");
        Files.writeString(chain, SelfSigned.chainPem(identity));
        Files.writeString(key, SelfSigned.keyPem(identity));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        return new CertificateFiles(chain, key);
    }

    @Test
    void aSelfSignedCertificateIsValidForItsNamesAndAddresses() throws Exception {
        InetAddress v4 = InetAddress.ofLiteral("127.0.0.1");
        InetAddress v6 = InetAddress.ofLiteral("::1");
        Identity identity =
                SelfSigned.make(
                        List.of("mx.example.org", "localhost"),
                        List.of(v4, v6),
                        NOW,
                        Duration.ofDays(365));
        var certificate = identity.chain().getFirst();
        certificate.verify(certificate.getPublicKey());
        assertThat(certificate.getNotAfter().toInstant()).isEqualTo(NOW.plus(Duration.ofDays(365)));
        assertThat(certificate.getNotBefore().toInstant()).isBefore(NOW);
        assertThat(certificate.getSubjectX500Principal().getName()).isEqualTo("CN=mx.example.org");
        assertThat(identity.names()).containsExactlyInAnyOrder("mx.example.org", "localhost");
        assertThat(certificate.getSubjectAlternativeNames().toString())
                .contains("127.0.0.1")
                .contains("0:0:0:0:0:0:0:1");
    }

    @Test
    void keysAreReadInAllThreeForms() throws Exception {
        Identity ec = identity("ec.example.org");
        assertThat(read(SelfSigned.keyPem(ec), ec)).isEqualTo(ec.key());
        assertThat(read(bare("EC PRIVATE KEY", ec.key()), ec)).isEqualTo(ec.key());
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        KeyPair rsa = generator.generateKeyPair();
        assertThat(Pem.privateKey(bare("RSA PRIVATE KEY", rsa.getPrivate()), rsa.getPublic()))
                .isEqualTo(rsa.getPrivate());
    }

    private static PrivateKey read(String pem, Identity owner) throws BadCertificate {
        return Pem.privateKey("a comment\n" + pem, owner.chain().getFirst().getPublicKey());
    }

    /** The key as it stands inside PKCS#8: after the version and the algorithm. */
    private static String bare(String label, PrivateKey key) {
        byte[] pkcs8 = key.getEncoded();
        int version = Der.contentAt(pkcs8, 0);
        int algorithm = version + Der.element(pkcs8, version).length;
        int octets = algorithm + Der.element(pkcs8, algorithm).length;
        byte[] element = Der.element(pkcs8, octets);
        byte[] bare = Arrays.copyOfRange(element, Der.contentAt(element, 0), element.length);
        return "-----BEGIN "
                + label
                + "-----\n"
                + Base64.getMimeEncoder().encodeToString(bare)
                + "\n-----END "
                + label
                + "-----\n";
    }

    @Test
    void whatIsWrongIsSaidWithTheFile() throws Exception {
        Identity one = identity("one.example.org");
        CertificateFiles good = files("one", one);
        CertificateFiles other = files("other", identity("other.example.org"));
        assertThatThrownBy(() -> Identity.load(new CertificateFiles(good.chain(), other.key())))
                .isInstanceOf(BadCertificate.class)
                .hasMessage("key " + other.key() + ": it does not belong to the certificate");
        assertThatThrownBy(() -> Identity.load(new CertificateFiles(good.key(), good.key())))
                .hasMessage(
                        "certificate " + good.key() + ": there is no \"BEGIN CERTIFICATE\" in it");
        assertThatThrownBy(
                        () ->
                                Identity.load(
                                        new CertificateFiles(folder.resolve("none"), good.key())))
                .hasMessage("certificate " + folder.resolve("none") + ": there is no such file");
        Files.writeString(
                good.key(),
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                        + "AAAA\n"
                        + "-----END ENCRYPTED PRIVATE KEY-----\n");
        assertThatThrownBy(() -> Identity.load(good)).hasMessageContaining("pass phrase");
        String cut = SelfSigned.keyPem(one);
        Files.writeString(good.key(), cut.substring(0, cut.length() - 30));
        assertThatThrownBy(() -> Identity.load(good)).hasMessageContaining("cut off");
    }

    @Test
    void aKeyThatOthersMayReadIsRefused() throws Exception {
        CertificateFiles files = files("one", identity("one.example.org"));
        Files.setPosixFilePermissions(files.key(), PosixFilePermissions.fromString("rw-r-----"));
        assertThatThrownBy(() -> Identity.load(files))
                .hasMessageContaining("chmod 600 " + files.key());
    }

    @Test
    void theNameChoosesExactThenWildcardThenDefault() {
        Identity first = identity("mx.example.org");
        Identity wildcard = identity("*.example.net");
        Identity exact = identity("imap.example.net");
        Certificates certificates = Certificates.of(first, wildcard, exact);
        assertThat(certificates.find(Optional.of("IMAP.example.net"), "EC")).contains(exact);
        assertThat(certificates.find(Optional.of("smtp.example.net"), "EC")).contains(wildcard);
        assertThat(certificates.find(Optional.of("a.b.example.net"), "EC")).contains(first);
        assertThat(certificates.find(Optional.of("example.net"), "EC")).contains(first);
        assertThat(certificates.find(Optional.of("localhost"), "EC")).contains(first);
        assertThat(certificates.find(Optional.empty(), "EC")).contains(first);
        assertThat(certificates.find(Optional.empty(), "RSA")).isEmpty();
    }

    @Test
    void changedFilesAreLoadedAgainAndBrokenOnesAreNot() throws Exception {
        CertificateFiles files = files("one", identity("one.example.org"));
        Certificates certificates = Certificates.load(List.of(files));
        assertThat(certificates.reload()).isZero();

        Identity renewed = identity("one.example.org", "two.example.org");
        files("one", renewed);
        touch(files, 10);
        assertThat(certificates.reload()).isEqualTo(1);
        assertThat(certificates.all()).containsExactly(renewed);

        Files.writeString(files.key(), "broken");
        touch(files, 20);
        assertThat(certificates.reload()).isZero();
        assertThat(certificates.all()).containsExactly(renewed);

        Files.writeString(files.key(), SelfSigned.keyPem(renewed));
        touch(files, 30);
        assertThat(certificates.reload()).isEqualTo(1);
    }

    private static void touch(CertificateFiles files, int seconds) throws IOException {
        FileTime time = FileTime.from(NOW.plusSeconds(seconds));
        Files.setLastModifiedTime(files.chain(), time);
        Files.setLastModifiedTime(files.key(), time);
    }
}
