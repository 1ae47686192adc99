package mansio.trust.spf;

import mansio.codec.text.SyntaxException;
import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.net.dns.Resolver;
import mansio.trust.spf.SpfAudit.Finding.Problem;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks at what a domain publishes as its owner should: every record that can be reached, whoever
 * the client is, and what is wrong or unwise in it. Safe for use by any thread.
 */
public final class SpfAudit {
    /** Where the walk ends; the limit that counts is far below. */
    private static final int MAX_LOOKUPS = 100;

    private final Resolver resolver;

    public SpfAudit(Resolver resolver) {
        this.resolver = resolver;
    }

    /**
     * Something to mend or to think about.
     *
     * @param record the domain whose record it is in
     * @param text one sentence, printable ASCII
     */
    public record Finding(Problem problem, DnsName record, String text) {
        /** What is wrong; the first ones make receivers give an error. */
        public enum Problem {
            /** There is no record. */
            NO_RECORD,
            SEVERAL_RECORDS,
            SYNTAX,
            TOO_MANY_LOOKUPS,
            TOO_MANY_VOID_LOOKUPS,
            TOO_MANY_MX,
            /**
             * {@code include} or {@code redirect} of a domain without a record, or of no domain.
             */
            BROKEN_REFERENCE,
            /** The record refers to itself. */
            LOOP,
            /** It cannot be found out now. */
            NO_ANSWER,
            /** {@code +all}: everybody may send. */
            PASS_ALL,
            /** Neither {@code all} nor {@code redirect}, or {@code ?all}: says nothing. */
            NO_DECISION,
            /** Terms behind {@code all}, or {@code redirect} beside it: never looked at. */
            UNREACHABLE,
            /** A mechanism that should not be published (RFC 7208 section 5.5). */
            PTR,
            /** A name that has no such records. */
            NAMES_NOTHING,
            /** A network so wide that it is hardly meant. */
            WIDE_NETWORK,
            /** {@code ip4=...}: a mechanism written as a modifier, which means nothing. */
            NOT_A_MECHANISM,
            /** A record of type SPF, which nobody asks for. */
            TYPE_SPF;

            /** True when receivers get an error of it: permerror, or nothing to go by. */
            public boolean isFault() {
                return compareTo(NO_ANSWER) < 0;
            }
        }

        public Finding {
            text = Expander.printable(text, SpfResult.MAX_REASON);
        }
    }

    /**
     * What was found.
     *
     * @param published the records of the domain as they are, be they right or wrong
     * @param record the one record, when it could be read
     * @param lookups how many terms ask the DNS at most, all included records together; 10 are
     *     allowed. What a domain with macros includes is not counted
     * @param findings the same thing once
     */
    public record Report(
            DnsName domain,
            List<String> published,
            Optional<SpfRecord> record,
            int lookups,
            List<Finding> findings) {
        public Report {
            published = List.copyOf(published);
            findings = List.copyOf(findings);
        }

        /** True when this problem was found. */
        public boolean has(Problem problem) {
            return findings.stream().anyMatch(it -> it.problem() == problem);
        }
    }

    /**
     * Looks at a domain, and waits for the DNS.
     *
     * @param deadlineNanos of {@code Time.nanos()}
     */
    public Report of(DnsName domain, long deadlineNanos) {
        return new Walk(deadlineNanos).of(domain);
    }

    /** What can be said of a record without the DNS. */
    public static List<Finding> of(DnsName domain, SpfRecord record) {
        List<Finding> findings = new ArrayList<>();
        Optional<Qualifier> all = record.all();
        if (all.isPresent() && all.get() == Qualifier.PASS) {
            add(findings, Problem.PASS_ALL, domain, "+all lets everybody send: write -all or ~all");
        }
        boolean undecided =
                all.map(it -> it == Qualifier.NEUTRAL).orElse(record.redirect().isEmpty());
        if (undecided) {
            add(
                    findings,
                    Problem.NO_DECISION,
                    domain,
                    "no -all or ~all at the end: it forbids nobody");
        }
        if (record.reachable().size() < record.directives().size()) {
            add(findings, Problem.UNREACHABLE, domain, "terms after \"all\" are never looked at");
        }
        if (all.isPresent() && record.redirect().isPresent()) {
            add(findings, Problem.UNREACHABLE, domain, "redirect has no effect beside \"all\"");
        }
        for (Directive directive : record.reachable()) {
            ofTerm(domain, directive, findings);
        }
        for (String name : record.unknown()) {
            if (Set.of("a", "mx", "ip4", "ip6", "include", "exists", "ptr", "all").contains(name)) {
                String text = name + "= means nothing: write " + name + ":";
                add(findings, Problem.NOT_A_MECHANISM, domain, text);
            }
        }
        return List.copyOf(findings);
    }

