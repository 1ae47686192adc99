package mansio.app.wiring;

import mansio.app.wiring.ServerFacts.Limits;
import mansio.app.wiring.ServerFacts.Trust;
import mansio.codec.text.Domain;
import mansio.net.tls.BadCertificate;
import mansio.net.tls.Certificates;
import mansio.serve.smtpserver.SmtpSettings.Senders;
import mansio.state.directory.PasswordSettings;
import mansio.state.store.DiskSettings.Loss;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The rooms that keep things, for a command that finds no server running. */
public final class Offline {
    private Offline() {}

    /**
     * Opens them; nothing is listened to or delivered.
     *
     * @throws IOException with a sentence for the administrator
     */
    public static State open(Path folder, Loss loss, Machine machine) throws IOException {
        return new State(new State.Opening(facts(folder), loss, _ -> true), machine);
    }

    private static ServerFacts facts(Path folder) throws IOException {
        try {
            return new ServerFacts(
                    Domain.parse("localhost"),
                    folder,
                    0,
                    PasswordSettings.DEFAULT,
                    Certificates.load(List.of()),
                    List.of(),
                    new Trust(_ -> false, _ -> false, Senders.OWN),
                    new Limits(
                            0,
                            1,
                            1,
                            1,
                            new ServerFacts.ImapConnections(1, 1, 1),
                            100,
                            Long.MAX_VALUE,
                            Duration.ofDays(30)));
        } catch (BadCertificate e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}
