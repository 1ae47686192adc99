package mansio.trust.spf;

import mansio.codec.text.Ascii;
import mansio.codec.text.Domain;
import mansio.codec.text.SyntaxException;
import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.trust.spf.SpfResult.Step;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One check (RFC 7208 section 4.6): from record to record, and how it came to its result. Used by
 * one thread.
 */
final class Evaluation {
    private final Spf spf;
    private final SpfRequest request;
    private final Lookups lookups;
    private final ClientNames clientNames;
    private final RecordType addressType;
    private final List<Step> path = new ArrayList<>();

    /**
     * What a record says.
     *
     * @param explanation where the text for a fail is, by the record that decided
     * @param domain of that record
     */
    private record Verdict(Result result, Optional<MacroString> explanation, DnsName domain) {}

    Evaluation(Spf spf, SpfRequest request, long deadlineNanos) {
        this.spf = spf;
        this.request = request;
        lookups = new Lookups(spf, deadlineNanos);
        clientNames = new ClientNames(lookups, request.client());
        addressType = request.client().getAddress().length == 4 ? RecordType.A : RecordType.AAAA;
    }

    SpfResult run() {
        Optional<Domain> domain = request.checkedDomain();
        if (domain.isEmpty()) {
            String what = request.identity() == SpfRequest.Identity.HELO ? "HELO" : "the sender";
            return result(Result.NONE, what + " has no domain that could have an SPF record");
        }
        try {
            DnsName name = DnsName.of(domain.get());
            Optional<Verdict> verdict = checkHost(name);
            if (verdict.isEmpty()) {
                return result(Result.NONE, name + " has no SPF record");
            }
            SpfResult plain =
                    result(
                            verdict.get().result(),
                            Reasons.of(verdict.get().result(), request, path));
            return verdict.get().result() == Result.FAIL ? explained(plain, verdict.get()) : plain;
        } catch (Fault fault) {
            return result(fault.result(), fault.reason());
        }
    }

    private SpfResult result(Result result, String reason) {
        return new SpfResult(
                result,
                request,
                request.checkedDomain(),
                path,
                reason,
                Optional.empty(),
                lookups.terms(),
                lookups.voids());
    }

    /** Empty when the domain has no record: none (RFC 7208 sections 4.4 and 4.5). */
    private Optional<Verdict> checkHost(DnsName domain) throws Fault {
        List<String> texts =
                switch (lookups.ask(domain, RecordType.TXT)) {
                    case Answer.Found found -> SpfRecord.among(found.of(DnsRecord.Txt.class));
                    case Answer.NoData _, Answer.NoSuchName _ -> List.<String>of();
                    case Answer.Failed failed ->
                            throw Lookups.failure(domain, RecordType.TXT, failed);
                };
        if (texts.size() > 1) {
            throw Fault.permanent(domain + " has " + texts.size() + " SPF records; one is allowed");
        }
        return texts.isEmpty()
                ? Optional.empty()
                : Optional.of(evaluate(parsed(texts.getFirst(), domain), domain));
    }

    private static SpfRecord parsed(String text, DnsName domain) throws Fault {
        try {
            return SpfRecord.parse(text);
        } catch (SyntaxException e) {
            throw Fault.permanent(
                    "the SPF record of "
                            + domain
                            + " is wrong at character "
                            + (e.offset() + 1)
                            + ": "
                            + e.getMessage());
        }
    }

    private Verdict evaluate(SpfRecord record, DnsName domain) throws Fault {
        for (Directive directive : record.directives()) {
            int depth = path.size();
            path.add(new Step(domain, directive.text()));
            if (matches(directive.mechanism(), domain)) {
                return new Verdict(directive.qualifier().result(), record.explanation(), domain);
            }
            path.subList(depth, path.size()).clear();
        }
        Optional<MacroString> redirect = record.effectiveRedirect();
        return redirect.isPresent()
                ? redirected(redirect.get(), domain)
                : new Verdict(Result.NEUTRAL, Optional.empty(), domain);
    }

    // RFC 7208 section 6.1
    private Verdict redirected(MacroString redirect, DnsName domain) throws Fault {
        path.add(new Step(domain, "redirect=" + redirect));
        lookups.beginTerm();
        return recordOf(redirect, domain);
    }

    /** As check_host() of another domain; what would be none is a permerror. */
    private Verdict recordOf(MacroString spec, DnsName domain) throws Fault {
        Optional<DnsName> target = target(spec, domain).filter(name -> name.labels() > 1);
        if (target.isEmpty()) {
            throw Fault.permanent("\"" + spec + "\" of " + domain + " gives no domain name");
        }
        Optional<Verdict> verdict = checkHost(target.get());
        if (verdict.isEmpty()) {
            throw Fault.permanent(
                    target.get() + ", to which " + domain + " refers, has no SPF record");
        }
        return verdict.get();
    }

