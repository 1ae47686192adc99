package mansio.app.main;

import mansio.app.wiring.Machine;
import mansio.app.wiring.Replays;
import mansio.codec.smtp.Replies;
import mansio.codec.smtp.Reply;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.serve.admin.ExplainAddress;
import mansio.serve.checks.Client;
import mansio.serve.inbound.Origin;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.state.config.Config;
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

/** {@code mansio explain}: what would become of a message that another server brings, and why. */
@Command(
        name = "explain",
        description = "Checks and judges a message as if another server brought it now.")
final class ExplainCommand implements Callable<Integer> {
    private static final int MAX_RECIPIENTS = 100;

    /** Stands for every mailbox here when no recipient is named. */
    static final Address ANYBODY = Address.of("anybody", Domain.parse("localhost"));

    private final Desk desk;
    @Mixin private AskOptions options = new AskOptions();

    // Set by the parser, which insists on it.
    @Parameters(paramLabel = "FILE", description = "The message with its header; - reads it.")
    private @Nullable Path file;

    // Set by the parser, which insists on it.
    @Option(
            names = "--from",
            paramLabel = "ADDRESS",
            required = true,
            description = "The sender that MAIL named; <> for none.")
    private @Nullable String from;

    // Set by the parser, which insists on it.
    @Option(
            names = "--ip",
            paramLabel = "ADDRESS",
            required = true,
            description = "The address of the host that brings it.")
    private @Nullable InetAddress ip;

    // Absent: the address as a literal.
    @Option(
            names = "--helo",
            paramLabel = "NAME",
            description = "What the host calls itself (default: its address).")
    private @Nullable String helo;

    @Option(
            names = "--to",
            paramLabel = "ADDRESS",
            description = "For whom; may be given several times (default: any mailbox here).")
    private List<Address> to = List.of();

    ExplainCommand(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        Optional<Config> config = options.config();
        Replays server = Replays.of(config, Machine.real());
        Client client = client();
        byte[] message =
                MessageFile.read(Objects.requireNonNull(file), desk.terminal(), server.replay());
        String what =
                "%d bytes from %s by %s (%s), judged %s."
                        .formatted(
                                message.length,
                                client.reversePath().map(Address::toDisplay).orElse("<>"),
                                client.address().getHostAddress(),
                                client.helo(),
                                config.isPresent() ? "as configured" : "without a configuration");
        List<RoutedRecipient> passed = new ArrayList<>();
        List<Explained.ForRecipient> refused = new ArrayList<>();
        recipients(server, passed, refused);
        Explained answer =
                passed.isEmpty()
                        ? Explained.unwanted(what, refused)
                        : Explained.of(
                                what,
                                notes(server, client),
                                server.replay().explain(client, message, passed),
                                refused);
        int code = desk.print(options, Outcome.done(answer));
        return answer.mayComeAgain() ? Main.EXIT_LATER : code;
    }

    private static List<String> notes(Replays server, Client client) {
        return server.trusted().test(client.address())
                ? List.of("the server checks no mail of this host (networks.trusted)")
                : List.of();
    }

    private Client client() throws IOException {
        InetAddress address = Objects.requireNonNull(ip);
        String sender = Objects.requireNonNull(from);
        boolean none = sender.isEmpty() || sender.equals("<>");
        Optional<Address> path = none ? Optional.empty() : Address.tryParse(sender);
        if (!none && path.isEmpty()) {
            throw new IOException("'" + sender + "' is not a mail address; <> stands for none");
        }
        String literal = address.getHostAddress();
        if (literal.indexOf(':') >= 0) literal = "IPv6:" + literal;
        return new Client(address, helo == null ? "[" + literal + "]" : helo, path);
    }

    private void recipients(
            Replays server, List<RoutedRecipient> passed, List<Explained.ForRecipient> refused)
            throws IOException {
        if (to.size() > MAX_RECIPIENTS) {
            throw new IOException("more than " + MAX_RECIPIENTS + " recipients");
        }
        if (to.isEmpty()) {
            passed.add(
                    new RoutedRecipient(
                            ANYBODY, new Route.Ours(List.of(target(ANYBODY, "")), List.of())));
        }
        for (Address address : to) {
            Outcome<ExplainAddress.Answered> asked =
                    desk.outcome(
                            options,
                            Desk.Opening.AS_IT_IS,
                            respondent -> respondent.ask(new ExplainAddress(address)));
            switch (asked) {
                case Outcome.Done<ExplainAddress.Answered>(var answered) ->
                        rcpt(server, answered)
                                .ifPresentOrElse(
                                        no -> refused.add(refused(address, no)),
                                        () ->
                                                passed.add(
                                                        new RoutedRecipient(
                                                                address, route(answered))));
                case Outcome.Refused<ExplainAddress.Answered>(var _, String sentence) ->
                        throw new IOException(sentence);
            }
        }
    }

    private static Explained.ForRecipient refused(Address to, Reply reply) {
        return new Explained.ForRecipient(to.toDisplay(), "refused", reply.toWire().strip());
    }

    /** What RCPT says when it does not let the recipient pass. */
    private static Optional<Reply> rcpt(Replays server, ExplainAddress.Answered where) {
        return switch (where.fate()) {
            case LOCAL ->
                    !where.accounts().isEmpty()
                                    || isReturn(where)
                                    || server.forwarding().mayAllow(new Origin.Outside())
                            ? Optional.empty()
                            : Optional.of(Replies.NOT_FORWARDED);
            case REMOTE -> Optional.of(Replies.RELAY_DENIED);
            case NO_SUCH_USER -> Optional.of(Replies.NO_SUCH_USER);
            case CANNOT_TELL -> Optional.of(new Reply(451, "4.3.0", where.trouble()));
        };
    }

    private static boolean isReturn(ExplainAddress.Answered where) {
        return where.steps().stream().anyMatch(it -> it.rule().equals("srs"));
    }

    /** As the directory said it; which account it is makes no difference to the judgement. */
    private static Route route(ExplainAddress.Answered where) {
        Route.Reason reason = isReturn(where) ? Route.Reason.RETURN : Route.Reason.ALIAS;
        return new Route.Ours(
                where.accounts().stream().map(it -> target(it.account(), it.detail())).toList(),
                where.forwards().stream()
                        .map(it -> new Route.Forward(it.to(), it.by(), reason))
                        .toList());
    }

    private static Route.Target target(Address account, String detail) {
        return new Route.Target(new AccountId(1), account, account, detail);
    }
}
