package mansio.app.wiring;

import mansio.app.wiring.ServerFacts.Door;
import mansio.app.wiring.ServerFacts.KeyChoice;
import mansio.app.wiring.ServerFacts.Limits;
import mansio.app.wiring.ServerFacts.Outgoing;
import mansio.app.wiring.ServerFacts.Protocol;
import mansio.app.wiring.ServerFacts.Trust;
import mansio.net.listen.ListenAt;
import mansio.net.smtpclient.HostFinder.Families;
import mansio.net.tls.BadCertificate;
import mansio.net.tls.CertificateFiles;
import mansio.net.tls.Certificates;
import mansio.net.tls.SelfSigned;
import mansio.serve.dropfolder.DropSettings;
import mansio.serve.inbound.Forwarding;
import mansio.serve.inbound.Forwarding.Outside;
import mansio.serve.inbound.Forwarding.Tags;
import mansio.serve.outbound.OutboundSettings.WithoutRoute;
import mansio.serve.smtpserver.SmtpSettings.Senders;
import mansio.state.config.ByteSize;
import mansio.state.config.Config;
import mansio.state.config.Network;
import mansio.state.directory.PasswordSettings;
import mansio.state.directory.PasswordSettings.Imported;
import mansio.state.directory.PasswordSettings.ScramOffer;
import mansio.state.dkimkey.DkimKeys.Publication;
import mansio.state.queue.Carrier.Schedule;
import mansio.state.queue.QueueSettings;
import mansio.state.seal.KeyPlace;
import mansio.state.seal.KeyPlace.Guard;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** From the configuration file to the facts of a server. */
public final class ConfiguredServer {
    private static final Path USUAL_DROP = Path.of("/var/spool/mansio/drop");
    private static final Duration CERTIFICATE_LIFE = Duration.ofDays(3650);
    private static final String KEY_CREDENTIAL = "mansio-key";

    private ConfiguredServer() {}

    /**
     * Reads the certificates that the configuration names.
     *
     * @param folder the data folder, decided by the command line, the environment or the
     *     configuration
     * @throws IOException with a sentence for the administrator
     */
    public static ServerFacts facts(Config config, Path folder, Machine machine)
            throws IOException {
        List<Door> doors = doors(config.listen());
        return new ServerFacts(
                config.hostname(),
                folder,
                config.store().minFree().map(ByteSize::bytes).orElse(-1L),
                passwords(config.passwords()),
                forwarding(config.forward()),
                CheckSettings.of(config),
                certificates(config, doors, machine),
                doors,
                trust(config),
                limits(config),
                key(config, folder),
                outgoing(config.outgoing()),
                drop(config),
                signing(config.dkim()),
                reporting(config.dmarc()));
    }

    static ServerFacts.Signing signing(Config.Dkim dkim) {
        return new ServerFacts.Signing(
                dkim.requirePublished() ? Publication.REQUIRED : Publication.NOT_REQUIRED,
                dkim.rotateAfter());
    }

    static Forwarding forwarding(Config.Forward forward) throws IOException {
        if (forward.batvEnforce() && !forward.batv())
            throw new IOException(
                    "forward.batv_enforce refuses bounces that are not signed: it needs"
                            + " forward.batv, which signs");
        Tags tags = forward.batv() ? Tags.SIGNED : Tags.NONE;
        return new Forwarding(
                Outside.valueOf(forward.outside().name()),
                forward.batvEnforce() ? Tags.ENFORCED : tags);
    }

    static ServerFacts.Reporting reporting(Config.Dmarc dmarc) {
        return new ServerFacts.Reporting(
                dmarc.sendReports(), dmarc.reportFrom(), dmarc.reportAddress());
    }

    private static Outgoing outgoing(Config.Outgoing outgoing) throws IOException {
        Families families =
                switch (outgoing.families()) {
                    case IPV6_FIRST -> Families.IPV6_FIRST;
                    case IPV4_FIRST -> Families.IPV4_FIRST;
                    case IPV4_ONLY -> Families.IPV4_ONLY;
                    case IPV6_ONLY -> Families.IPV6_ONLY;
                };
        return new Outgoing(
                WithoutRoute.DIRECT,
                outgoing.port(),
                families,
                anyOf(outgoing.privateNetworks()),
                new QueueSettings(
                        new Schedule(
                                outgoing.firstRetry(),
                                longest(outgoing.firstRetry(), outgoing.longestRetry()),
                                outgoing.giveUpAfter()),
                        delayNotices(outgoing.delayNotices()),
                        outgoing.unansweredRetry(),
                        new QueueSettings.Capacity(
                                outgoing.connections(), outgoing.connectionsPerSite()),
                        outgoing.keepSuppressed(),
                        QueueSettings.USUAL.closeGrace()));
    }

    private static List<Duration> delayNotices(List<Duration> ages) throws IOException {
        List<Duration> notices = ages.stream().sorted().distinct().toList();
        if (notices.size() > QueueSettings.MAX_NOTICES)
            throw new IOException(
                    "outgoing.delay_notices has more than " + QueueSettings.MAX_NOTICES + " times");
        return notices;
    }

    private static Duration longest(Duration first, Duration longest) {
        return longest.compareTo(first) < 0 ? first : longest;
    }

