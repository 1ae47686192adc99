package mansio.serve.checks;

import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.trust.arc.ArcResult;
import mansio.trust.authres.AuthenticationResults;
import mansio.trust.authres.MethodResult;
import mansio.trust.dkim.DkimResult;
import mansio.trust.dkim.DkimSignature;
import mansio.trust.dkim.DkimState;
import mansio.trust.dmarc.DmarcResult;
import mansio.trust.dnsbl.ListEvidence;
import mansio.trust.iprev.IprevResult;
import mansio.trust.spf.Result;
import mansio.trust.spf.SpfResult;

import java.util.ArrayList;
import java.util.List;

/** Findings as the Authentication-Results field says them (RFC 8601). */
final class ResultsField {
    private static final String SMTP = "smtp";
    private static final String HEADER = "header";
    private static final String POLICY = "policy";

    private ResultsField() {}

    static AuthenticationResults of(Findings findings, String authservId) {
        List<MethodResult> results = new ArrayList<>();
        results.add(iprev(findings));
        if (findings.client().reversePath().isPresent()) {
            String sender = findings.client().reversePath().get().toString();
            results.add(spf(findings.mailFrom()).with(SMTP, "mailfrom", sender));
        }
        if (findings.helo().result() != Result.NONE || findings.client().reversePath().isEmpty()) {
            results.add(spf(findings.helo()).with(SMTP, "helo", helo(findings.client().helo())));
        }
        findings.dkim().forEach(it -> results.add(dkim(it)));
        if (findings.dkim().isEmpty()) {
            results.add(MethodResult.of("dkim", "none"));
        }
        results.add(arc(findings.arc()));
        results.add(dmarc(findings.dmarc()));
        for (ListEvidence.Listing listing : findings.lists().listings()) {
            results.add(
                    MethodResult.of("x-list", "listed")
                            .because(listing.code().meaning())
                            .with(POLICY, "zone", listing.list().zone().text())
                            .with(POLICY, "subject", listing.subject()));
        }
        return new AuthenticationResults(authservId, results);
    }

    private static MethodResult arc(ArcResult found) {
        MethodResult result = MethodResult.of("arc", found.state().text()).because(found.reason());
        return found.hops().isEmpty()
                ? result
                : result.with(HEADER, "d", found.hops().getFirst().domain().text());
    }

    private static MethodResult dmarc(DmarcResult found) {
        MethodResult result =
                MethodResult.of("dmarc", found.result().text())
                        .because(found.result() == DmarcResult.Result.PASS ? "" : found.reason());
        if (found.author().isPresent()) {
            result = result.with(HEADER, "from", found.author().get().text());
        }
        return found.found().isEmpty()
                ? result
                : result.with(POLICY, "dmarc", found.requested().text());
    }

    private static MethodResult iprev(Findings findings) {
        IprevResult found = findings.iprev();
        String reason = found.result() == IprevResult.Result.PASS ? "" : found.reason();
        return MethodResult.of("iprev", found.result().text())
                .because(reason)
                .with(POLICY, "iprev", findings.client().address().getHostAddress());
    }

    /** In ASCII: who names itself in UTF-8 may send to somebody who takes none. */
    private static String helo(String said) {
        return Ascii.isAscii(said) ? said : Domain.tryParse(said).map(Domain::text).orElse("?");
    }

    private static MethodResult spf(SpfResult found) {
        return MethodResult.of("spf", found.result().keyword())
                .because(found.result() == Result.PASS ? "" : found.reason());
    }

    private static MethodResult dkim(DkimResult found) {
        MethodResult result =
                MethodResult.of("dkim", Ascii.lower(found.state().name()))
                        .because(found.state() == DkimState.PASS ? "" : found.reason());
        if (found.signature().isEmpty()) {
            return result;
        }
        DkimSignature signature = found.signature().get();
        return result.with(HEADER, "d", signature.claim().domain().text())
                .with(HEADER, "s", signature.claim().selector())
                .with(HEADER, "a", signature.claim().algorithm().text())
                .with(HEADER, "b", signature.claim().start());
    }
}