    private static void ofTerm(DnsName domain, Directive directive, List<Finding> findings) {
        switch (directive.mechanism()) {
            case Mechanism.Ptr _ ->
                    add(findings, Problem.PTR, domain, "ptr is slow and unsure: name addresses");
            case Mechanism.Ip4 ip4 -> width(domain, directive, ip4.network().bits() < 8, findings);
            case Mechanism.Ip6 ip6 -> width(domain, directive, ip6.network().bits() < 20, findings);
            case Mechanism.A a -> width(domain, directive, isWide(a.cidr()), findings);
            case Mechanism.Mx mx -> width(domain, directive, isWide(mx.cidr()), findings);
            case Mechanism.All _, Mechanism.Include _, Mechanism.Exists _ -> {}
        }
    }

    private static boolean isWide(Cidr cidr) {
        return cidr.ip4() < 8 || cidr.ip6() < 20;
    }

    private static void width(
            DnsName domain, Directive directive, boolean wide, List<Finding> findings) {
        if (wide && directive.qualifier() == Qualifier.PASS) {
            String text = directive.text() + " lets a large part of the world send";
            add(findings, Problem.WIDE_NETWORK, domain, text);
        }
    }

    private static void add(List<Finding> findings, Problem problem, DnsName record, String text) {
        findings.add(new Finding(problem, record, text));
    }

    /** One look at a domain. Used by one thread. */
    private final class Walk {
        private final long deadlineNanos;
        private final Set<Finding> findings = new LinkedHashSet<>();
        private final List<DnsName> path = new ArrayList<>();
        private int lookups;
        private int voids;

