package mansio.app.main;

import mansio.app.wiring.Machine;
import mansio.app.wiring.Replays;
import mansio.codec.message.FromFinder;
import mansio.codec.message.FromResult;
import mansio.codec.message.MessageParser;
import mansio.codec.message.ParsedMessage;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.serve.admin.PreflightReport;
import mansio.serve.admin.SendPreflight;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code mansio preflight}: what large receivers would say to a message that leaves from here. */
@Command(
        name = "preflight",
        description = "Says how receivers in the world would like a message from this server.")
final class PreflightCommand implements Callable<Integer> {
    private final Desk desk;
    @Mixin private AskOptions options = new AskOptions();

    // Set by the parser.
    @Spec private @Nullable CommandSpec spec;

    // Absent: a message is made.
    @Parameters(
            paramLabel = "FILE",
            arity = "0..1",
            description =
                    "A message as it leaves, signatures included; with --from as somebody writes"
                            + " it. - reads it.")
    private @Nullable Path file;

    // Absent: nothing is sent.
    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            description = "Sends a message of this account to the server itself.")
    private @Nullable Address from;

    // Absent: to anybody.
    @Option(
            names = "--to",
            paramLabel = "ADDRESS",
            description = "The recipient elsewhere whose way it takes; nothing reaches it.")
    private @Nullable Address to;

    // Absent: the author.
    @Option(
            names = "--sender",
            paramLabel = "ADDRESS",
            description = "The sender that MAIL names for a FILE (default: the author).")
    private @Nullable Address sender;

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
            description = "What the server calls itself for a FILE (default: its host name).")
    private @Nullable String helo;

    PreflightCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        if (from != null) {
            if (sender != null || helo != null) {
                throw wrong("--sender and --helo are for a FILE that is not sent");
            }
            return sent(from);
        }
        if (to != null) throw wrong("--to needs --from");
        if (file == null) throw wrong("name a FILE, or an account of this server with --from");
        return lookedAt(file);
    }

    private ParameterException wrong(String sentence) {
        if (spec == null) throw new IllegalStateException("no parser");
        return new ParameterException(spec.commandLine(), sentence);
    }

    private int sent(Address author) throws IOException {
        Optional<byte[]> message =
                file == null
                        ? Optional.empty()
                        : Optional.of(
                                MessageFile.read(file, desk.terminal(), SendPreflight.MAX_BYTES));
        SendPreflight question =
                new SendPreflight(
                        author,
                        Optional.ofNullable(to),
                        message,
                        Optional.ofNullable(ip).map(InetAddress::getHostAddress));
        return print(
                desk.outcome(
                        options, Desk.Opening.AS_IT_IS, respondent -> respondent.ask(question)));
    }

    /** 75 says: ask again later. */
    private int print(Outcome<PreflightReport> outcome) {
        int code = desk.print(options, outcome);
        boolean later =
                code == Main.EXIT_OK
                        && outcome instanceof Outcome.Done<PreflightReport>(PreflightReport report)
                        && !report.unknown().isEmpty();
        return later ? Main.EXIT_LATER : code;
    }

    private int lookedAt(Path message) throws IOException {
        Machine machine = Machine.real();
        Replays server = Replays.of(options.config(), machine);
        byte[] bytes = MessageFile.read(message, desk.terminal(), server.replay());
        ParsedMessage parsed = MessageParser.parse(bytes);
        Client client = client(server, parsed, machine);
        Explanation why =
                server.replay().explain(client, bytes, List.of(anybody(server.hostname())));
        if (why.findings().isEmpty()) {
            throw new IOException("the header of this message is larger than servers take");
        }
        Score score =
                Score.of(
                        new Arrived(
                                bytes,
                                parsed,
                                why.findings().get(),
                                machine.time().now(),
                                Optional.empty()));
        String what =
                "%d bytes from %s, leaving from %s (%s)."
                        .formatted(
                                bytes.length,
                                client.reversePath().map(Address::toDisplay).orElse("<>"),
                                client.address().getHostAddress(),
                                client.helo());
        List<String> notes = new ArrayList<>();
        if (!server.lists()) notes.add("no block list is configured, so none was asked");
        notes.addAll(score.notes());
        return print(Outcome.done(PreflightReport.of(what, score, notes)));
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
        InetAddress address = ip != null ? ip : ownAddress(server, machine);
        Optional<Address> path =
                sender != null
                        ? Optional.of(sender)
                        : FromFinder.of(parsed) instanceof FromResult.One(Address author, var _)
                                ? Optional.of(author)
                                : Optional.empty();
        return new Client(address, helo == null ? server.hostname().text() : helo, path);
    }

    private static InetAddress ownAddress(Replays server, Machine machine) throws IOException {
        Optional<InetAddress> address;
        try {
            address = server.ownAddress(machine);
        } catch (IOException e) {
            throw new NotNow(e);
        }
        return address.orElseThrow(
                () ->
                        new IOException(
                                "the DNS has no address for "
                                        + server.hostname()
                                        + "; name the one that mail leaves from with --ip"));
    }
}
