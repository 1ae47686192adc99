package mansio.serve.preflight;

import mansio.codec.text.Domain;
import mansio.net.dns.DnsName;
import mansio.serve.checks.Findings;
import mansio.serve.dnscheck.DynamicName;
import mansio.serve.preflight.Arrived.Relay;
import mansio.serve.preflight.Finding.Fault;
import mansio.serve.preflight.Finding.Skipped;
import mansio.serve.preflight.Finding.Unknown;
import mansio.trust.dkim.DkimResult;
import mansio.trust.dkim.DkimState;
import mansio.trust.dmarc.DmarcResult;
import mansio.trust.dnsbl.BlockList;
import mansio.trust.dnsbl.ListEvidence.Listing;
import mansio.trust.iprev.IprevResult;
import mansio.trust.spf.Result;
import mansio.trust.spf.SpfResult;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Who sends: authentication, alignment, names of the host, TLS, lists. What the DNS does not tell
 * now is no fault; and where a relay host brings the mail, its names and addresses are not ours.
 */
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
                            "generic-name",
                            5,
                            SenderRules::genericName,
                            "have the provider of the address set its PTR record to the server's"
                                    + " own name"),
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

    private static final Domain NOBODY = Domain.parse("invalid");

    private SenderRules() {}

    private static Optional<Relay> relay(Arrived message) {
        return message.journey().flatMap(Arrived.Journey::relay);
    }

    /** Said of a rule about the address, when the world sees another one than was looked at. */
    private static Optional<Skipped> otherAddress(Arrived message) {
        return relay(message)
                .filter(it -> it.address() == Relay.Address.UNKNOWN)
                .map(
                        it ->
                                new Skipped(
                                        "the world sees an address of "
                                                + it.name()
                                                + ", and its SPF and reverse name"));
    }

    private static Finding spf(Arrived message) {
        SpfResult found = message.findings().mailFrom();
        Optional<Skipped> other = otherAddress(message);
        if (other.isPresent()) return other.get();
        if (found.result() == Result.PASS) return Finding.GOOD;
        String what = "SPF " + found.result().keyword() + ": " + found.reason();
        return found.result() == Result.TEMPERROR ? new Unknown(what) : new Fault(what);
    }

    private static Finding dkim(Arrived message) {
        List<DkimResult> signatures = message.findings().dkim();
        if (signatures.stream().anyMatch(it -> it.passes() && !it.testing())) return Finding.GOOD;
        if (signatures.isEmpty()) return new Fault("there is no DKIM signature");
        Optional<DkimResult> later =
                signatures.stream().filter(it -> it.state() == DkimState.TEMPERROR).findFirst();
        if (later.isPresent()) {
            return new Unknown("a DKIM signature cannot be checked: " + later.get().reason());
        }
        if (signatures.stream().anyMatch(DkimResult::passes)) {
            return new Fault("the key of each DKIM signature says that it is being tested (t=y)");
        }
        return new Fault("no DKIM signature holds: " + signatures.getFirst().reason());
    }

    private static Finding alignment(Arrived message) {
        Findings findings = message.findings();
        if (findings.known().author()) return Finding.GOOD;
        String domain = findings.dmarc().author().map(Domain::text).orElse("a clear From domain");
        boolean later =
                findings.known().open()
                        || findings.dmarc().result() == DmarcResult.Result.TEMPERROR;
        return later
                ? new Unknown("who speaks for " + domain + " is not in the DNS now")
                : new Fault("neither SPF nor a DKIM signature speaks for " + domain);
    }

    private static Finding record(Arrived message) {
        DmarcResult dmarc = message.findings().dmarc();
        if (dmarc.found().isPresent() && dmarc.result() != DmarcResult.Result.PERMERROR) {
            return Finding.GOOD;
        }
        String what = "DMARC " + dmarc.result().text() + ": " + dmarc.reason();
        return dmarc.result() == DmarcResult.Result.TEMPERROR ? new Unknown(what) : new Fault(what);
    }

    private static Finding reverseName(Arrived message) {
        Optional<Skipped> other = otherAddress(message);
        if (other.isPresent()) return other.get();
        IprevResult iprev = message.findings().iprev();
        String address = message.findings().client().address().getHostAddress();
        return switch (iprev.result()) {
            case PASS -> Finding.GOOD;
            case TEMPERROR -> new Unknown("the name of " + address + ": " + iprev.reason());
            case FAIL, PERMERROR ->
                    new Fault(address + " has no name that leads back to it: " + iprev.reason());
        };
    }

    /** Yahoo asks for it: no name such as a provider gives the lines of its customers. */
    private static Finding genericName(Arrived message) {
        Optional<Skipped> other = otherAddress(message);
        if (other.isPresent()) return other.get();
        InetAddress address = message.findings().client().address();
        Optional<DnsName> name = message.findings().iprev().confirmed();
        if (name.isEmpty()) return new Skipped("no name leads back to the address");
        Domain own = organization(message.findings().client().helo());
        return DynamicName.looksSo(name.get().text(), own, address)
                ? new Fault("the reverse name " + name.get().text() + " is that of any customer")
                : Finding.GOOD;
    }

    /** The part of a host's name that its owner has chosen, about: all but the first label. */
    private static Domain organization(String helo) {
        String parent = helo.substring(helo.indexOf('.') + 1);
        return Domain.tryParse(parent).filter(it -> it.text().indexOf('.') > 0).orElse(NOBODY);
    }

    private static Finding helo(Arrived message) {
        String helo = message.findings().client().helo();
        Optional<Relay> relay = relay(message);
        if (relay.isPresent()) {
            return new Skipped(relay.get().name() + " says a name of its own to the world");
        }
        Optional<Domain> name = Domain.tryParse(helo).filter(it -> it.text().indexOf('.') > 0);
        if (name.isEmpty()) {
            return new Fault("the server calls itself " + helo + ", which is no full name");
        }
        IprevResult iprev = message.findings().iprev();
        List<String> names =
                iprev.names().stream().map(Object::toString).map(SenderRules::withoutDot).toList();
        if (names.contains(name.get().text())) return Finding.GOOD;
        if (iprev.result() == IprevResult.Result.TEMPERROR) {
            return new Unknown("whether the address is called " + helo + ": " + iprev.reason());
        }
        return new Fault(
                "the server calls itself "
                        + helo
                        + ", and the PTR record says "
                        + (names.isEmpty() ? "nothing" : String.join(", ", names)));
    }

    private static String withoutDot(String name) {
        return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    }

    private static Finding tls(Arrived message) {
        if (message.journey().isEmpty()) return new Skipped("the message did not travel");
        return message.journey().get().tls().isPresent()
                ? Finding.GOOD
                : new Fault("the message travelled without TLS");
    }

    private static Finding lists(Arrived message) {
        Findings findings = message.findings();
        boolean ours = otherAddress(message).isEmpty();
        String address = findings.client().address().getHostAddress();
        List<Listing> bad =
                findings.lists().listings().stream()
                        .filter(it -> it.code().action() != BlockList.Action.TRUST)
                        .filter(it -> it.code().weight() >= 0)
                        .filter(it -> ours || !it.subject().equals(address))
                        .toList();
        if (bad.isEmpty()) {
            return findings.lists().notes().isEmpty()
                    ? Finding.GOOD
                    : new Unknown(
                            findings.lists().notes().stream()
                                    .map(it -> it.list() + ": " + it.text())
                                    .collect(Collectors.joining("; ")));
        }
        return new Fault(
                bad.stream()
                        .map(it -> it.subject() + " is on " + it.list().name())
                        .collect(Collectors.joining(", ")));
    }
}
