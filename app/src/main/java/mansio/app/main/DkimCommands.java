package mansio.app.main;

import mansio.codec.text.Domain;
import mansio.serve.admin.AddDkim;
import mansio.serve.admin.HandleDkim;
import mansio.serve.admin.ListDkim;
import mansio.serve.admin.RotateDkim;
import mansio.serve.admin.SetDkimSenders;
import mansio.serve.admin.SetDkimSigning;
import mansio.serve.admin.ShowDkim;
import mansio.state.directory.Outcome;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code mansio dkim}. */
@Command(name = "dkim", description = "The keys with which mail of a domain is signed.")
final class DkimCommands {
    private static final String SENDERS = "Senders it is for, such as news-*@example.org.";

    private final Desk desk;

    DkimCommands(Desk desk) {
        this.desk = desk;
    }

    /** A key. */
    static final class Choice {
        @Parameters(index = "0", paramLabel = "DOMAIN")
        private Domain domain = Domain.parse("localhost");

        @Parameters(index = "1", paramLabel = "SELECTOR")
        private String selector = "";
    }

    @Command(name = "list", description = "Lists the keys, where they are, and what was seen.")
    int list(
            @Mixin AskOptions options,
            @Parameters(paramLabel = "DOMAIN", arity = "0..1") Optional<Domain> domain)
            throws IOException {
        return desk.ask(options, respondent -> all(respondent, domain));
    }

    @Command(name = "show", description = "Shows the records, and how the domain signs.")
    int show(
            @Mixin AskOptions options,
            @Parameters(index = "0", paramLabel = "DOMAIN") Domain domain,
            @Parameters(index = "1", paramLabel = "SELECTOR", arity = "0..1")
                    Optional<String> selector)
            throws IOException {
        return desk.ask(options, new ShowDkim(domain, selector));
    }

    @Command(name = "rotate", description = "Makes new keys, which take over when published.")
    int rotate(
            @Mixin AskOptions options,
            @Parameters(paramLabel = "DOMAIN") Domain domain,
            @Option(
                            names = "--now",
                            description = "As soon as they are seen, without the wait for caches.")
                    boolean now)
            throws IOException {
        return desk.ask(options, new RotateDkim(domain, now));
    }

    @Command(name = "add", description = "Makes one more key, beside the others.")
    int add(
            @Mixin AskOptions options,
            @Parameters(paramLabel = "DOMAIN") Domain domain,
            @Mixin Wish wish)
            throws IOException {
        return desk.ask(options, new AddDkim(domain, wish.selector, wish.algorithm, wish.senders));
    }

    /** A key to be made. */
    static final class Wish {
        @Option(names = "--selector", paramLabel = "NAME", description = "Its selector.")
        private Optional<String> selector = Optional.empty();

        @Option(
                names = "--algorithm",
                paramLabel = "KIND",
                description = "rsa-2048 (default), rsa-3072, rsa-4096 or ed25519.")
        private String algorithm = "rsa-2048";

        @Option(names = "--for", paramLabel = "PATTERN", description = SENDERS)
        private List<String> senders = List.of();
    }

    @Command(name = "senders", description = "Says whom a key is for; without any, everybody.")
    int senders(
            @Mixin AskOptions options,
            @Mixin Choice key,
            @Parameters(
                            index = "2..*",
                            paramLabel = "PATTERN",
                            arity = "0..*",
                            description = SENDERS)
                    List<String> senders)
            throws IOException {
        List<String> whom = senders == null ? List.of() : senders;
        return desk.ask(options, new SetDkimSenders(key.domain, key.selector, whom));
    }

    @Command(name = "signing", description = "Says how mail of a domain is signed.")
    int signing(
            @Mixin AskOptions options,
            @Parameters(paramLabel = "DOMAIN") Domain domain,
            @Mixin How how)
            throws IOException {
        return desk.ask(
                options,
                new SetDkimSigning(
                        domain, how.header, how.body, how.expiry.map(Duration::toSeconds)));
    }

    /** How it is signed. */
    static final class How {
        @Option(names = "--header", paramLabel = "FORM", description = "simple or relaxed.")
        private Optional<String> header = Optional.empty();

        @Option(names = "--body", paramLabel = "FORM", description = "simple or relaxed.")
        private Optional<String> body = Optional.empty();

        @Option(
                names = "--expiry",
                paramLabel = "TIME",
                description = "How long a signature holds, such as 14d; 0d for ever.")
        private Optional<Duration> expiry = Optional.empty();
    }

    @Command(name = "activate", description = "Lets a key sign, whatever the DNS says.")
    int activate(@Mixin AskOptions options, @Mixin Choice key) throws IOException {
        return handle(options, key, HandleDkim.What.ACTIVATE);
    }

    @Command(name = "retire", description = "Lets a key sign no more.")
    int retire(@Mixin AskOptions options, @Mixin Choice key) throws IOException {
        return handle(options, key, HandleDkim.What.RETIRE);
    }

    @Command(name = "remove", description = "Forgets a key that does not sign.")
    int remove(@Mixin AskOptions options, @Mixin Choice key) throws IOException {
        return handle(options, key, HandleDkim.What.REMOVE);
    }

    private int handle(AskOptions options, Choice key, HandleDkim.What what) throws IOException {
        return desk.ask(options, new HandleDkim(key.domain, key.selector, what));
    }

    private static Outcome<ListDkim.Found> all(Respondent respondent, Optional<Domain> domain)
            throws IOException {
        Outcome<ListDkim.Found> shown = respondent.ask(new ListDkim(domain, 0));
        while (shown instanceof Outcome.Done<ListDkim.Found>(ListDkim.Found some) && some.more()) {
            shown = respondent.ask(new ListDkim(domain, some.keys().size())).map(some::with);
        }
        return shown;
    }
}
