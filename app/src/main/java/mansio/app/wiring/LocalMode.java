package mansio.app.wiring;

import mansio.app.wiring.ServerFacts.Door;
import mansio.app.wiring.ServerFacts.KeyChoice;
import mansio.app.wiring.ServerFacts.Limits;
import mansio.app.wiring.ServerFacts.Protocol;
import mansio.app.wiring.ServerFacts.Trust;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.listen.ListenAt;
import mansio.net.tls.BadCertificate;
import mansio.net.tls.CertificateFiles;
import mansio.net.tls.Certificates;
import mansio.serve.dropfolder.DropSettings;
import mansio.serve.inbound.Forwarding;
import mansio.serve.smtpserver.SmtpSettings.Senders;
import mansio.state.directory.Account;
import mansio.state.directory.Outcome;
import mansio.state.directory.PasswordSettings;
import mansio.state.dkimkey.DkimKeys.Publication;
import mansio.state.seal.KeyPlace;
import mansio.state.seal.KeyPlace.Guard;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code serve --local}: a server for trying things out, with no configuration, on loopback, at a
 * base port plus the well-known ones. Its certificate and password are made once and kept in the
 * data folder.
 */
public final class LocalMode {
    /** Ports begin here unless told otherwise. */
    public static final int DEFAULT_BASE = 10_000;

    /** Who can log in. */
    public static final Address ME = Address.parse("me@local.test");

    private static final Domain DOMAIN = Domain.parse("local.test");
    private static final Domain HOSTNAME = Domain.parse("localhost");
    private static final String DROP = "MANSIO_DROP";
    private static final String KEEP_IMPORTED = "MANSIO_KEEP_IMPORTED_HASHES";
    private static final String KEY_FILE = "local-secrets.key";
    private static final String PASSWORD_FILE = "local-password";
    private static final String PASSWORD_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789";
    private static final int PASSWORD_LENGTH = 16;
    private static final long MAX_MESSAGE_BYTES = 100L << 20;
    private static final long MIN_FREE_BYTES = 64L << 20;

    private LocalMode() {}

    /** True when ports of a local server may be counted from there. */
    public static boolean isBase(int port) {
        return port >= 1024 && port <= 50_000;
    }

    /** The facts of a local server. */
    public static ServerFacts facts(Path folder, int base, Machine machine) throws IOException {
        if (!isBase(base)) {
            throw new IOException("the base port " + base + " is not between 1024 and 50000");
        }
        List<Door> doors =
                List.of(
                        door(Protocol.SMTP, base + 25),
                        door(Protocol.LMTP, base + 24),
                        door(Protocol.SUBMISSION, base + 587),
                        door(Protocol.SUBMISSIONS, base + 465),
                        door(Protocol.IMAP, base + 143),
                        door(Protocol.IMAPS, base + 993));
        return new ServerFacts(
                HOSTNAME,
                folder,
                MIN_FREE_BYTES,
                passwords(),
                Forwarding.USUAL,
                ServerFacts.Checking.USUAL,
                certificate(folder, machine),
                doors,
                new Trust(
                        InetAddress::isLoopbackAddress,
                        InetAddress::isLoopbackAddress,
                        Senders.OWN),
                new Limits(
                        MAX_MESSAGE_BYTES,
                        10_000,
                        Integer.MAX_VALUE,
                        Integer.MAX_VALUE,
                        new ServerFacts.ImapConnections(
                                Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE),
                        1_000,
                        Long.MAX_VALUE,
                        Duration.ofDays(30)),
                new KeyChoice(
                        Optional.empty(),
                        new KeyPlace(folder.toAbsolutePath().resolve(KEY_FILE), Guard.PERMISSIONS)),
                ServerFacts.Outgoing.HELD,
                Optional.of(drop(folder)),
                new ServerFacts.Signing(Publication.NOT_REQUIRED, Optional.empty()),
                ServerFacts.Reporting.NONE);
    }

    private static DropSettings drop(Path folder) {
        Path said =
                Optional.ofNullable(System.getenv(DROP))
                        .map(Path::of)
                        .orElse(folder.resolve("drop"));
        return new DropSettings(
                said, HOSTNAME, Optional.of(DOMAIN), Optional.empty(), Set.of("root"), 1_000_000);
    }

    /**
     * Measurements want the cheap hashes that they import; a configured server has a key for it.
     */
    private static PasswordSettings passwords() {
        PasswordSettings usual = PasswordSettings.DEFAULT;
        return "1".equals(System.getenv(KEEP_IMPORTED))
                ? new PasswordSettings(
                        usual.minLength(),
                        usual.scram(),
                        usual.scramIterations(),
                        PasswordSettings.Imported.KEEP)
                : usual;
    }

    private static Door door(Protocol protocol, int port) {
        return new Door(
                protocol,
                new ListenAt.Tcp(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    }

    /** Sees to it that the account is there; its password when it was made just now. */
    public static Optional<String> prepare(State state, Path folder, Machine machine)
            throws IOException {
        state.seal().prepare();
        if (!state.directory().isLocal(DOMAIN)) require(state.editor().addDomain(DOMAIN));
        if (state.editor().account(ME) instanceof Outcome.Done<Account>) return Optional.empty();
        String password = password(machine);
        Path file = folder.resolve(PASSWORD_FILE);
        Files.deleteIfExists(file);
        OwnerOnly.write(file, password + "\n");
        require(state.editor().addAccount(ME, Optional.of(password)));
        return Optional.of(password);
    }

    /** Where the password is kept. */
    public static Path passwordFile(Path folder) {
        return folder.resolve(PASSWORD_FILE);
    }

    private static void require(Outcome<?> outcome) throws IOException {
        if (outcome instanceof Outcome.Refused<?> refused)
            throw new IOException(refused.sentence());
    }

    private static String password(Machine machine) {
        StringBuilder password = new StringBuilder(PASSWORD_LENGTH);
        for (int i = 0; i < PASSWORD_LENGTH; i++) {
            password.append(
                    PASSWORD_LETTERS.charAt(machine.random().nextInt(PASSWORD_LETTERS.length())));
        }
        return password.toString();
    }

    private static Certificates certificate(Path folder, Machine machine) throws IOException {
        CertificateFiles files =
                new CertificateFiles(
                        folder.resolve("local-cert.pem"), folder.resolve("local-key.pem"));
        try {
            if (!Files.exists(files.key())) {
                Files.createDirectories(folder);
                OwnerOnly.certificate(
                        files,
                        new OwnerOnly.Names(
                                List.of("localhost", DOMAIN.text()),
                                List.of(
                                        InetAddress.ofLiteral("127.0.0.1"),
                                        InetAddress.ofLiteral("::1"))),
                        machine);
            }
            return Certificates.load(List.of(files));
        } catch (BadCertificate e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
