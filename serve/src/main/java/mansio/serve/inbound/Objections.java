package mansio.serve.inbound;

import mansio.codec.text.Domain;
import mansio.serve.checks.Findings;
import mansio.serve.inbound.Evidence.Author;
import mansio.serve.inbound.InboundPolicy.Measure;
import mansio.trust.dmarc.DmarcResult;
import mansio.trust.dnsbl.BlockList.Action;
import mansio.trust.dnsbl.ListEvidence;
import mansio.trust.dnsbl.ListEvidence.Listing;
import mansio.trust.iprev.IprevResult;
import mansio.trust.spf.Result;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What speaks against a message from another server, by the policy: a pure function of what was
 * found. The order is that of the story.
 */
final class Objections {
    private final InboundPolicy policy;
    private final Findings findings;
    private final List<Objection> found = new ArrayList<>();

    private Objections(InboundPolicy policy, Findings findings) {
        this.policy = policy;
        this.findings = findings;
    }

    /** All of them, the ones that are only noted too. */
    static List<Objection> of(InboundPolicy policy, Author author, Findings findings) {
        Objections objections = new Objections(policy, findings);
        objections.host();
        objections.lists();
        objections.author(author);
        objections.dmarc();
        objections.spf();
        boolean exempt = policy.trust().isExempt(findings.client().address());
        return objections.found.stream().map(it -> exempt ? it.with(Measure.NOTE) : it).toList();
    }

    private void host() {
        IprevResult name = findings.iprev();
        String reason = "reverse DNS: " + name.reason();
        switch (name.result()) {
            case PASS -> {}
            case FAIL, PERMERROR ->
                    add(policy.reverseName(), Refusal.reverseName(name.reason()), reason);
            case TEMPERROR ->
                    add(
                            policy.reverseName() == Measure.REFUSE
                                    ? policy.temporary()
                                    : Measure.NOTE,
                            Refusal.CANNOT_TELL,
                            reason);
        }
    }

    private void lists() {
        ListEvidence lists = findings.lists();
        if (!lists.with(Action.TRUST).isEmpty()) return;
        for (Listing listing : lists.listings()) {
            Measure measure =
                    switch (listing.code().action()) {
                        case REJECT -> Measure.REFUSE;
                        case QUARANTINE -> Measure.JUNK;
                        case WEIGH, TRUST -> Measure.NOTE;
                    };
            add(measure, Refusal.listed(listing), listedBy(listing));
        }
        int weight = lists.weight();
        Measure heavy =
                weight >= policy.lists().refuse()
                        ? Measure.REFUSE
                        : weight >= policy.lists().junk() ? Measure.JUNK : Measure.NOTE;
        if (heavy != Measure.NOTE) {
            String all =
                    lists.listings().stream()
                            .map(Objections::listedBy)
                            .collect(Collectors.joining("; "));
            add(heavy, Refusal.listed(lists.listings().getFirst()), all);
        }
    }

    private static String listedBy(Listing listing) {
        return listing.subject() + " is listed by " + listing.list().name();
    }

    private void author(Author author) {
        boolean report = findings.client().reversePath().isEmpty();
        switch (author) {
            case Author.Clear _, Author.Foreign _ -> {}
            case Author.Missing _ ->
                    // Some servers write reports without From: nobody could be misled by it.
                    add(
                            report ? least(Measure.JUNK) : policy.unclearFrom(),
                            Refusal.AUTHOR_UNCLEAR,
                            "From: none");
            case Author.Unclear(String why) ->
                    add(policy.unclearFrom(), Refusal.AUTHOR_UNCLEAR, why);
        }
    }

    private Measure least(Measure most) {
        return policy.unclearFrom().compareTo(most) > 0 ? most : policy.unclearFrom();
    }

    private void dmarc() {
        DmarcResult dmarc = findings.dmarc();
        String reason = "DMARC: " + dmarc.reason();
        switch (dmarc.result()) {
            case PASS, NONE -> {}
            case PERMERROR -> add(Measure.NOTE, Refusal.CANNOT_TELL, reason);
            case TEMPERROR -> add(policy.temporary(), Refusal.CANNOT_TELL, reason);
            case FAIL -> failed(dmarc, reason);
        }
    }

    private void failed(DmarcResult dmarc, String reason) {
        Measure wanted =
                switch (dmarc.applied()) {
                    case NONE -> Measure.NOTE;
                    case QUARANTINE -> Measure.JUNK;
                    case REJECT -> Measure.REFUSE;
                };
        // A chain of which a key cannot be had now may be that of somebody who is trusted.
        boolean open = findings.arc().temporary() && !policy.trust().sealers().isEmpty();
        if (open && wanted == Measure.REFUSE && waitsBefore(policy.dmarc())) {
            add(Measure.DEFER, Refusal.CANNOT_TELL, reason);
            return;
        }
        Optional<Domain> sealer = findings.trustedSealer(policy.trust().sealers());
        String why =
                sealer.map(it -> reason + "; but it passed at " + it + ", which is trusted")
                        .orElse(reason);
        found.add(
                new Objection(wanted, Refusal.dmarc(dmarc, findings), why)
                        .atMost(policy.dmarcOf(findings)));
    }

    /** Only where DMARC does not decide, and nothing else vouches for the author. */
    private void spf() {
        boolean decides = findings.dmarc().result() != DmarcResult.Result.NONE;
        if (decides || findings.known().author()) {
            return;
        }
        String reason = "SPF: " + findings.mailFrom().reason();
        if (findings.mailFrom().result() == Result.FAIL) {
            // A signature whose key cannot be had now may vouch for the author another time.
            boolean waits = findings.known().open() && waitsBefore(policy.spfFail());
            if (waits) add(Measure.DEFER, Refusal.CANNOT_TELL, reason);
            else add(policy.spfFail(), Refusal.spf(findings.mailFrom()), reason);
        } else if (findings.mailFrom().result() == Result.TEMPERROR
                && policy.spfFail() == Measure.REFUSE) {
            add(policy.temporary(), Refusal.SPF_CANNOT_TELL, reason);
        }
    }

    /**
     * Whether a refusal is put off for what cannot be told now. Where nothing is waited for it
     * stands: the DNS that fails may be that of who forged the message.
     */
    private boolean waitsBefore(Measure measure) {
        return measure == Measure.REFUSE && policy.temporary() == Measure.DEFER;
    }

    private void add(Measure measure, Refusal refusal, String reason) {
        found.add(new Objection(measure, refusal, reason));
    }
}
