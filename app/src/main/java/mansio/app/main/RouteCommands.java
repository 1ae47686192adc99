package mansio.app.main;

import mansio.codec.text.Address;
import mansio.serve.admin.AddRoute;
import mansio.serve.admin.ListRoutes;
import mansio.serve.admin.ListTemplates;
import mansio.serve.admin.RemoveRoute;
import mansio.serve.admin.Secret;
import mansio.serve.admin.TestRoute;
import mansio.state.directory.Outcome;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** {@code mansio route}. */
@Command(name = "route", description = "The ways by which mail leaves for other servers.")
final class RouteCommands {
    private final Desk desk;

    RouteCommands(Desk desk) {
        this.desk = desk;
    }

    /** How a route logs in. */
    static final class LogInOptions {
        @Option(names = "--user", paramLabel = "NAME", description = "Whom to log in as.")
        private Optional<String> user = Optional.empty();

        @Option(
                names = "--password-stdin",
                description = "Reads the password from standard input, to the end of the line.")
        private boolean stdin;

        /** The password; empty when nobody logs in. */
        Optional<Secret> password(Terminal terminal) throws IOException {
            if (stdin) return Optional.of(PasswordChoice.line(terminal.in()));
            if (user.isEmpty()) return Optional.empty();
            return Optional.of(
                    terminal.prompt()
                            .hidden("Password: ")
                            .map(Secret::new)
                            .orElseThrow(
                                    () ->
                                            new IOException(
                                                    "there is no terminal to ask for the password;"
                                                            + " use --password-stdin")));
        }
    }

    /** What may differ from the usual. */
    static final class WayOptions {
        @Option(
                names = "--tls",
                paramLabel = "MODE",
                description =
                        "none, may, encrypt or verify (default: verify with a password and for"
                                + " smtps, else may).")
        private Optional<String> tls = Optional.empty();

        @Option(
                names = "--fallback",
                paramLabel = "TARGET",
                description = "For direct: a relay for the sites that refuse us by their policy.")
        private Optional<String> fallback = Optional.empty();

        @Option(names = "--source", paramLabel = "IP", description = "Our address to send from.")
        private Optional<String> source = Optional.empty();

        @Option(names = "--ehlo", paramLabel = "NAME", description = "What we call ourselves.")
        private Optional<String> ehlo = Optional.empty();

        @Option(
                names = "--first-retry",
                paramLabel = "TIME",
                description = "The pause after the first attempt, such as 5min.")
        private Optional<Duration> first = Optional.empty();

        @Option(
                names = "--longest-retry",
                paramLabel = "TIME",
                description = "The longest pause, such as 4h.")
        private Optional<Duration> longest = Optional.empty();

        @Option(
                names = "--give-up-after",
                paramLabel = "TIME",
                description = "When a message fails, such as 5d.")
        private Optional<Duration> giveUpAfter = Optional.empty();

        AddRoute.Options options() {
            return new AddRoute.Options(tls, fallback, source, ehlo, first, longest, giveUpAfter);
        }
    }

    /** What is to be added. */
    static final class Wish {
        @Parameters(
                index = "0",
                paramLabel = "PATTERN",
                description =
                        "example.org, .example.org for the domains below it, sender:ADDRESS,"
                                + " sender:DOMAIN or '*' for all.")
        private String pattern = "";

        @Parameters(
                index = "1",
                paramLabel = "TARGET",
                description =
                        "smtp://HOST:PORT[,HOST:PORT...], smtps://..., lmtp://..., lmtp:/SOCKET,"
                                + " template:NAME, direct, discard or hold.")
        private String target = "";

        @Option(names = "--replace", description = "In place of the route that is there.")
        private boolean replace;
    }

    @Command(name = "add", description = "Adds a route.")
    int add(
            @Mixin AskOptions options,
            @Mixin Wish wish,
            @Mixin LogInOptions logIn,
            @Mixin WayOptions way)
            throws IOException {
        Optional<Secret> password = logIn.password(desk.terminal());
        return desk.ask(
                options,
                new AddRoute(
                        wish.pattern,
                        wish.target,
                        logIn.user,
                        password,
                        way.options(),
                        wish.replace));
    }

    @Command(name = "remove", description = "Removes a route.")
    int remove(@Mixin AskOptions options, @Parameters(paramLabel = "PATTERN") String pattern)
            throws IOException {
        return desk.ask(options, new RemoveRoute(pattern));
    }

    @Command(name = "list", description = "Lists the routes, and the sites that are gone around.")
    int list(@Mixin AskOptions options) throws IOException {
        return desk.ask(options, RouteCommands::all);
    }

    @Command(
            name = "test",
            description =
                    "Goes the way that mail would go, up to MAIL, or to RCPT with --from or --to,"
                            + " and shows all of it.")
    int test(
            @Mixin AskOptions options,
            @Parameters(
                            paramLabel = "SUBJECT",
                            description = "An address, a domain, or the pattern of a route.")
                    String subject,
            @Option(
                            names = "--from",
                            paramLabel = "ADDRESS",
                            description = "Asks whether mail of this sender is taken.")
                    Optional<Address> from,
            @Option(
                            names = "--to",
                            paramLabel = "ADDRESS",
                            description = "Asks whether mail to this recipient is taken.")
                    Optional<Address> to)
            throws IOException {
        return desk.ask(options, new TestRoute(subject, from, to));
    }

    @Command(name = "templates", description = "Lists what well-known relay services want.")
    int templates(@Mixin AskOptions options) throws IOException {
        return desk.ask(options, new ListTemplates());
    }

    private static Outcome<ListRoutes.Found> all(Respondent respondent) throws IOException {
        Outcome<ListRoutes.Found> shown = respondent.ask(new ListRoutes(0));
        while (shown instanceof Outcome.Done<ListRoutes.Found>(ListRoutes.Found some)
                && some.more()) {
            shown = respondent.ask(new ListRoutes(some.routes().size())).map(some::with);
        }
        return shown;
    }
}
