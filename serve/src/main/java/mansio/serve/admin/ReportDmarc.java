package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.serve.dmarcreports.DomainSummary;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.dmarcstore.ReceivedReports;
import mansio.state.dmarcstore.ReceivedReports.Days;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code dmarc report}: what others tell of our domains, a domain at a time.
 *
 * @param domain of ours; empty: all
 * @param days back from today, 1 to 400
 * @param skip how many domains were shown already
 * @param forged domains that do not send for ours, though their hosts do
 */
public record ReportDmarc(Optional<Domain> domain, int days, int skip, List<Domain> forged)
        implements Operation<ReportDmarc.Shown> {
    public ReportDmarc {
        forged = List.copyOf(forged);
    }

    private static final int MAX_DAYS = 400;
    private static final int FAILURES = 5;

    /**
     * Some of them.
     *
     * @param more there are others behind these
     */
    public record Shown(List<DomainSummary> domains, boolean more) implements Answer {
        public Shown {
            domains = List.copyOf(domains);
        }

        /** These and those of the next page. */
        public Shown with(Shown next) {
            List<DomainSummary> all = new ArrayList<>(domains);
            all.addAll(next.domains);
            return new Shown(all, next.more);
        }

        @Override
        public List<String> lines() {
            return domains.isEmpty()
                    ? List.of("There are no domains yet.")
                    : domains.stream().flatMap(it -> it.lines().stream()).toList();
        }
    }

    @Override
    public Outcome<Shown> run(Rooms rooms) throws IOException {
        if (days < 1 || days > MAX_DAYS) {
            return Outcome.refused(Problem.INVALID, "days are 1 to " + MAX_DAYS);
        }
        if (domain.isPresent() && !rooms.names().directory().isLocal(domain.get())) {
            return Outcome.refused(
                    Problem.NOT_FOUND, domain.get() + " is no domain of this server");
        }
        List<Domain> all =
                domain.isPresent() ? List.of(domain.get()) : rooms.names().directory().domains();
        if (skip < 0 || skip >= all.size()) {
            return Outcome.done(new Shown(List.of(), false));
        }
        DomainSummary one = summary(rooms, all.get(skip));
        return Outcome.done(new Shown(List.of(one), skip + 1 < all.size()));
    }

    private DomainSummary summary(Rooms rooms, Domain of) throws IOException {
        ReceivedReports received = rooms.mail().reports();
        Days range = new Days(rooms.time().now(), days);
        DomainSummary.Gathering gathering =
                new DomainSummary.Gathering(
                        of, Set.copyOf(rooms.presence().addresses()), Set.copyOf(forged));
        received.reports(of, range, gathering::add);
        return gathering.end(received.failures(of, range, FAILURES));
    }
}
