package mansio.app.main;

import mansio.app.wiring.DnsViews;
import mansio.app.wiring.Machine;
import mansio.codec.text.Domain;
import mansio.serve.admin.DnsRows;
import mansio.serve.admin.PrintDns;
import mansio.serve.dnscheck.DnsCheck;
import mansio.serve.dnscheck.DnsCheck.Probe;
import mansio.serve.dnshelp.Presence;
import mansio.serve.dnshelp.RecordFormat;
import mansio.state.config.Config;
import mansio.state.directory.Outcome;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code mansio dns}. */
@Command(name = "dns", description = "The DNS records that make mail work.")
final class DnsCommands {
    private final Desk desk;

    DnsCommands(Desk desk) {
        this.desk = desk;
    }

    /** What is known here only by being told. */
    static final class Told {
        @Option(
                names = "--ip",
                paramLabel = "ADDRESS",
                description = "A public address of the server (default: those it can see).")
        private List<String> addresses = List.of();

        @Option(
                names = "--hostname",
                paramLabel = "NAME",
                description = "The server's name (default: as configured).")
        private Optional<Domain> hostname = Optional.empty();

        /** Which records there should be. */
        PrintDns question(Optional<Domain> domain) {
            return new PrintDns(domain, hostname, addresses);
        }
    }

    @Command(name = "print", description = "Prints every record that should be there, and why.")
    int print(
            @Mixin AskOptions options,
            @Parameters(
                            paramLabel = "DOMAIN",
                            arity = "0..1",
                            description = "A domain of this server (default: all).")
                    Optional<Domain> domain,
            @Option(
                            names = "--format",
                            paramLabel = "FORM",
                            description = "table (default), bind or cloudflare.",
                            defaultValue = "table")
                    RecordFormat format,
            @Mixin Told told)
            throws IOException {
        PrintDns question = told.question(domain);
        return desk.print(
                options,
                desk.outcome(options, Desk.Opening.AS_IT_IS, respondent -> respondent.ask(question))
                        .map(it -> new DnsRows(it, format)));
    }

    /** Where to look besides. */
    static final class Places {
        @Option(
                names = "--probe",
                paramLabel = "HOST[:PORT]",
                description = "Tries whether a connection to port 25 of this host can be made.")
        private Optional<String> probe = Optional.empty();

        @Option(
                names = "--authority",
                paramLabel = "HOST[:PORT]",
                description = "The name server to ask (default: those that the zones name).")
        private Optional<String> authority = Optional.empty();

        Optional<InetSocketAddress> authority() throws IOException {
            return authority.isPresent()
                    ? Optional.of(ServerAt.nameServer(authority.get()))
                    : Optional.empty();
        }

        Optional<Probe> probe() throws IOException {
            if (probe.isEmpty()) return Optional.empty();
            ServerAt.Place place = ServerAt.place(probe.get());
            return Optional.of(
                    place.port() == 0
                            ? Probe.at(place.host())
                            : new Probe(place.host(), place.port()));
        }
    }

    @Command(
            name = "check",
            description =
                    "Compares what the world sees with what should be there, and says how to mend"
                            + " it.")
    int check(
            @Mixin AskOptions options,
            @Parameters(
                            paramLabel = "DOMAIN",
                            arity = "0..1",
                            description = "A domain of this server (default: all).")
                    Optional<Domain> domain,
            @Mixin Told told,
            @Mixin Places places)
            throws IOException {
        PrintDns question = told.question(domain);
        Outcome<PrintDns.Wanted> wanted =
                desk.outcome(
                        options, Desk.Opening.AS_IT_IS, respondent -> respondent.ask(question));
        if (!(wanted instanceof Outcome.Done<PrintDns.Wanted>(PrintDns.Wanted records))) {
            return desk.print(options, wanted);
        }
        Optional<Config> config = options.config();
        try (DnsViews views = DnsViews.open(config, places.authority(), Machine.real())) {
            DnsReport report =
                    DnsReport.of(
                            new DnsCheck(views.world())
                                    .of(
                                            new DnsCheck.Expected(
                                                    presence(records),
                                                    records.records(),
                                                    DnsViews.lists(config),
                                                    places.probe())),
                            records.notes());
            desk.print(options, Outcome.done(report));
            return report.exitCode();
        }
    }

    static Presence presence(PrintDns.Wanted wanted) {
        return new Presence(
                wanted.hostname(),
                wanted.addresses().stream().map(InetAddress::ofLiteral).toList(),
                Map.of());
    }
}
