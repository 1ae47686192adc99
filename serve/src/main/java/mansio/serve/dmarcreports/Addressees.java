package mansio.serve.dmarcreports;

import mansio.codec.text.Domain;
import mansio.net.time.Time;
import mansio.state.dmarcstore.OwedReport;
import mansio.trust.dmarc.ReportDestinations;
import mansio.trust.dmarc.ReportDestinations.Kind;
import mansio.trust.dmarc.ReportDestinations.Verdict;
import mansio.trust.dmarc.ReportUri;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Who gets a report: those that the record names, and that want it. When the DNS cannot tell, a day
 * is waited for all of them, and two more for anybody.
 */
record Addressees(ReportDestinations destinations, Time time) {
    /** For all addresses of one report: with slow name servers nobody holds up the others. */
    private static final Duration LOOK_UP = Duration.ofSeconds(20);

    private static final Duration WAIT_FOR_ALL = Duration.ofDays(1);

    /** Behind the end of the day that it is about. */
    static final Duration WAIT_FOR_ANY = Duration.ofDays(3);

    /** Addresses that one report goes to. */
    private static final int MAX = 10;

    /** What was decided. */
    sealed interface Decision {
        record Send(List<ReportUri> to) implements Decision {}

        record Later() implements Decision {}

        record Never(String reason) implements Decision {}
    }

    Decision decide(OwedReport report) {
        List<ReportUri> allowed = new ArrayList<>();
        Set<String> known = new HashSet<>();
        String reason = "its record names nobody to send it to";
        boolean unknown = false;
        long deadlineNanos = time.deadline(LOOK_UP);
        for (ReportUri uri : report.destinations()) {
            switch (verdict(report, uri, deadlineNanos)) {
                case Verdict.Allowed(List<ReportUri> uris) ->
                        uris.stream()
                                .filter(it -> it.address().isPresent() && known.add(it.uri()))
                                .forEach(allowed::add);
                case Verdict.Refused(String why) -> reason = why;
                case Verdict.Unknown(String why) -> {
                    reason = why;
                    unknown = true;
                }
            }
        }
        Instant now = time.now();
        if (unknown && now.isBefore(report.end().plus(WAIT_FOR_ALL))) {
            return new Decision.Later();
        }
        if (!allowed.isEmpty()) {
            return new Decision.Send(allowed.subList(0, Math.min(allowed.size(), MAX)));
        }
        return unknown && now.isBefore(report.end().plus(WAIT_FOR_ANY))
                ? new Decision.Later()
                : new Decision.Never(reason);
    }

    private Verdict verdict(OwedReport report, ReportUri uri, long deadlineNanos) {
        Optional<Domain> owner = Domain.tryParse(report.published().domain());
        return owner.isEmpty()
                ? new Verdict.Refused("its domain has no name that mail can go to")
                : destinations.check(owner.get(), uri, Kind.AGGREGATE, deadlineNanos);
    }
}
