package mansio.serve.dmarcreports;

import mansio.codec.text.Domain;
import mansio.state.directory.Directory;
import mansio.trust.dmarc.Alignment;
import mansio.trust.dmarc.Policy;
import mansio.trust.dmarcreport.AggregateReport.Published;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From none to quarantine to reject: when the next step is safe, from what others tell. A pure
 * function. It asks for two weeks of reports before quarantine and four with quarantine before
 * reject, two receivers, fifty messages of senders that look like ours, and that nearly all of
 * those pass. Forwarders are no reason to wait: they will never pass by SPF, and those that break
 * signatures lose some mail at any policy.
 */
public final class Ladder {
    private static final int DAYS_TO_QUARANTINE = 14;
    private static final int DAYS_TO_REJECT = 28;
    private static final int RECEIVERS = 2;
    private static final int MESSAGES = 50;

    /** Of a hundred messages. */
    private static final int PASS_TO_QUARANTINE = 98;

    private static final int PASS_TO_REJECT = 99;

    /** A service with fewer messages than this, and than a hundredth of all, is passed over. */
    private static final int FEW = 5;

    private static final int MAX_NAMED = 5;

    private Ladder() {}

    /**
     * What is known of a domain.
     *
     * @param published the newest record that was told of
     * @param days the weakest policy that was told of each
     * @param sources all hosts
     */
    record Evidence(
            Domain domain,
            Optional<Published> published,
            int receivers,
            Map<LocalDate, Policy> days,
            List<SourceSummary> sources) {}

    /**
     * Where a domain stands.
     *
     * @param now its policy; {@code unknown} before anybody reported
     * @param next the one to go to; empty at the end of the ladder
     * @param ready whether that is safe
     * @param record to be published at {@code _dmarc}, when that is safe
     * @param evidence what speaks for it
     * @param obstacles what speaks against it; empty when it is safe
     */
    public record Step(
            String now,
            Optional<String> next,
            boolean ready,
            Optional<String> record,
            List<String> evidence,
            List<String> obstacles) {
        public Step {
            evidence = List.copyOf(evidence);
            obstacles = List.copyOf(obstacles);
        }

        List<String> lines(Domain domain) {
            List<String> lines = new ArrayList<>();
            String where = next.map(it -> ", next " + it).orElse(", the end of the ladder");
            String when = next.isEmpty() ? "" : ready ? ": safe now" : ": not yet";
            lines.add("  ladder: " + now + where + when);
            evidence.forEach(it -> lines.add("    + " + it));
            obstacles.forEach(it -> lines.add("    - " + it));
            record.ifPresent(
                    it -> lines.add("    publish: _dmarc.%s TXT \"%s\"".formatted(domain, it)));
            return lines;
        }
    }

    static Step step(Evidence known) {
        if (known.published().isEmpty()) {
            return new Step(
                    "unknown",
                    Optional.of(Policy.NONE.text()),
                    true,
                    Optional.of("v=DMARC1; p=none" + rua(known.domain())),
                    List.of(),
                    List.of("nobody has reported yet; with this record they do within two days"));
        }
        Published published = known.published().get();
        Policy now = published.policy();
        boolean whole = published.percent() == 100 && !published.testing();
        if (now == Policy.REJECT && whole) {
            return new Step(
                    now.text(),
                    Optional.empty(),
                    false,
                    Optional.empty(),
                    evidence(known, Sums.of(known.sources())),
                    List.of());
        }
        // Who applies it to some only goes on to all first.
        Policy next = now != Policy.NONE && !whole ? now : stricter(now);
        List<String> obstacles = obstacles(known, next);
        return new Step(
                now.text() + (whole ? "" : " for some"),
                Optional.of(next.text()),
                obstacles.isEmpty(),
                obstacles.isEmpty()
                        ? Optional.of(record(known.domain(), published, next))
                        : Optional.empty(),
                evidence(known, Sums.of(known.sources())),
                obstacles);
    }

    private static Policy stricter(Policy policy) {
        return policy == Policy.NONE ? Policy.QUARANTINE : Policy.REJECT;
    }

