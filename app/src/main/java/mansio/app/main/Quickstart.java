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
            Optional<String> user)
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
        Outcome<AddAccount.Added> added;
        try {
            added =
                    desk.outcome(
                            new Desk.Place(folder, Optional::empty),
                            Desk.Opening.MADE_IF_MISSING,
                            respondent -> add(respondent, domain.get(), account));
            if (added instanceof Outcome.Done<AddAccount.Added>) files.write(Machine.real());
        } finally {
            if (owner.isPresent()) give(owner.get(), folder, files);
        }
        return desk.print(options, added.map(it -> made(files, it, owner)));
    }

    private static Made made(
            FirstFiles files, AddAccount.Added added, Optional<ServiceUser> owner) {
        return new Made(
                files.config(),
                files.certificate().chain(),
                files.certificate().key(),
                files.hostname(),
                added.address(),
                added.password(),
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