    private boolean matches(Mechanism mechanism, DnsName domain) throws Fault {
        if (mechanism.looksUp()) {
            lookups.beginTerm();
        }
        if (mechanism.domainSpec().filter(this::cannotMatch).isPresent()) {
            return false;
        }
        return switch (mechanism) {
            case Mechanism.All _ -> true;
            case Mechanism.Ip4 ip4 -> ip4.network().contains(request.client());
            case Mechanism.Ip6 ip6 -> ip6.network().contains(request.client());
            case Mechanism.Include include ->
                    recordOf(include.domain(), domain).result() == Result.PASS;
            case Mechanism.A a -> {
                Optional<DnsName> target = target(a.domain(), domain);
                yield target.isPresent() && hasAddress(target.get(), a.cidr());
            }
            case Mechanism.Mx mx -> {
                Optional<DnsName> target = target(mx.domain(), domain);
                yield target.isPresent() && mx(target.get(), mx.cidr());
            }
            case Mechanism.Ptr ptr -> {
                Optional<DnsName> target = target(ptr.domain(), domain);
                yield target.isPresent() && ptr(target.get());
            }
            case Mechanism.Exists exists -> {
                Optional<DnsName> target = target(exists.domain(), domain);
                yield target.isPresent()
                        && !lookups.recordsFor(target.get(), RecordType.A).isEmpty();
            }
        };
    }

    /** RFC 8616 section 4: no name is made of a local part that is not ASCII. */
    private boolean cannotMatch(MacroString spec) {
        return !Ascii.isAscii(request.localPart()) && spec.uses("sl");
    }

    private boolean hasAddress(DnsName host, Cidr cidr) throws Fault {
        for (InetAddress address : Lookups.addresses(lookups.recordsFor(host, addressType))) {
            if (Network.around(address, cidr).contains(request.client())) {
                return true;
            }
        }
        return false;
    }

    // RFC 7208 sections 5.4 and 4.6.4: more than 10 MX records are a permerror whatever their
    // order, so that the same record gives the same result every time.
    private boolean mx(DnsName target, Cidr cidr) throws Fault {
        List<DnsRecord.Mx> records =
                lookups.recordsFor(target, RecordType.MX).stream()
                        .filter(DnsRecord.Mx.class::isInstance)
                        .map(DnsRecord.Mx.class::cast)
                        .sorted(Comparator.comparingInt(DnsRecord.Mx::preference))
                        .toList();
        if (records.size() > SpfLimits.NAMES) {
            throw Fault.permanent(
                    target + " has " + records.size() + " MX records; 10 are allowed in SPF");
        }
        List<DnsName> hosts =
                records.stream()
                        .map(DnsRecord.Mx::exchange)
                        .filter(host -> !host.isRoot())
                        .distinct()
                        .toList();
        for (DnsName host : hosts) {
            if (hasAddress(host, cidr)) {
                return true;
            }
        }
        return false;
    }

    private boolean ptr(DnsName target) throws Fault {
        if (clientNames.isNameless()) {
            lookups.countVoid();
        }
        return clientNames.anyWithin(target);
    }

    private Optional<DnsName> target(Optional<MacroString> spec, DnsName domain) throws Fault {
        return spec.isPresent() ? target(spec.get(), domain) : Optional.of(domain);
    }

    private Optional<DnsName> target(MacroString spec, DnsName domain) throws Fault {
        return cannotMatch(spec)
                ? Optional.empty()
                : TargetName.of(Expander.name(spec, values(spec, domain)));
    }

    private Expander.Values values(MacroString text, DnsName domain) throws Fault {
        // The only value that has to be asked for.
        String validated =
                text.uses("p")
                        ? clientNames.best(domain).map(DnsName::text).orElse("unknown")
                        : "unknown";
        return letter ->
                switch (letter) {
                    case 's' -> request.sender();
                    case 'l' -> request.localPart();
                    case 'o' -> request.senderDomain();
                    case 'd' -> TargetName.expandable(domain);
                    case 'i' -> ClientAddress.dotted(request.client());
                    case 'p' -> validated;
                    case 'v' -> addressType == RecordType.A ? "in-addr" : "ip6";
                    case 'h' -> request.helo();
                    case 'c' -> request.clientText();
                    case 'r' -> spf.receiver().text();
                    case 't' -> Long.toString(spf.time().now().getEpochSecond());
                    default -> throw new IllegalStateException("macro letter " + letter);
                };
    }

    /** RFC 7208 section 6.2: whatever goes wrong here, the fail stands without an explanation. */
    private SpfResult explained(SpfResult plain, Verdict verdict) {
        if (verdict.explanation().isEmpty()) {
            return plain;
        }
        try {
            Optional<String> text = explanation(verdict.explanation().get(), verdict.domain());
            return new SpfResult(
                    plain.result(),
                    plain.request(),
                    plain.domain(),
                    plain.path(),
                    plain.reason(),
                    text,
                    plain.lookups(),
                    plain.voidLookups());
        } catch (Fault | SyntaxException e) {
            return plain;
        }
    }

    private Optional<String> explanation(MacroString where, DnsName domain) throws Fault {
        Optional<DnsName> name = target(where, domain);
        if (name.isPresent()
                && lookups.ask(name.get(), RecordType.TXT) instanceof Answer.Found found
                && found.records().size() == 1) {
            String text = found.of(DnsRecord.Txt.class).getFirst().text();
            MacroString read = MacroString.parseExplanation(text);
            return Optional.of(
                    Expander.explanation(read, values(read, domain), SpfResult.MAX_EXPLANATION));
        }
        return Optional.empty();
    }
}
