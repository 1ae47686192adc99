package mansio.app.main;

import mansio.codec.text.Domain;
import mansio.serve.admin.DnsRows;
import mansio.serve.admin.PrintDns;
import mansio.serve.dnshelp.RecordFormat;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.List;
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
        PrintDns question = new PrintDns(domain, told.hostname, told.addresses);
        return desk.print(
                options,
                desk.outcome(options, Desk.Opening.AS_IT_IS, respondent -> respondent.ask(question))
                        .map(it -> new DnsRows(it, format)));
    }
}
