package mansio.app.main;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.serve.admin.AddDomain;
import mansio.serve.admin.ListDomains;
import mansio.serve.admin.RemoveDomain;
import mansio.serve.admin.SetCatchAll;
import mansio.serve.admin.SetDomainAdmin;
import mansio.serve.admin.SetDomainAlias;
import mansio.serve.admin.SetSeparators;
import mansio.serve.admin.ShowDomain;
import mansio.state.directory.Outcome;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.Optional;

/** {@code mansio domain}. */
@Command(name = "domain", description = "The domains whose mail ends here.")
final class DomainCommands {
    private final Desk desk;

    DomainCommands(Desk desk) {
        this.desk = desk;
    }

    @Command(name = "add", description = "Adds a domain.")
    int add(@Mixin AskOptions options, @Parameters(paramLabel = "DOMAIN") Domain domain)
            throws IOException {
        return desk.print(
                options,
                desk.outcome(
                        options,
                        Desk.Opening.MADE_IF_MISSING,
                        respondent -> respondent.ask(new AddDomain(domain))));
    }

    @Command(name = "remove", description = "Removes a domain that has no accounts and aliases.")
    int remove(@Mixin AskOptions options, @Parameters(paramLabel = "DOMAIN") Domain domain)
            throws IOException {
        return desk.ask(options, new RemoveDomain(domain));
    }

    @Command(name = "show", description = "Shows a domain and its settings.")
    int show(@Mixin AskOptions options, @Parameters(paramLabel = "DOMAIN") Domain domain)
            throws IOException {
        return desk.ask(options, new ShowDomain(domain));
    }

    @Command(name = "list", description = "Lists the domains.")
    int list(@Mixin AskOptions options) throws IOException {
        return desk.ask(options, DomainCommands::all);
    }

    @Command(name = "admin", description = "Names who gets mail for postmaster and abuse.")
    int admin(
            @Mixin AskOptions options,
            @Parameters(paramLabel = "DOMAIN") Domain domain,
            @Parameters(paramLabel = "ADDRESS") Address account)
            throws IOException {
        return desk.ask(options, new SetDomainAdmin(domain, account));
    }

    @Command(
            name = "catch-all",
            description =
                    "Names who gets mail for addresses that nobody has; without ADDRESS, nobody.")
    int catchAll(
            @Mixin AskOptions options,
            @Parameters(paramLabel = "DOMAIN") Domain domain,
            @Parameters(paramLabel = "ADDRESS", arity = "0..1") Optional<Address> target)
            throws IOException {
        return desk.ask(options, new SetCatchAll(domain, target));
    }

    @Command(
            name = "separators",
            description =
                    "Sets what parts user and detail, such as \"+-\"; without CHARACTERS, nothing.")
    int separators(
            @Mixin AskOptions options,
            @Parameters(paramLabel = "DOMAIN") Domain domain,
            @Parameters(paramLabel = "CHARACTERS", arity = "0..1") Optional<String> separators)
            throws IOException {
        return desk.ask(options, new SetSeparators(domain, separators.orElse("")));
    }

    @Command(
            name = "alias",
            description =
                    "Gives a domain the addresses of OTHER; without OTHER, it has its own again.")
    int alias(
            @Mixin AskOptions options,
            @Parameters(paramLabel = "DOMAIN") Domain domain,
            @Parameters(paramLabel = "OTHER", arity = "0..1") Optional<Domain> other)
            throws IOException {
        return desk.ask(options, new SetDomainAlias(domain, other));
    }

    private static Outcome<ListDomains.Domains> all(Respondent respondent) throws IOException {
        Outcome<ListDomains.Domains> shown = respondent.ask(new ListDomains(0));
        while (shown instanceof Outcome.Done<ListDomains.Domains>(ListDomains.Domains some)
                && some.more()) {
            shown = respondent.ask(new ListDomains(some.domains().size())).map(some::with);
        }
        return shown;
    }
}