        Walk(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        Report of(DnsName domain) {
            Optional<List<String>> texts = texts(domain);
            List<String> published = texts.orElse(List.of());
            if (texts.isPresent() && published.isEmpty()) {
                found(Problem.NO_RECORD, domain, domain + " has no SPF record");
            }
            Optional<SpfRecord> record = record(domain, published);
            record.ifPresent(it -> follow(domain, it));
            if (resolver.lookup(domain, RecordType.SPF, deadlineNanos) instanceof Answer.Found) {
                found(Problem.TYPE_SPF, domain, "nobody asks for records of type SPF: use TXT");
            }
            SpfLimits limits = SpfLimits.STANDARD;
            if (lookups > limits.lookups()) {
                String text = lookups + " terms ask the DNS; " + limits.lookups() + " are allowed";
                found(Problem.TOO_MANY_LOOKUPS, domain, text);
            }
            if (voids > limits.voidLookups()) {
                String text = voids + " terms name what is not there; " + limits.voidLookups();
                found(Problem.TOO_MANY_VOID_LOOKUPS, domain, text + " are allowed");
            }
            return new Report(domain, published, record, lookups, List.copyOf(findings));
        }

        private void found(Problem problem, DnsName record, String text) {
            findings.add(new Finding(problem, record, text));
        }

        /** Empty when it cannot be found out. */
        private Optional<List<String>> texts(DnsName domain) {
            return records(domain, RecordType.TXT)
                    .map(
                            records ->
                                    SpfRecord.among(
                                            records.stream()
                                                    .filter(DnsRecord.Txt.class::isInstance)
                                                    .map(DnsRecord.Txt.class::cast)
                                                    .toList()));
        }

        private Optional<List<DnsRecord>> records(DnsName name, RecordType type) {
            return switch (resolver.lookup(name, type, deadlineNanos)) {
                case Answer.Found found -> Optional.of(found.records());
                case Answer.NoData _, Answer.NoSuchName _ -> Optional.of(List.of());
                case Answer.Failed failed -> {
                    String text = "no answer for " + type + " of " + name + ": " + failed.kind();
                    found(Problem.NO_ANSWER, path.isEmpty() ? name : path.getLast(), text);
                    yield Optional.empty();
                }
            };
        }

        private Optional<SpfRecord> record(DnsName domain, List<String> texts) {
            if (texts.size() > 1) {
                String text = domain + " has " + texts.size() + " SPF records: put them into one";
                found(Problem.SEVERAL_RECORDS, domain, text);
            }
            if (texts.size() != 1) {
                return Optional.empty();
            }
            try {
                return Optional.of(SpfRecord.parse(texts.getFirst()));
            } catch (SyntaxException e) {
                String text = "wrong at character " + (e.offset() + 1) + ": " + e.getMessage();
                found(Problem.SYNTAX, domain, text);
                return Optional.empty();
            }
        }

        private void follow(DnsName domain, SpfRecord record) {
            findings.addAll(SpfAudit.of(domain, record));
            path.add(domain);
            for (Directive directive : record.reachable()) {
                Mechanism mechanism = directive.mechanism();
                if (mechanism.looksUp() && lookups < MAX_LOOKUPS) {
                    lookups++;
                    mechanism(domain, mechanism);
                }
            }
            Optional<MacroString> redirect = record.effectiveRedirect();
            if (redirect.isPresent() && lookups < MAX_LOOKUPS) {
                lookups++;
                reference(domain, redirect.get());
            }
            path.removeLast();
        }

        private void mechanism(DnsName domain, Mechanism mechanism) {
            if (mechanism instanceof Mechanism.Include include) {
                reference(domain, include.domain());
                return;
            }
            Optional<DnsName> target = target(domain, mechanism.domainSpec());
            if (target.isEmpty()) {
                return;
            }
            DnsName name = target.get();
            switch (mechanism) {
                case Mechanism.A _ -> {
                    Optional<List<DnsRecord>> ip4 = records(name, RecordType.A);
                    Optional<List<DnsRecord>> ip6 = records(name, RecordType.AAAA);
                    if (ip4.filter(List::isEmpty).isPresent()
                            && ip6.filter(List::isEmpty).isPresent()) {
                        nothing(domain, name + " has no addresses");
                    }
                }
                case Mechanism.Mx _ -> mx(domain, name);
                case Mechanism.Exists _ -> {
                    if (records(name, RecordType.A).filter(List::isEmpty).isPresent()) {
                        nothing(domain, name + " has no A record");
                    }
                }
                case Mechanism.All _,
                        Mechanism.Include _,
                        Mechanism.Ptr _,
                        Mechanism.Ip4 _,
                        Mechanism.Ip6 _ -> {}
            }
        }

        private void mx(DnsName domain, DnsName name) {
            Optional<List<DnsRecord>> mx = records(name, RecordType.MX);
            if (mx.filter(List::isEmpty).isPresent()) {
                nothing(domain, name + " has no MX records");
            } else if (mx.isPresent() && mx.get().size() > SpfLimits.NAMES) {
                String text = name + " has " + mx.get().size() + " MX records; 10 are allowed";
                found(Problem.TOO_MANY_MX, domain, text);
            }
        }

        private void nothing(DnsName record, String text) {
            voids++;
            found(Problem.NAMES_NOTHING, record, text);
        }

        /** The name of a literal domain; empty with macros, which only a check can expand. */
        private Optional<DnsName> target(DnsName domain, Optional<MacroString> spec) {
            if (spec.isEmpty()) {
                return Optional.of(domain);
            }
            if (!spec.get().parts().stream().allMatch(SpfAudit::isKnown)) {
                return Optional.empty();
            }
            String text = Expander.name(spec.get(), _ -> TargetName.expandable(domain));
            Optional<DnsName> name = TargetName.of(text);
            if (name.isEmpty()) {
                found(Problem.BROKEN_REFERENCE, domain, spec.get() + " is no domain name");
            }
            return name;
        }

        private void reference(DnsName domain, MacroString spec) {
            Optional<DnsName> target = target(domain, Optional.of(spec));
            if (target.isEmpty()) {
                return;
            }
            DnsName name = target.get();
            if (path.contains(name)) {
                found(Problem.LOOP, domain, "it refers to " + name + ", which leads back to it");
                return;
            }
            Optional<List<String>> texts = texts(name);
            if (texts.isPresent() && texts.get().isEmpty()) {
                String text = name + ", to which it refers, has no SPF record";
                found(Problem.BROKEN_REFERENCE, domain, text);
            }
            record(name, texts.orElse(List.of())).ifPresent(it -> follow(name, it));
        }
    }

    /** The domain of the record is known beforehand, nothing else is. */
    private static boolean isKnown(MacroString.Part part) {
        return switch (part) {
            case MacroString.Part.Literal _ -> true;
            case MacroString.Part.Macro macro -> macro.letter() == 'd';
        };
    }
}
