package mansio.app.main;

import mansio.app.wiring.Machine;
import mansio.app.wiring.Replays;
import mansio.codec.message.FromFinder;
import mansio.codec.message.FromResult;
import mansio.codec.message.MessageParser;
import mansio.codec.message.ParsedMessage;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.serve.admin.Answer;
import mansio.serve.checks.Client;
import mansio.serve.inbound.Explanation;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.serve.preflight.Arrived;
import mansio.serve.preflight.Score;
import mansio.state.directory.Outcome;
import mansio.state.directory.Route;
import mansio.state.store.AccountId;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code mansio preflight}: what large receivers would say to a message that leaves from here. */
@Command(
        name = "preflight",
        description = "Says how receivers in the world would like a message from this server.")
final class PreflightCommand implements Callable<Integer> {
    private final Desk desk;
    @Mixin private AskOptions options = new AskOptions();

    // Set by the parser, which insists on it.
    @Parameters(
            paramLabel = "FILE",
            description = "The message as it leaves, signatures included; - reads it.")
    private @Nullable Path file;

    // Absent: the author.
    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            description = "The sender that MAIL names (default: the author).")
    private @Nullable Address from;

    // Absent: that of the host name.
    @Option(
            names = "--ip",
            paramLabel = "ADDRESS",
            description = "The address it leaves from (default: the host name's in the DNS).")
    private @Nullable InetAddress ip;

    // Absent: the host name.
    @Option(
            names = "--helo",
            paramLabel = "NAME",
            description = "What the server calls itself (default: its host name).")
    private @Nullable String helo;

    PreflightCommand(Desk desk) {
        this.desk = desk;
    }

    /**
     * What came of it.
     *
     * @param score of ten
     * @param kept rules that took no point
     * @param notes what could not be looked at
     */
    record Preflight(
            String message, String score, List<Lost> lost, List<String> kept, List<String> notes)
            implements Answer {
        /** Points that are lost, and how to have them back. */
        record Lost(String rule, String points, String what, String cure) {}

        static Preflight of(String message, Score score, List<String> notes) {
            return new Preflight(
                    message,
                    score.text(),
                    score.lost().stream()
                            .map(
                                    it ->
                                            new Lost(
                                                    it.rule(),
                                                    Score.points(it.tenths()),
                                                    it.what(),
                                                    it.cure()))
                            .toList(),
                    score.kept(),
                    notes);
        }

        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            lines.add(message);
            for (Lost it : lost) {
                lines.add("  -%s %s: %s".formatted(it.points, it.rule, it.what));
                lines.add("       Cure: " + it.cure + ".");
            }
            notes.forEach(it -> lines.add("Note: " + it));
            lines.add("Score: " + score + " of 10");
            return lines;
        }

        @Override
        public boolean satisfied() {
            return lost.isEmpty();
        }
    }

    @Override
    public Integer call() throws IOException {
        Machine machine = Machine.real();
        Replays server = Replays.of(options.config(), machine);
        byte[] message =
                MessageFile.read(Objects.requireNonNull(file), desk.terminal(), server.replay());
        ParsedMessage parsed = MessageParser.parse(message);
        Client client = client(server, parsed, machine);
        Explanation why =
                server.replay().explain(client, message, List.of(anybody(server.hostname())));
        if (why.findings().isEmpty()) {
            throw new IOException("the header of this message is larger than servers take");
        }
        Arrived arrived =
                new Arrived(
                        message,
                        parsed,
                        why.findings().get(),
                        machine.time().now(),
                        Optional.empty());
        String what =
                "%d bytes from %s, leaving from %s (%s)."
                        .formatted(
                                message.length,
                                client.reversePath().map(Address::toDisplay).orElse("<>"),
                                client.address().getHostAddress(),
                                client.helo());
        return desk.print(
                options,
                Outcome.done(
                        Preflight.of(
                                what,
                                Score.of(arrived),
                                List.of("TLS is not looked at: the message did not travel"))));
    }

    private static RoutedRecipient anybody(Domain hostname) {
        Address anybody = Address.of("anybody", hostname);
        return new RoutedRecipient(
                anybody,
                new Route.Ours(
                        List.of(new Route.Target(new AccountId(1), anybody, anybody, "")),
                        List.of()));
    }

    private Client client(Replays server, ParsedMessage parsed, Machine machine)
            throws IOException {
        InetAddress address =
                ip != null
                        ? ip
                        : server.ownAddress(machine)
                                .orElseThrow(
                                        () ->
                                                new IOException(
                                                        "the DNS has no address for "
                                                                + server.hostname()
                                                                + "; name the one that mail leaves"
                                                                + " from with --ip"));
        Optional<Address> sender =
                from != null
                        ? Optional.of(from)
                        : FromFinder.of(parsed) instanceof FromResult.One(Address author, var _)
                                ? Optional.of(author)
                                : Optional.empty();
        return new Client(address, helo == null ? server.hostname().text() : helo, sender);
    }
}
