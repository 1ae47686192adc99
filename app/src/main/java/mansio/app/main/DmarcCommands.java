package mansio.app.main;

import mansio.codec.text.Domain;
import mansio.serve.admin.ReportDmarc;
import mansio.state.directory.Outcome;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code mansio dmarc}. */
@Command(name = "dmarc", description = "What others tell of mail in the name of our domains.")
final class DmarcCommands {
    private final Desk desk;

    DmarcCommands(Desk desk) {
        this.desk = desk;
    }

    @Command(
            name = "report",
            description = "Sums up the reports, and says which DMARC policy is safe next.")
    int report(
            @Mixin AskOptions options,
            @Parameters(
                            paramLabel = "DOMAIN",
                            arity = "0..1",
                            description = "A domain of this server (default: all).")
                    Optional<Domain> domain,
            @Option(
                            names = "--days",
                            paramLabel = "N",
                            description = "Days to look back (default: 30).",
                            defaultValue = "30")
                    int days,
            @Option(
                            names = "--forged",
                            paramLabel = "NAME",
                            description = "A domain that does not send for yours: leave it out.")
                    List<Domain> forged)
            throws IOException {
        List<Domain> left = forged == null ? List.of() : forged;
        return desk.ask(
                options, respondent -> all(respondent, new ReportDmarc(domain, days, 0, left)));
    }

    private static Outcome<ReportDmarc.Shown> all(Respondent respondent, ReportDmarc first)
            throws IOException {
        Outcome<ReportDmarc.Shown> shown = respondent.ask(first);
        while (shown instanceof Outcome.Done<ReportDmarc.Shown>(ReportDmarc.Shown some)
                && some.more()) {
            int skip = some.domains().size();
            ReportDmarc next = new ReportDmarc(first.domain(), first.days(), skip, first.forged());
            shown = respondent.ask(next).map(some::with);
        }
        return shown;
    }
}
