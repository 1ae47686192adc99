package mansio.serve.checks;

import mansio.codec.message.FromResult;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.Time;
import mansio.trust.arc.ArcValidation;
import mansio.trust.dkim.ContentPass;
import mansio.trust.dkim.DkimResult;
import mansio.trust.dkim.DkimVerification;
import mansio.trust.dmarc.DkimFact;
import mansio.trust.dmarc.DmarcResult;
import mansio.trust.dmarc.Facts;
import mansio.trust.dmarc.Outcome;
import mansio.trust.dmarc.SpfFact;
import mansio.trust.dnsbl.BlockList;
import mansio.trust.dnsbl.ListEvidence;
import mansio.trust.spf.SpfResult;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The checks of one message on its way in: it sees each byte as it comes, while the DNS is asked
 * about the client. Owned by one thread.
 */
public final class MessageChecks {
    private final Checks.Tools tools;
    private final Client client;
    private final Duration limit;
    private final ClientChecks ofClient;
    private final DkimVerification dkim;
    private final ArcValidation arc;
    private final ContentPass pass;

    MessageChecks(Checks.Tools tools, Client client, Duration limit) {
        this.tools = tools;
        this.client = client;
        this.limit = limit;
        this.dkim = new DkimVerification(tools.dkim());
        this.arc = new ArcValidation(tools.dkim());
        this.pass = new ContentPass(tools.dkim().crypto(), List.of(dkim, arc));
        this.ofClient = ClientChecks.start(tools, client, tools.time().deadline(limit));
    }

    /** Takes the next bytes of the message, as they came. */
    public void feed(byte[] bytes, int offset, int length) {
        pass.feed(bytes, offset, length);
    }

    /**
     * The message has ended: what was found. Waits for the DNS, as long as the settings say at
     * most. To be called once.
     *
     * @param from whom the message says it is from
     */
    public Findings finish(FromResult from) {
        pass.end();
        Time time = tools.time();
        long deadline = time.deadline(limit);
        List<DkimResult> signatures = dkim.results(deadline);
        ClientChecks.SpfPair spf = ofClient.spf().get(deadline);
        DmarcResult dmarc = tools.dmarc().evaluate(authors(from), facts(spf, signatures), deadline);
        Vouching vouching = new Vouching(tools.suffixes(), spf.mailFrom(), signatures);
        return new Findings(
                client,
                ofClient.iprev().get(deadline),
                spf.helo(),
                spf.mailFrom(),
                signatures,
                arc.result(deadline),
                dmarc,
                ofClient.lists().get(deadline).and(listed(from, deadline)),
                vouching.known(client, dmarc));
    }

    /** The author, the sender and the host, by their domains. */
    private ListEvidence listed(FromResult from, long deadline) {
        List<BlockList> wanted = tools.lists().of(BlockList.Subject.DOMAIN);
        if (wanted.isEmpty()) return ListEvidence.NOTHING;
        Set<Domain> domains = authors(from);
        client.reversePath().flatMap(Address::domain).ifPresent(domains::add);
        Domain.tryParse(client.helo()).ifPresent(domains::add);
        return tools.lists().asked().check(wanted, client.address(), domains, deadline);
    }

    private static Set<Domain> authors(FromResult from) {
        List<Address> addresses =
                switch (from) {
                    case FromResult.One one -> List.of(one.address());
                    case FromResult.Ambiguous ambiguous -> ambiguous.candidates();
                    case FromResult.Missing _ -> List.of();
                };
        return addresses.stream()
                .flatMap(it -> it.domain().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Facts facts(ClientChecks.SpfPair spf, List<DkimResult> signatures) {
        SpfResult mailFrom = spf.mailFrom();
        List<DkimFact> dkim = new ArrayList<>();
        for (DkimResult result : signatures) {
            result.signature()
                    .ifPresent(
                            it ->
                                    dkim.add(
                                            new DkimFact(
                                                    it.claim().domain(),
                                                    it.claim().selector(),
                                                    outcome(result))));
        }
        return new Facts(
                mailFrom.domain().map(domain -> new SpfFact(domain, outcome(mailFrom))), dkim);
    }

    private static Outcome outcome(SpfResult spf) {
        return switch (spf.result()) {
            case PASS -> Outcome.PASS;
            case TEMPERROR -> Outcome.TEMPERROR;
            case FAIL, SOFTFAIL, NEUTRAL, NONE, PERMERROR -> Outcome.FAIL;
        };
    }

    /** RFC 6376 section 3.6.1: who tests its key is treated like one who does not sign. */
    private static Outcome outcome(DkimResult dkim) {
        return switch (dkim.state()) {
            case PASS -> dkim.testing() ? Outcome.FAIL : Outcome.PASS;
            case TEMPERROR -> Outcome.TEMPERROR;
            case FAIL, NEUTRAL, POLICY, PERMERROR -> Outcome.FAIL;
        };
    }
}
