package mansio.app.wiring;

import mansio.app.wiring.ServerFacts.Limits;
import mansio.app.wiring.ServerFacts.Trust;
import mansio.codec.text.Domain;
import mansio.net.tls.BadCertificate;
import mansio.net.tls.Certificates;
import mansio.serve.inbound.Forwarding;
import mansio.serve.smtpserver.SmtpSettings.Senders;
import mansio.state.config.Config;
import mansio.state.directory.PasswordSettings;
import mansio.state.store.DiskSettings.Loss;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The rooms that keep things, for a command that finds no server running. */
public final class Offline {
    private Offline() {}

    /**
     * What is opened.
     *
     * @param config of the server whose folder it is, so that a password is kept as that would;
     *     empty for the defaults
     */
    public record Opening(Path folder, Optional<Config> config, Loss loss) {}

    /**
     * Opens them; nothing is listened to or delivered.
     *
     * @throws IOException with a sentence for the administrator
     */
    public static State open(Opening opening, Machine machine) throws IOException {
        return new State(
                new State.Opening(facts(opening), opening.loss(), _ -> true, Optional.empty()),
                machine);
    }

    /** The least free space is none: who administers a full disk must be able to. */
    private static ServerFacts facts(Opening opening) throws IOException {
        Optional<Config> config = opening.config();
        try {
            return new ServerFacts(
                    config.map(Config::hostname).orElse(Domain.parse("localhost")),
                    opening.folder(),
                    0,
                    config.map(Config::passwords)
                            .map(ConfiguredServer::passwords)
                            .orElse(PasswordSettings.DEFAULT),
                    Forwarding.USUAL,
                    ServerFacts.Checking.USUAL,
                    Certificates.load(List.of()),
                    config.map(it -> ConfiguredServer.doors(it.listen())).orElse(List.of()),
                    new Trust(_ -> false, _ -> false, Senders.OWN),
                    new Limits(
                            0,
                            1,
                            1,
                            1,
                            new ServerFacts.ImapConnections(1, 1, 1),
                            100,
                            Long.MAX_VALUE,
                            keepStories(config)),
                    config.map(it -> ConfiguredServer.key(it, opening.folder()))
                            .orElse(ServerFacts.KeyChoice.usual(opening.folder())),
                    ServerFacts.Outgoing.HELD,
                    Optional.empty(),
                    config.map(Config::dkim)
                            .map(ConfiguredServer::signing)
                            .orElse(ServerFacts.Signing.USUAL),
                    config.map(Config::dmarc)
                            .map(ConfiguredServer::reporting)
                            .orElse(ServerFacts.Reporting.USUAL));
        } catch (BadCertificate e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    private static Duration keepStories(Optional<Config> config) {
        return config.map(Config::store).map(Config.Store::keepStories).orElse(Duration.ofDays(30));
    }
}
