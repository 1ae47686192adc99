package mansio.serve.checks;

import mansio.codec.text.Domain;
import mansio.trust.arc.ArcResult;
import mansio.trust.authres.AuthenticationResults;
import mansio.trust.dkim.DkimResult;
import mansio.trust.dmarc.DmarcResult;
import mansio.trust.dnsbl.ListEvidence;
import mansio.trust.iprev.IprevResult;
import mansio.trust.spf.SpfResult;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the checks of a message found. Values only; who judges is elsewhere.
 *
 * @param helo SPF of the name that the client gave itself
 * @param mailFrom SPF of the reverse-path; of postmaster at that name when it is null
 * @param dkim a result for each signature, from the top
 * @param arc of the chain of forwarders
 * @param lists that the host or the domains of the message are on
 * @param known who is known to be who they say they are
 */
public record Findings(
        Client client,
        IprevResult iprev,
        SpfResult helo,
        SpfResult mailFrom,
        List<DkimResult> dkim,
        ArcResult arc,
        DmarcResult dmarc,
        ListEvidence lists,
        Known known) {
    /**
     * Who is known to be who they say they are.
     *
     * @param author true when DMARC passes; or, where the author's domain has no record, when SPF
     *     passes or a signature holds for the organization of that domain
     * @param open true when one of the other two is not so, and could be another time: the DNS did
     *     not tell
     * @param path true when SPF passes for the reverse-path or a signature of its organization
     *     holds: a report to it reaches who sent the message
     */
    public record Known(boolean author, boolean open, boolean path) {}

    public Findings {
        dkim = List.copyOf(dkim);
    }

    /**
     * A finding for the story of the message.
     *
     * @param outcome in a word or two: {@code spf pass}
     * @param text who and why, for people
     */
    public record Line(String outcome, String text) {}

    /** The findings for the story. */
    public List<Line> lines() {
        return FindingLines.of(this);
    }

    /**
     * The forwarder that vouches for the author although DMARC fails: one of those given, whose
     * seal says that it passed there.
     */
    public Optional<Domain> trustedSealer(Set<Domain> trusted) {
        return dmarc.author().flatMap(it -> Seals.voucher(arc, it, trusted));
    }

    /** The findings as the field says them that goes in front of the message. */
    public AuthenticationResults results(String authservId) {
        return ResultsField.of(this, authservId);
    }
}
