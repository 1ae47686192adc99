package mansio.app.main;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.serve.admin.AddAccount;
import mansio.serve.admin.ImportAccounts;
import mansio.serve.admin.ListAccounts;
import mansio.serve.admin.RemoveAccount;
import mansio.serve.admin.Secret;
import mansio.serve.admin.SetEnabled;
import mansio.serve.admin.SetPassword;
import mansio.serve.admin.SetQuota;
import mansio.state.config.ByteSize;
import mansio.state.directory.Outcome;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** {@code mansio account}. */
@Command(name = "account", description = "The accounts: who has mail here and can log in.")
final class AccountCommands {
    private final Desk desk;

    AccountCommands(Desk desk) {
        this.desk = desk;
    }

    @Command(name = "add", description = "Adds an account; asks for its password.")
    int add(
            @Mixin AskOptions options,
            @Parameters(paramLabel = "ADDRESS") Address address,
            @ArgGroup @Nullable PasswordChoice choice)
            throws IOException {
        Optional<Secret> password = PasswordChoice.read(choice, desk.terminal());
        return desk.ask(options, new AddAccount(address, password));
    }

    @Command(name = "password", description = "Changes a password and ends the sessions.")
    int password(
            @Mixin AskOptions options,
            @Parameters(paramLabel = "ADDRESS") Address address,
            @ArgGroup @Nullable PasswordChoice choice)
            throws IOException {
        Optional<Secret> password = PasswordChoice.read(choice, desk.terminal());
        return desk.ask(options, new SetPassword(address, password));
    }

    @Command(name = "remove", description = "Removes an account and all its mail, for good.")
    int remove(@Mixin AskOptions options, @Parameters(paramLabel = "ADDRESS") Address address)
            throws IOException {
        return desk.ask(options, new RemoveAccount(address));
    }

    @Command(name = "enable", description = "Lets an account log in again.")
    int enable(@Mixin AskOptions options, @Parameters(paramLabel = "ADDRESS") Address address)
            throws IOException {
        return desk.ask(options, new SetEnabled(address, true));
    }

    @Command(name = "disable", description = "Lets nobody log in; mail is still received.")
    int disable(@Mixin AskOptions options, @Parameters(paramLabel = "ADDRESS") Address address)
            throws IOException {
        return desk.ask(options, new SetEnabled(address, false));
    }

    @Command(
            name = "quota",
            description = "Bounds the mail of an account; without SIZE, as the server's default.")
    int quota(
            @Mixin AskOptions options,
            @Parameters(paramLabel = "ADDRESS") Address address,
            @Parameters(
                            paramLabel = "SIZE",
                            arity = "0..1",
                            description = "Such as 500MiB or 2GiB.")
                    Optional<ByteSize> size)
            throws IOException {
        OptionalLong bytes =
                size.isPresent() ? OptionalLong.of(size.get().bytes()) : OptionalLong.empty();
        return desk.ask(options, new SetQuota(address, bytes));
    }

    @Command(name = "list", description = "Lists the accounts.")
    int list(
            @Mixin AskOptions options,
            @Option(names = "--domain", paramLabel = "DOMAIN", description = "Only its accounts.")
                    Optional<Domain> domain)
            throws IOException {
        return desk.ask(options, respondent -> all(respondent, domain));
    }

    private static Outcome<ListAccounts.Accounts> all(
            Respondent respondent, Optional<Domain> domain) throws IOException {
        Outcome<ListAccounts.Accounts> shown = respondent.ask(new ListAccounts(domain, 0));
        while (shown instanceof Outcome.Done<ListAccounts.Accounts>(ListAccounts.Accounts some)
                && some.more()) {
            shown =
                    respondent
                            .ask(new ListAccounts(domain, some.accounts().size()))
                            .map(some::with);
        }
        return shown;
    }

    @Command(
            name = "import",
            description =
                    "Takes over the accounts of a Dovecot passwd-file with their password hashes.")
    int importAll(
            @Mixin AskOptions options,
            @Option(
                            names = "--passwd-file",
                            paramLabel = "FILE",
                            required = true,
                            description = "The file: a line user:{SCHEME}hash:... for each.")
                    Path file,
            @Option(
                            names = "--domain",
                            paramLabel = "DOMAIN",
                            description = "For names without a domain.")
                    Optional<Domain> domain)
            throws IOException {
        PasswdFile lines = PasswdFile.read(file);
        return desk.ask(options, respondent -> taken(respondent, lines, domain));
    }

    /** In pieces: what an earlier piece brought stays when a later one fails. */
    private static Outcome<ImportAccounts.Report> taken(
            Respondent respondent, PasswdFile file, Optional<Domain> domain) throws IOException {
        Outcome<ImportAccounts.Report> sofar = Outcome.done(ImportAccounts.Report.NOTHING);
        for (ImportAccounts piece : file.pieces(domain)) {
            if (!(sofar
                    instanceof Outcome.Done<ImportAccounts.Report>(ImportAccounts.Report some))) {
                return sofar;
            }
            sofar = respondent.ask(piece).map(some::with);
        }
        return sofar;
    }
}
