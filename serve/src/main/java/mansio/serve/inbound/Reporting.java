package mansio.serve.inbound;

import mansio.codec.text.Address;
import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.serve.checks.Findings;
import mansio.serve.inbound.InboundPolicy.Measure;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.state.directory.Directory;
import mansio.state.directory.Route;
import mansio.state.dmarcstore.Observation;
import mansio.trust.dkim.DkimResult;
import mansio.trust.dmarc.DmarcRecord;
import mansio.trust.dmarc.DmarcResult;
import mansio.trust.dmarc.Policy;
import mansio.trust.dmarcreport.AggregateReport.AuthResult;
import mansio.trust.dmarcreport.AggregateReport.Dkim;
import mansio.trust.dmarcreport.AggregateReport.Identifiers;
import mansio.trust.dmarcreport.AggregateReport.Published;
import mansio.trust.dmarcreport.AggregateReport.Reason;
import mansio.trust.dmarcreport.AggregateReport.ReasonType;
import mansio.trust.dmarcreport.AggregateReport.Row;
import mansio.trust.dmarcreport.AggregateReport.Scope;
import mansio.trust.dmarcreport.AggregateReport.Spf;
import mansio.trust.spf.SpfResult;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What of a message its author's domain is told: a pure function of what was found and decided. */
record Reporting(InboundPolicy policy, Findings findings) {
    /** Signatures that a report names. */
    private static final int MAX_SIGNATURES = 10;

    /**
     * Empty when nobody asks for a report, when DMARC could not tell, and for reports themselves:
     * two servers would else write to each other every day about nothing but their reports.
     */
    Optional<Observation> observation(Transaction transaction) {
        DmarcResult dmarc = findings.dmarc();
        boolean told =
                switch (dmarc.result()) {
                    case PASS, FAIL -> true;
                    case NONE, TEMPERROR, PERMERROR -> false;
                };
        boolean onlyReports = transaction.recipients().stream().allMatch(Reporting::isForReports);
        if (!told || onlyReports || dmarc.author().isEmpty()) {
            return Optional.empty();
        }
        return dmarc.found()
                .filter(it -> !it.record().reporting().aggregate().isEmpty())
                .map(
                        it ->
                                new Observation(
                                        published(it),
                                        it.record().reporting().aggregate(),
                                        row(dmarc, it.record())));
    }

    private static boolean isForReports(RoutedRecipient to) {
        return to.route() instanceof Route.Ours
                && Ascii.equalsIgnoreCase(
                        to.forwardPath().localPart().text(), Directory.DMARC_REPORTS);
    }

    private static Published published(DmarcResult.Found found) {
        DmarcRecord record = found.record();
        String options = record.reporting().options();
        return new Published(
                found.domain().text(),
                record.dkim(),
                record.spf(),
                record.forDomain(),
                record.forSubdomain(),
                record.nonExistent(),
                record.percent(),
                record.testing(),
                options.isEmpty() ? "0" : options);
    }

    private Row row(DmarcResult dmarc, DmarcRecord record) {
        List<Reason> reasons = new ArrayList<>();
        Policy disposition = disposition(dmarc, record, reasons);
        Optional<Address> sender = findings.client().reversePath();
        String envelopeFrom = sender.flatMap(Address::domain).map(Domain::text).orElse("");
        return new Row(
                findings.client().address(),
                1,
                disposition,
                dmarc.dkim().isPresent(),
                dmarc.spf().isPresent(),
                reasons,
                new Identifiers("", envelopeFrom, dmarc.author().map(Domain::text).orElse("")),
                findings.dkim().stream()
                        .limit(MAX_SIGNATURES)
                        .flatMap(it -> dkim(it).stream())
                        .toList(),
                spf(sender.isPresent() ? Scope.MFROM : Scope.HELO));
    }

    /** What DMARC did, whatever else was decided on. */
    private Policy disposition(DmarcResult dmarc, DmarcRecord record, List<Reason> reasons) {
        if (dmarc.result() != DmarcResult.Result.FAIL) {
            return Policy.NONE;
        }
        if (dmarc.applied() != dmarc.requested()) {
            reasons.add(
                    record.testing()
                            ? new Reason(ReasonType.OTHER, "the owner tests its policy")
                            : new Reason(ReasonType.SAMPLED_OUT, ""));
        }
        Policy most = most(policy.dmarcOf(findings));
        if (dmarc.applied().compareTo(most) <= 0) {
            return dmarc.applied();
        }
        reasons.add(
                findings.trustedSealer(policy.trust().sealers()).isPresent()
                        ? new Reason(ReasonType.TRUSTED_FORWARDER, "arc=pass")
                        : new Reason(ReasonType.LOCAL_POLICY, ""));
        return most;
    }

    private static Policy most(Measure measure) {
        return switch (measure) {
            case NOTE -> Policy.NONE;
            case JUNK -> Policy.QUARANTINE;
            case DEFER, REFUSE -> Policy.REJECT;
        };
    }

    private static Optional<Dkim> dkim(DkimResult found) {
        AuthResult result =
                switch (found.state()) {
                    case PASS -> found.testing() ? AuthResult.NEUTRAL : AuthResult.PASS;
                    case FAIL -> AuthResult.FAIL;
                    case NEUTRAL -> AuthResult.NEUTRAL;
                    case POLICY -> AuthResult.POLICY;
                    case TEMPERROR -> AuthResult.TEMPERROR;
                    case PERMERROR -> AuthResult.PERMERROR;
                };
        return found.signature()
                .map(it -> new Dkim(it.claim().domain().text(), it.claim().selector(), result, ""));
    }

    private List<Spf> spf(Scope scope) {
        SpfResult found = findings.mailFrom();
        AuthResult result =
                switch (found.result()) {
                    case NONE -> AuthResult.NONE;
                    case NEUTRAL -> AuthResult.NEUTRAL;
                    case PASS -> AuthResult.PASS;
                    case FAIL -> AuthResult.FAIL;
                    case SOFTFAIL -> AuthResult.SOFTFAIL;
                    case TEMPERROR -> AuthResult.TEMPERROR;
                    case PERMERROR -> AuthResult.PERMERROR;
                };
        return found.domain().stream().map(it -> new Spf(it.text(), scope, result)).toList();
    }
}
