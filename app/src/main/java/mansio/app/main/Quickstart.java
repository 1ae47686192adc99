package mansio.app.main;

import mansio.app.wiring.FirstFiles;
import mansio.app.wiring.Machine;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.serve.admin.AddAccount;
import mansio.serve.admin.AddDomain;
import mansio.serve.admin.Answer;
import mansio.serve.admin.DnsRows;
import mansio.serve.admin.PrintDns;
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
    private final ServiceUser.Choice users;
    @Mixin private AnswerOptions options = new AnswerOptions();

    // Set by the parser, which insists on it.
    @Parameters(paramLabel = "ADDRESS", description = "The first account; it is postmaster too.")
    private @Nullable Address address;

    // Absent: mail. and the domain.
    @Option(
            names = "--hostname",
            paramLabel = "NAME",
            description = "The server's name (default: mail. and the domain).")
    private @Nullable Domain hostname;

    // Absent: see folder() and configFile().
    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The file to write (default: /etc/mansio/mansio.toml for the data folder"
                            + " /var/lib/mansio, else mansio.toml beside the data folder).")
    private @Nullable Path config;

    // Absent: mansio when root runs this, else who runs this.
    @Option(
            names = "--user",
            paramLabel = "NAME",
            description = "For root: the user that will serve and owns it all (default: mansio).")
    private @Nullable String user;

    /**
     * @param users who will serve when root runs this
     */
    Quickstart(Desk desk, ServiceUser.Choice users) {
        this.desk = desk;
        this.users = users;
    }

    /**
     * What was made.
     *
     * @param user who will serve; empty: who ran this
     */
    record Made(
            Path config,
            Path certificate,
            Path key,
            Domain hostname,
            Address account,
            Optional<Secret> password,
            List<DnsRows.Row> dns,
            Optional<String> user)
            implements Answer {
        Made {
            dns = List.copyOf(dns);
        }

        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>();
            lines.add("The account " + account.toDisplay() + " is ready.");
            password.ifPresent(it -> lines.add("Its password, shown only now: " + it.text()));
            lines.add("");
            lines.add("What to do next:");
            lines.add("  1. DNS: the records below; again, and as a zone file:");
            lines.add("     mansio dns print --format bind --config " + config);
            lines.add("  2. A certificate: until you put a real one into");
            lines.add("     %s and its key into %s,".formatted(certificate, key));
            lines.add("     one that signs itself is used. The files are read again when changed.");
            lines.add(
                    user.map(
                                    it ->
                                            "  3. Start the server as %s: %s"
                                                    .formatted(it, "systemctl enable --now mansio"))
                            .orElse("  3. Start the server: mansio serve --config " + config));
            lines.add(
                    "  4. Mail programs: %s, IMAP port 993 and SMTP port 465, both TLS."
                            .formatted(hostname));
            lines.add("");
            lines.add("DNS records:");
            for (DnsRows.Row row : dns) {
                lines.add("  %s  %s  %s".formatted(row.name(), row.type(), row.value()));
                lines.add("      " + row.why());
            }
            if (dns.stream().noneMatch(it -> it.type().equals("A") || it.type().equals("AAAA"))) {
                lines.add("  %s  A  the public address of this server".formatted(hostname));
                lines.add("      and its reverse name; mansio dns print --ip ADDRESS shows both");
            }
            return lines;
        }
    }

    @Override
    public Integer call() throws IOException {
        Address account = Objects.requireNonNull(address);
        Optional<Domain> domain = account.domain();
        if (domain.isEmpty()) throw new IOException(account + " has no domain name");
        Domain name = hostname == null ? Domain.parse("mail." + domain.get().text()) : hostname;
        Optional<ServiceUser> owner = users.choose(Optional.ofNullable(user));
        Path folder = folder(owner);
        FirstFiles files = new FirstFiles(configFile(folder), folder, name);
        files.refuseToOverwrite();
        if (owner.isPresent()) owner.get().prepare(folder);
        Outcome<Made> made = Outcome.refused(Problem.INVALID, "");
        try {
            files.write(Machine.real());
            made =
                    desk.outcome(
                            new Desk.Place(
                                    folder, () -> ConfigPlace.read(Optional.of(files.config()))),
                            Desk.Opening.MADE_IF_MISSING,
                            respondent -> add(respondent, domain.get(), files, owner));
        } finally {
            if (made instanceof Outcome.Refused<Made>) files.remove();
            if (owner.isPresent()) give(owner.get(), folder, files);
        }
        return desk.print(options, made);
    }

    private static Made made(
            FirstFiles files,
            AddAccount.Added added,
            PrintDns.Wanted dns,
            Optional<ServiceUser> owner) {
        return new Made(
                files.config(),
                files.certificate().chain(),
                files.certificate().key(),
                files.hostname(),
                added.address(),
                added.password(),
                DnsRows.rows(dns.records()),
                owner.map(it -> it.user().getName()));
    }

    /** Root is not there to try things out: by default all is where the systemd unit wants it. */
    private Path folder(Optional<ServiceUser> owner) {
        Path folder =
                owner.isPresent()
                        ? options.data.given().orElse(DataOption.INSTALLED)
                        : options.data.folder();
        return folder.toAbsolutePath().normalize();
    }

    private Path configFile(Path folder) {
        if (config != null) return config.toAbsolutePath().normalize();
        return folder.equals(DataOption.INSTALLED)
                ? ConfigPlace.USUAL
                : folder.resolveSibling("mansio.toml");
    }

    /** Also after a failure: nothing of root's may stay in the way of the next attempt. */
    private static void give(ServiceUser owner, Path folder, FirstFiles files) throws IOException {
        owner.give(folder);
        for (Path file : files.all()) owner.give(file);
    }

    private Outcome<Made> add(
            Respondent respondent, Domain domain, FirstFiles files, Optional<ServiceUser> owner)
            throws IOException {
        Outcome<AddDomain.Added> there = respondent.ask(new AddDomain(domain));
        if (there instanceof Outcome.Refused<AddDomain.Added>(Problem problem, String sentence)
                && problem != Problem.EXISTS) {
            return Outcome.refused(problem, sentence);
        }
        Address account = Objects.requireNonNull(address);
        return switch (respondent.ask(new AddAccount(account, Optional.empty()))) {
            case Outcome.Refused<AddAccount.Added>(Problem problem, String sentence) ->
                    Outcome.refused(problem, sentence);
            case Outcome.Done<AddAccount.Added>(AddAccount.Added added) -> {
                PrintDns question =
                        new PrintDns(Optional.of(domain), Optional.of(files.hostname()), List.of());
                yield respondent.ask(question).map(dns -> made(files, added, dns, owner));
            }
        };
    }
}
