package mansio.app.main;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.serve.admin.AddAlias;
import mansio.serve.admin.ImportTable;
import mansio.serve.admin.ListAliases;
import mansio.serve.admin.RemoveAlias;
import mansio.serve.admin.SetAliasComment;
import mansio.serve.admin.SetAliasEnabled;
import mansio.state.directory.AliasEditor.Mode;
import mansio.state.directory.Outcome;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

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
            @Parameters(
                            paramLabel = "ADDRESS",
                            description =
                                    "name@domain, info-*@domain, or a regular expression:"
                                            + " /^info-[0-9]+$/@domain.")
                    AliasName name,
            @Parameters(
                            paramLabel = "TARGET",
                            arity = "1..*",
                            description = "$1 is what the first star or group stood for.")
                    List<Address> targets,
            @Option(names = "--comment", paramLabel = "TEXT", description = "What it is for.")
                    Optional<String> comment)
            throws IOException {
        return desk.ask(options, new AddAlias(name.address(), targets, comment.orElse("")));
    }

    @Command(name = "enable", description = "Switches an alias on again.")
    int enable(@Mixin AskOptions options, @Parameters(paramLabel = "ADDRESS") AliasName name)
            throws IOException {
        return desk.ask(options, new SetAliasEnabled(name.address(), true));
    }

    @Command(name = "disable", description = "Switches an alias off: nobody has its address.")
    int disable(@Mixin AskOptions options, @Parameters(paramLabel = "ADDRESS") AliasName name)
            throws IOException {
        return desk.ask(options, new SetAliasEnabled(name.address(), false));
    }

    @Command(name = "comment", description = "Says what an alias is for; without TEXT, nothing.")
    int comment(
            @Mixin AskOptions options,
            @Parameters(paramLabel = "ADDRESS") AliasName name,
            @Parameters(paramLabel = "TEXT", arity = "0..1") Optional<String> text)
            throws IOException {
        return desk.ask(options, new SetAliasComment(name.address(), text.orElse("")));
    }

    @Command(name = "remove", description = "Removes an alias.")
    int remove(@Mixin AskOptions options, @Parameters(paramLabel = "ADDRESS") AliasName name)
            throws IOException {
        return desk.ask(options, new RemoveAlias(name.address()));
    }

    @Command(name = "list", description = "Lists the aliases.")
    int list(@Mixin AskOptions options) throws IOException {
        return desk.ask(options, AliasCommands::all);
    }

    @Command(
            name = "import",
            description = "Takes over a table of a Postfix and reports every line of it.")
    int importTable(
            @Mixin AskOptions options,
            @ArgGroup(multiplicity = "1") TableChoice choice,
            @Option(
                            names = "--domain",
                            paramLabel = "DOMAIN",
                            description = "For names without a domain.")
                    Optional<Domain> domain,
            @Option(names = "--dry-run", description = "Reports and changes nothing.")
                    boolean dryRun)
            throws IOException {
        TableChoice.Chosen chosen = choice.chosen();
        Mode mode = dryRun ? Mode.DRY_RUN : Mode.APPLY;
        List<ImportTable> pieces =
                TableFile.read(chosen.file()).pieces(chosen.table(), domain).stream()
                        .map(it -> new ImportTable(it, mode))
                        .toList();
        return desk.ask(options, respondent -> taken(respondent, pieces));
    }

    /** In pieces: what an earlier piece brought stays when a later one fails. */
    private static Outcome<ImportTable.Report> taken(
            Respondent respondent, List<ImportTable> pieces) throws IOException {
        Outcome<ImportTable.Report> sofar = Outcome.done(ImportTable.Report.NOTHING);
        for (ImportTable piece : pieces) {
            if (!(sofar instanceof Outcome.Done<ImportTable.Report>(ImportTable.Report some))) {
                return sofar;
            }
            sofar = respondent.ask(piece).map(some::with);
        }
        return sofar;
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
