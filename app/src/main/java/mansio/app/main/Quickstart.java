package mansio.app.main;

import mansio.app.wiring.FirstFiles;
import mansio.app.wiring.Machine;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.serve.admin.AddAccount;
import mansio.serve.admin.AddDomain;
import mansio.serve.admin.Answer;
import mansio.serve.admin.Secret;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;

/** {@code mansio quickstart}: from nothing to a configuration, a domain and an account. */
@Command(
        name = "quickstart",
        description = "Writes a configuration, and adds a domain and its first account.")
final class Quickstart implements Callable<Integer> {
    private final Desk desk;
    @Mixin private AskOptions options = new AskOptions();

    // Set by the parser, which insists on it.
    @Parameters(paramLabel = "ADDRESS", description = "The first account; it is postmaster too.")
    private @Nullable Address address;

    // Absent: mail. and the domain.
    @Option(
            names = "--hostname",
            paramLabel = "NAME",
            description = "The server's name (default: mail. and the domain).")
    private @Nullable Domain hostname;

    // Absent: beside the data folder.
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "The file to write (default: mansio.toml beside the data folder).")
    private @Nullable Path config;

    Quickstart(Desk desk) {
        this.desk = desk;
    }

    /** What was made. */
    record Made(Path config, Domain hostname, Address account, Optional<Secret> password)
            implements Answer {
        @Override
        public List<String> lines() {
            String domain = account.host().text();
            List<String> lines = new ArrayList<>();
            lines.add("The account " + account.toDisplay() + " is ready.");
            password.ifPresent(it -> lines.add("Its password, shown only now: " + it.text()));
            lines.add("");
            lines.add("What to do next:");
            lines.add(
                    "  1. DNS: an address record (A, AAAA) for %s, its reverse name, and"
                            .formatted(hostname));
            lines.add("     %s. MX 10 %s.".formatted(domain, hostname));
            lines.add("  2. Put a real certificate for %s into".formatted(hostname));
            lines.add("     %s; it is read again when it changes.".formatted(config));
            lines.add("     Until then one that signs itself is used.");
            lines.add("  3. Start the server: mansio serve --config " + config);
            lines.add(
                    "  4. Mail programs: %s, IMAP port 993 and SMTP port 465, both TLS."
                            .formatted(hostname));
            return lines;
        }
    }

    @Override
    public Integer call() throws IOException {
        Address account = Objects.requireNonNull(address);
        Optional<Domain> domain = account.domain();
        if (domain.isEmpty()) throw new IOException(account + " has no domain name");
        Domain name = hostname == null ? Domain.parse("mail." + domain.get().text()) : hostname;
        Path folder = options.data.folder().toAbsolutePath().normalize();
        FirstFiles files =
                new FirstFiles(
                        config == null
                                ? folder.resolveSibling("mansio.toml")
                                : config.toAbsolutePath().normalize(),
                        folder,
                        name);
        files.refuseToOverwrite();
        Outcome<AddAccount.Added> added =
                desk.outcome(
                        folder,
                        Desk.Opening.MADE_IF_MISSING,
                        respondent -> add(respondent, domain.get(), account));
        if (added instanceof Outcome.Done<AddAccount.Added>) files.write(Machine.real());
        return desk.print(
                options, added.map(it -> new Made(files.config(), name, account, it.password())));
    }

    private static Outcome<AddAccount.Added> add(
            Respondent respondent, Domain domain, Address account) throws IOException {
        Outcome<AddDomain.Added> there = respondent.ask(new AddDomain(domain));
        return switch (there) {
            case Outcome.Refused<AddDomain.Added>(Problem problem, String sentence)
                    when problem != Problem.EXISTS ->
                    Outcome.refused(problem, sentence);
            case Outcome.Refused<AddDomain.Added> _, Outcome.Done<AddDomain.Added> _ ->
                    respondent.ask(new AddAccount(account, Optional.empty()));
        };
    }
}