    /** An installed server has the usual folder. */
    private static Optional<DropSettings> drop(Config config) {
        Config.Sendmail sendmail = config.sendmail();
        return sendmail.drop()
                .or(() -> Optional.of(USUAL_DROP).filter(Files::isDirectory))
                .map(
                        folder ->
                                new DropSettings(
                                        folder,
                                        config.hostname(),
                                        sendmail.domain(),
                                        sendmail.admin(),
                                        Set.copyOf(sendmail.trustedUsers()),
                                        sendmail.messagesPerHour()));
    }

    /** What the configuration says, else what systemd gives (systemd.exec, LoadCredential). */
    static KeyChoice key(Config config, Path folder) {
        Optional<KeyPlace> said =
                config.secrets()
                        .keyFile()
                        .map(file -> new KeyPlace(file.toAbsolutePath(), Guard.PERMISSIONS))
                        .or(
                                () ->
                                        Optional.ofNullable(System.getenv("CREDENTIALS_DIRECTORY"))
                                                .map(place -> Path.of(place, KEY_CREDENTIAL))
                                                .filter(Files::exists)
                                                .map(file -> new KeyPlace(file, Guard.SYSTEMD)));
        return new KeyChoice(said, KeyPlace.beside(folder));
    }

    static List<Door> doors(Config.Listen listen) {
        List<Door> doors = new ArrayList<>();
        add(doors, Protocol.SMTP, listen.smtp());
        add(doors, Protocol.SUBMISSION, listen.submission());
        add(doors, Protocol.SUBMISSIONS, listen.submissions());
        add(doors, Protocol.LMTP, listen.lmtp());
        add(doors, Protocol.IMAP, listen.imap());
        add(doors, Protocol.IMAPS, listen.imaps());
        return doors;
    }

    private static void add(List<Door> doors, Protocol protocol, List<ListenAt> places) {
        places.forEach(at -> doors.add(new Door(protocol, at)));
    }

    private static Certificates certificates(Config config, List<Door> doors, Machine machine)
            throws IOException {
        List<Config.Certificate> files = config.certificate();
        if (files.isEmpty() && doors.stream().allMatch(ConfiguredServer::staysHere)) {
            // Nobody from outside can connect, and a program beside us that insists on TLS has it.
            List<String> names = List.of(config.hostname().text(), "localhost");
            return Certificates.of(
                    SelfSigned.make(names, List.of(), machine.time().now(), CERTIFICATE_LIFE));
        }
        if (files.isEmpty()) {
            String needing =
                    doors.stream()
                            .filter(
                                    door ->
                                            door.protocol() == Protocol.SUBMISSIONS
                                                    || door.protocol() == Protocol.IMAPS)
                            .map(
                                    door ->
                                            door.protocol().name().toLowerCase(Locale.ROOT)
                                                    + " at "
                                                    + door.at())
                            .findFirst()
                            .orElse("STARTTLS");
            throw new IOException(
                    needing
                            + " needs a certificate: add a [[certificate]] with chain and key to"
                            + " the configuration");
        }
        try {
            return Certificates.load(
                    files.stream()
                            .map(pair -> new CertificateFiles(pair.chain(), pair.key()))
                            .toList());
        } catch (BadCertificate e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static boolean staysHere(Door door) {
        return switch (door.at()) {
            case ListenAt.Unix _ -> true;
            case ListenAt.Tcp(var address) -> address.getAddress().isLoopbackAddress();
        };
    }

    static PasswordSettings passwords(Config.Passwords passwords) {
        ScramOffer scram =
                switch (passwords.scram()) {
                    case WHEN_ALL_HAVE_KEYS -> ScramOffer.WHEN_ALL_HAVE_KEYS;
                    case ALWAYS -> ScramOffer.ALWAYS;
                    case NEVER -> ScramOffer.NEVER;
                };
        Imported imported =
                switch (passwords.imported()) {
                    case REHASH -> Imported.REHASH;
                    case KEEP -> Imported.KEEP;
                };
        return new PasswordSettings(
                passwords.minLength(), scram, passwords.scramIterations(), imported);
    }

    private static Trust trust(Config config) {
        Senders senders =
                switch (config.mailbox().senders()) {
                    case OWN -> Senders.OWN;
                    case ANY -> Senders.ANY;
                };
        return new Trust(
                anyOf(config.networks().trusted()), anyOf(config.networks().plainLogin()), senders);
    }

    static Predicate<InetAddress> anyOf(List<Network> networks) {
        List<Network> known = List.copyOf(networks);
        return address -> known.stream().anyMatch(network -> network.contains(address));
    }

    private static Limits limits(Config config) {
        return new Limits(
                config.limits().messageSize().bytes(),
                config.limits().connections(),
                config.limits().connectionsPerNetwork(),
                config.limits().newConnectionsPerNetwork(),
                new ServerFacts.ImapConnections(
                        config.limits().imapConnections(),
                        config.limits().imapConnectionsPerNetwork(),
                        config.limits().imapConnectionsPerAccount()),
                config.limits().recipients(),
                config.mailbox().quota().map(ByteSize::bytes).orElse(Long.MAX_VALUE),
                config.store().keepStories());
    }
}
