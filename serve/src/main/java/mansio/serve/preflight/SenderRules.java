package mansio.serve.preflight;

import mansio.codec.text.Domain;
import mansio.serve.checks.Findings;
import mansio.trust.dkim.DkimResult;
import mansio.trust.dmarc.DmarcResult;
import mansio.trust.dnsbl.ListEvidence.Listing;
import mansio.trust.iprev.IprevResult;
import mansio.trust.spf.Result;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Who sends: authentication, alignment, names of the host, TLS, lists. */
final class SenderRules {
    static final List<Rule> ALL =
            List.of(
                    new Rule(
                            "spf",
                            15,
                            SenderRules::spf,
                            "publish one SPF record for the sender's domain that names this"
                                    + " address"),
                    new Rule(
                            "dkim",
                            20,
                            SenderRules::dkim,
                            "let the server sign, and publish its keys in the DNS"),
                    new Rule(
                            "alignment",
                            20,
                            SenderRules::alignment,
                            "sign with a key of the From domain, or send with a reverse-path of"
                                    + " that domain"),
                    new Rule(
                            "dmarc-record",
                            15,
                            SenderRules::record,
                            "publish a TXT record at _dmarc of the From domain; v=DMARC1; p=none"
                                    + " is enough to begin with"),
                    new Rule(
                            "reverse-name",
                            15,
                            SenderRules::reverseName,
                            "have the provider of the address set a PTR record, and publish an"
                                    + " address record of that name"),
                    new Rule(
                            "helo-name",
                            10,
                            SenderRules::helo,
                            "make hostname, the PTR record and its address record the same name"),
                    new Rule(
                            "tls",
                            10,
                            SenderRules::tls,
                            "let the server use TLS wherever it is offered"),
                    new Rule(
                            "block-lists",
                            20,
                            SenderRules::lists,
                            "find out why, stop it, and ask the list to take the entry away"));

    private SenderRules() {}

    private static Optional<String> spf(Arrived message) {
        Findings findings = message.findings();
        return findings.mailFrom().result() == Result.PASS
                ? Optional.empty()
                : Optional.of(
                        "SPF "
                                + findings.mailFrom().result().keyword()
                                + ": "
                                + findings.mailFrom().reason());
    }

    private static Optional<String> dkim(Arrived message) {
        List<DkimResult> signatures = message.findings().dkim();
        if (signatures.stream().anyMatch(it -> it.passes() && !it.testing())) {
            return Optional.empty();
        }
        if (signatures.isEmpty()) return Optional.of("there is no DKIM signature");
        if (signatures.stream().anyMatch(DkimResult::passes)) {
            return Optional.of("the key of each DKIM signature says that it is being tested (t=y)");
        }
        return Optional.of("no DKIM signature holds: " + signatures.getFirst().reason());
    }

    private static Optional<String> alignment(Arrived message) {
        Findings findings = message.findings();
        if (findings.known().author()) return Optional.empty();
        String domain = findings.dmarc().author().map(Domain::text).orElse("a clear From domain");
        return Optional.of("neither SPF nor a DKIM signature speaks for " + domain);
    }

    private static Optional<String> record(Arrived message) {
        DmarcResult dmarc = message.findings().dmarc();
        if (dmarc.found().isPresent() && dmarc.result() != DmarcResult.Result.PERMERROR) {
            return Optional.empty();
        }
        return Optional.of("DMARC " + dmarc.result().text() + ": " + dmarc.reason());
    }

    private static Optional<String> reverseName(Arrived message) {
        IprevResult iprev = message.findings().iprev();
        return iprev.result() == IprevResult.Result.PASS
                ? Optional.empty()
                : Optional.of(
                        message.findings().client().address().getHostAddress()
                                + " has no name that leads back to it: "
                                + iprev.reason());
    }

    private static Optional<String> helo(Arrived message) {
        String helo = message.findings().client().helo();
        Optional<Domain> name = Domain.tryParse(helo).filter(it -> it.text().indexOf('.') > 0);
        if (name.isEmpty()) {
            return Optional.of("the server calls itself " + helo + ", which is no full name");
        }
        List<String> names =
                message.findings().iprev().names().stream()
                        .map(Object::toString)
                        .map(SenderRules::withoutDot)
                        .toList();
        if (names.contains(name.get().text())) return Optional.empty();
        return Optional.of(
                "the server calls itself "
                        + helo
                        + ", and the PTR record says "
                        + (names.isEmpty() ? "nothing" : String.join(", ", names)));
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static Optional<String> tls(Arrived message) {
        return message.journey()
                .filter(it -> it.tls().isEmpty())
                .map(_ -> "the message travelled without TLS");
    }

    private static Optional<String> lists(Arrived message) {
        List<Listing> bad =
                message.findings().lists().listings().stream()
                        .filter(
                                it ->
                                        it.code().action()
                                                != mansio.trust.dnsbl.BlockList.Action.TRUST)
                        .filter(it -> it.code().weight() >= 0)
                        .toList();
        return bad.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        bad.stream()
                                .map(it -> it.subject() + " is on " + it.list().name())
                                .collect(Collectors.joining(", ")));
    }
}