    /** Messages of hosts that look as if they send for us. */
    private record Sums(long messages, long passed) {
        static Sums of(List<SourceSummary> sources) {
            long messages = 0;
            long passed = 0;
            for (SourceSummary it : sources) {
                boolean counts =
                        switch (it.kind()) {
                            case OURS, SENDER, SERVICE -> true;
                            case FORWARDER, UNKNOWN -> false;
                        };
                messages += counts ? it.messages() : 0;
                passed += counts ? it.passed() : 0;
            }
            return new Sums(messages, passed);
        }

        long percent() {
            return messages == 0 ? 0 : 100 * passed / messages;
        }
    }

    private static List<String> evidence(Evidence known, Sums sums) {
        return List.of(
                "%d days of reports by %d receivers"
                        .formatted(known.days().size(), known.receivers()),
                "%d of %d messages (%d %%) of senders that look like yours pass"
                        .formatted(sums.passed(), sums.messages(), sums.percent()));
    }

    private static List<String> obstacles(Evidence known, Policy next) {
        List<String> obstacles = new ArrayList<>();
        boolean toReject = next == Policy.REJECT;
        int wanted = toReject ? DAYS_TO_REJECT : DAYS_TO_QUARANTINE;
        long days =
                known.days().values().stream().filter(it -> !toReject || it != Policy.NONE).count();
        if (days < wanted) {
            obstacles.add(
                    "%d days of reports%s; %d are wanted"
                            .formatted(days, toReject ? " with quarantine or more" : "", wanted));
        }
        if (known.receivers() < RECEIVERS) {
            obstacles.add(
                    "reports of %d receivers; %d are wanted"
                            .formatted(known.receivers(), RECEIVERS));
        }
        Sums sums = Sums.of(known.sources());
        if (sums.messages() < MESSAGES) {
            obstacles.add(
                    "%d messages of senders that look like yours; %d are wanted"
                            .formatted(sums.messages(), MESSAGES));
        }
        int share = toReject ? PASS_TO_REJECT : PASS_TO_QUARANTINE;
        if (sums.messages() > 0 && 100 * sums.passed() < share * sums.messages()) {
            obstacles.add(
                    "%d %% of their messages pass; %d %% are wanted"
                            .formatted(sums.percent(), share));
        }
        known.sources().stream()
                .filter(it -> isTrouble(it, sums))
                .limit(MAX_NAMED)
                .map(Ladder::trouble)
                .forEach(obstacles::add);
        return obstacles;
    }

    private static boolean isTrouble(SourceSummary it, Sums sums) {
        return switch (it.kind()) {
            case OURS -> 100 * it.failed() > it.messages();
            case SENDER -> 50 * it.failed() > it.messages() && it.failed() >= FEW;
            case SERVICE -> it.failed() >= FEW && 100 * it.failed() >= sums.messages();
            case FORWARDER, UNKNOWN -> false;
        };
    }

    private static String trouble(SourceSummary it) {
        String who = it.address() + (it.name().isEmpty() ? "" : " (" + it.name() + ")");
        return switch (it.kind()) {
            case OURS ->
                    "%d messages of this server (%s) fail: see mansio dkim list and mansio dns print"
                            .formatted(it.failed(), who);
            case SENDER -> "%d messages of %s fail, others pass".formatted(it.failed(), who);
            default ->
                    ("%d messages of %s are signed or sent for another name: if it sends for you,"
                                    + " let it sign for your domain; if not, this is forged mail,"
                                    + " and --forged leaves it out")
                            .formatted(it.failed(), who);
        };
    }

    /** The next record, with what the present one says about alignment and subdomains. */
    private static String record(Domain domain, Published published, Policy next) {
        StringBuilder record = new StringBuilder("v=DMARC1; p=").append(next.text());
        if (published.subdomains() != published.policy()) {
            record.append("; sp=").append(published.subdomains().text());
        }
        published.nonExistent().ifPresent(it -> record.append("; np=").append(it.text()));
        if (published.dkim() == Alignment.STRICT) {
            record.append("; adkim=s");
        }
        if (published.spf() == Alignment.STRICT) {
            record.append("; aspf=s");
        }
        return record.append(rua(domain)).toString();
    }

    private static String rua(Domain domain) {
        return "; rua=mailto:" + Directory.DMARC_REPORTS + "@" + domain;
    }
}
