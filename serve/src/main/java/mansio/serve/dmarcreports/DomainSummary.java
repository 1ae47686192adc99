package mansio.serve.dmarcreports;

import mansio.codec.text.Domain;
import mansio.state.dmarcstore.ReceivedFailure;
import mansio.state.dmarcstore.ReceivedReport;
import mansio.state.dmarcstore.ReceivedReport.Source;
import mansio.state.dmarcstore.ReceivedReports.Failures;
import mansio.trust.dmarc.Policy;
import mansio.trust.dmarcreport.AggregateReport.Published;

import org.jspecify.annotations.Nullable;

import java.net.InetAddress;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The reports about one domain, summed up. Reports of which nobody knows whether they are from who
 * they say are counted and not believed: anybody could write them, to make us strict too early or
 * never.
 *
 * @param receivers that told, by name
 * @param days that were told of
 * @param messages in all believed reports
 * @param unbelieved reports that count for nothing here
 * @param below names below the domain that have records of their own, of which reports tell: what
 *     is done with their mail does not depend on the domain's record, so they count for nothing
 * @param sources the largest, at most {@link #MAX_SOURCES}
 * @param more other hosts
 * @param failures reports of single messages
 * @param step where the domain stands
 */
public record DomainSummary(
        Domain domain,
        List<String> receivers,
        int days,
        long messages,
        long passed,
        int unbelieved,
        List<String> below,
        List<SourceSummary> sources,
        int more,
        long failures,
        List<FailureLine> failed,
        Ladder.Step step) {
    /** Hosts that are named. */
    public static final int MAX_SOURCES = 100;

    private static final int MAX_RECEIVERS = 50;

    public DomainSummary {
        receivers = List.copyOf(receivers);
        below = List.copyOf(below);
        sources = List.copyOf(sources);
        failed = List.copyOf(failed);
    }

    /** One message that failed, as somebody told. */
    public record FailureLine(
            Instant told, String kind, String source, String mailFrom, boolean authenticated) {
        static FailureLine of(ReceivedFailure it) {
            return new FailureLine(
                    it.came(), it.kind(), it.source(), it.mailFrom(), it.authenticated());
        }
    }

    /** For people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(
                "%s: %d messages on %d days by %d receivers, %d pass"
                        .formatted(domain, messages, days, receivers.size(), passed));
        if (!receivers.isEmpty()) {
            lines.add("  told by " + String.join(", ", receivers));
        }
        sources.forEach(it -> lines.add(it.line()));
        if (more > 0) {
            lines.add("  and " + more + " more hosts");
        }
        if (!below.isEmpty()) {
            lines.add(
                    "  not counted are names with records of their own: "
                            + String.join(", ", below));
        }
        if (unbelieved > 0) {
            lines.add(
                    "  not counted are %d reports whose mail does not pass DMARC"
                            .formatted(unbelieved));
        }
        if (failures > 0) {
            lines.add("  " + failures + " failure reports; the newest:");
        }
        for (FailureLine it : failed) {
            lines.add(
                    "    %s %s from %s <%s>"
                            .formatted(it.told(), it.kind(), it.source(), it.mailFrom()));
        }
        lines.addAll(step.lines(domain));
        return lines;
    }

    /** Reports are shown to it, one after the other. Used by one thread. */
    public static final class Gathering {
        /** Hosts that are told apart. */
        private static final int MAX_HOSTS = 10_000;

        private final Domain domain;
        private final Set<InetAddress> own;
        private final Set<Domain> forged;
        private final Map<InetAddress, Sum> hosts = new HashMap<>();
        private final Set<String> receivers = new HashSet<>();
        private final Set<String> below = new HashSet<>();
        private final Map<LocalDate, Policy> days = new HashMap<>();
        private int unbelieved;
        private long messages;
        private long passed;

        /** What was published when the newest report ended. */
        private @Nullable Published published;

        private Instant newest = Instant.EPOCH;

        /**
         * @param own the addresses of this server
         * @param forged domains of which the owner says that they do not send for it: a spammer
         *     with a name would else be in the way for good
         */
        public Gathering(Domain domain, Set<InetAddress> own, Set<Domain> forged) {
            this.domain = domain;
            this.own = Set.copyOf(own);
            this.forged = Set.copyOf(forged);
        }

        /** Adds a report. */
        public void add(ReceivedReport report) {
            if (!report.from().authenticated()) {
                unbelieved++;
                return;
            }
            String about = report.published().domain();
            if (Domain.tryParse(about).filter(domain::equals).isEmpty()) {
                if (below.size() < MAX_RECEIVERS) {
                    below.add(about);
                }
                return;
            }
            receivers.add(report.from().organization());
            days.merge(
                    report.begin().atOffset(ZoneOffset.UTC).toLocalDate(),
                    report.published().policy(),
                    (a, b) -> a.compareTo(b) < 0 ? a : b);
            if (report.end().isAfter(newest)) {
                newest = report.end();
                published = report.published();
            }
            report.sources().forEach(this::add);
            messages += report.others().passed() + report.others().failed();
            passed += report.others().passed();
        }

        private void add(Source source) {
            messages += source.count();
            passed += source.passed() ? source.count() : 0;
            if (hosts.size() < MAX_HOSTS || hosts.containsKey(source.address())) {
                hosts.computeIfAbsent(source.address(), _ -> new Sum()).add(source);
            }
        }

        private SourceSummary end(InetAddress address, Sum sum) {
            if (own.contains(address)) return sum.end(address, SourceSummary.Kind.OURS);
            SourceSummary.Kind kind = sum.kind();
            boolean disowned =
                    kind == SourceSummary.Kind.SERVICE
                            && Domain.tryParse(sum.name)
                                    .filter(it -> forged.stream().anyMatch(it::isWithin))
                                    .isPresent();
            return sum.end(address, disowned ? SourceSummary.Kind.UNKNOWN : kind);
        }

        /** The sum of all. */
        public DomainSummary end(Failures failures) {
            List<SourceSummary> sources =
                    hosts.entrySet().stream()
                            .map(it -> end(it.getKey(), it.getValue()))
                            .sorted(Comparator.comparingLong(SourceSummary::messages).reversed())
                            .toList();
            Optional<Published> seen = Optional.ofNullable(published);
            Ladder.Evidence evidence =
                    new Ladder.Evidence(domain, seen, receivers.size(), days, sources);
            int shown = Math.min(sources.size(), MAX_SOURCES);
            return new DomainSummary(
                    domain,
                    receivers.stream().sorted().limit(MAX_RECEIVERS).toList(),
                    days.size(),
                    messages,
                    passed,
                    unbelieved,
                    below.stream().sorted().toList(),
                    sources.subList(0, shown),
                    sources.size() - shown,
                    failures.count(),
                    failures.newest().stream().map(FailureLine::of).toList(),
                    Ladder.step(evidence));
        }
    }

    /** What is told of one host. */
    private static final class Sum {
        private long messages;
        private long passed;
        private long dkimAligned;
        private long spfAligned;
        private long quarantined;
        private long rejected;
        private long named;
        private long signedByUs;
        private String name = "";

        void add(Source it) {
            long count = it.count();
            messages += count;
            passed += it.passed() ? count : 0;
            dkimAligned += it.dkimAligned() ? count : 0;
            spfAligned += it.spfAligned() ? count : 0;
            quarantined += it.disposition() == Policy.QUARANTINE ? count : 0;
            rejected += it.disposition() == Policy.REJECT ? count : 0;
            String answers = it.names().dkim().isEmpty() ? it.names().spf() : it.names().dkim();
            named += answers.isEmpty() ? 0 : count;
            signedByUs += it.names().signedByUs() ? count : 0;
            if (name.isEmpty()) {
                name = answers;
            }
        }

        SourceSummary.Kind kind() {
            if (2 * passed >= messages && passed > 0) {
                return SourceSummary.Kind.SENDER;
            }
            if (2 * signedByUs >= messages && signedByUs > 0) {
                return SourceSummary.Kind.FORWARDER;
            }
            boolean isNamed = 2 * named >= messages && named > 0;
            return isNamed ? SourceSummary.Kind.SERVICE : SourceSummary.Kind.UNKNOWN;
        }

        SourceSummary end(InetAddress address, SourceSummary.Kind kind) {
            return new SourceSummary(
                    SourceSummary.text(address),
                    kind,
                    name,
                    messages,
                    passed,
                    dkimAligned,
                    spfAligned,
                    quarantined,
                    rejected);
        }
    }
}
