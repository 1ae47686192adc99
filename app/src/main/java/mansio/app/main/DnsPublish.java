package mansio.app.main;

import mansio.app.wiring.DnsViews;
import mansio.app.wiring.Machine;
import mansio.codec.text.Domain;
import mansio.net.dns.TsigKey;
import mansio.serve.admin.PrintDns;
import mansio.serve.dnscheck.DnsCheck;
import mansio.serve.dnspublish.Permission;
import mansio.serve.dnspublish.Published;
import mansio.serve.dnspublish.Publisher;
import mansio.state.directory.Outcome;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code mansio dns publish}. The key is read here, as the server may not be able to. */
@Command(
        name = "publish",
        description =
                "Puts what is missing or wrong into the zones of a server that takes dynamic"
                        + " updates.")
final class DnsPublish implements Callable<Integer> {
    private final Desk desk;
    @Mixin private AskOptions options = new AskOptions();

    @Parameters(
            paramLabel = "DOMAIN",
            arity = "0..1",
            description = "A domain of this server (default: all).")
    private Optional<Domain> domain = Optional.empty();

    // Set by the parser, which insists on it.
    @Option(
            names = "--server",
            required = true,
            paramLabel = "HOST[:PORT]",
            description = "The primary server of the zones.")
    private @Nullable String server;

    @Mixin private KeyChoice key = new KeyChoice();
    @Mixin private DnsCommands.Told told = new DnsCommands.Told();

    @Option(names = "--dry-run", description = "Says what would be changed, and changes nothing.")
    private boolean dryRun;

    @Option(
            names = "--replace",
            description = "Takes also away what others may have put there, such as MX records.")
    private boolean replace;

    @Option(names = "--optional", description = "Adds also what mail does without (SRV).")
    private boolean optional;

    DnsPublish(Desk desk) {
        this.desk = desk;
    }

    @Override
    public Integer call() throws IOException {
        Optional<TsigKey> secret =
                dryRun && !key.isMade() ? Optional.empty() : Optional.of(key.read(desk.terminal()));
        String named = Objects.requireNonNull(server);
        InetSocketAddress place = ServerAt.nameServer(named);
        PrintDns question = told.question(domain);
        Outcome<PrintDns.Wanted> wanted =
                desk.outcome(
                        options, Desk.Opening.AS_IT_IS, respondent -> respondent.ask(question));
        if (!(wanted instanceof Outcome.Done<PrintDns.Wanted>(PrintDns.Wanted records))) {
            return desk.print(options, wanted);
        }
        Machine machine = Machine.real();
        try (DnsViews views = DnsViews.open(options.config(), Optional.of(place), machine)) {
            Publisher publisher = new Publisher(views.world(), DnsViews.updates(place, machine));
            Publisher.Request request =
                    new Publisher.Request(
                            new DnsCheck.Expected(
                                    DnsCommands.presence(records),
                                    records.records(),
                                    List.of(),
                                    Optional.empty()),
                            permissions());
            Published published =
                    dryRun
                            ? publisher.plan(request)
                            : publisher.publish(request, secret.orElseThrow());
            PublishReport report = PublishReport.of(named, published, records.notes());
            desk.print(options, Outcome.done(report));
            return report.exitCode();
        }
    }

    private Set<Permission> permissions() {
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        if (replace) permissions.add(Permission.REPLACE_OTHERS);
        if (optional) permissions.add(Permission.ADD_OPTIONAL);
        return permissions;
    }
}
