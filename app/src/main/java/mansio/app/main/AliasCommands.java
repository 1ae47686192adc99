package mansio.app.main;

import mansio.codec.text.Address;
import mansio.serve.admin.AddAlias;
import mansio.serve.admin.ListAliases;
import mansio.serve.admin.RemoveAlias;
import mansio.state.directory.Outcome;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.List;

/** {@code mansio alias}. */
@Command(name = "alias", description = "The aliases: addresses that lead to others.")
final class AliasCommands {
    private final Desk desk;

    AliasCommands(Desk desk) {
        this.desk = desk;
    }

    @Command(name = "add", description = "Adds an alias.")
    int add(
            @Mixin AskOptions options,
            @Parameters(paramLabel = "ADDRESS") Address address,
            @Parameters(paramLabel = "TARGET", arity = "1..*") List<Address> targets)
            throws IOException {
        return desk.ask(options, new AddAlias(address, targets));
    }

    @Command(name = "remove", description = "Removes an alias.")
    int remove(@Mixin AskOptions options, @Parameters(paramLabel = "ADDRESS") Address address)
            throws IOException {
        return desk.ask(options, new RemoveAlias(address));
    }

    @Command(name = "list", description = "Lists the aliases.")
    int list(@Mixin AskOptions options) throws IOException {
        return desk.ask(options, AliasCommands::all);
    }

    private static Outcome<ListAliases.Aliases> all(Respondent respondent) throws IOException {
        Outcome<ListAliases.Aliases> shown = respondent.ask(new ListAliases(0));
        while (shown instanceof Outcome.Done<ListAliases.Aliases>(ListAliases.Aliases some)
                && some.more()) {
            shown = respondent.ask(new ListAliases(some.aliases().size())).map(some::with);
        }
        return shown;
    }
}
