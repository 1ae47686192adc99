package mansio.net.smtpclient;

import mansio.codec.text.AddressLiteral;
import mansio.codec.text.Domain;
import mansio.codec.text.Host;
import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.net.dns.Resolver;
import mansio.net.dns.Security;
import mansio.net.time.Time;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/**
 * Finds who takes the mail of a destination: RFC 5321 section 5.1, RFC 7505. Asks the DNS and
 * nobody else. Safe for use by any thread.
 */
public final class HostFinder {
    /** More hosts than this are not looked at: those of the worst preference stay out. */
    public static final int MAX_HOSTS = 20;

    private static final int SMTP_PORT = 25;
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Around around;
    private final Rules rules;
    private final AddressFinder addresses;
    private final Duration patience;

    /** Which addresses are used, and which first. */
    public enum Families {
        IPV6_FIRST,
        IPV4_FIRST,
        IPV4_ONLY,
        IPV6_ONLY
    }

    /** What it works with; {@code random} shuffles hosts of equal preference. */
    public record Around(Resolver resolver, Time time, RandomGenerator random) {}

    /**
     * What it heeds.
     *
     * @param port of MX hosts and address literals: 25 in the world
     */
    public record Rules(AddressRules addresses, Ourselves ourselves, Families families, int port) {
        /** With the port of the world. */
        public Rules(AddressRules addresses, Ourselves ourselves, Families families) {
            this(addresses, ourselves, families, SMTP_PORT);
        }
    }

    public HostFinder(Around around, Rules rules) {
        this(around, rules, PATIENCE);
    }

    private HostFinder(Around around, Rules rules, Duration patience) {
        this.patience = patience;
        this.around = around;
        this.rules = rules;
        this.addresses = new AddressFinder(around.resolver(), rules.families());
    }

    /** The same for somebody who waits for the answer, and no longer than this. */
    public HostFinder within(Duration limit) {
        return new HostFinder(around, rules, limit);
    }

    /** Asks the DNS; takes a minute at most. */
    public Hosts find(Destination destination) {
        long deadline = around.time().deadline(patience);
        return switch (destination) {
            case Destination.Mail(Domain domain) -> byMx(domain, deadline);
            case Destination.Mail(AddressLiteral literal) -> literal(literal);
            case Destination.Relay(Host host, int port) -> relay(host, port, deadline);
        };
    }

    private Hosts literal(AddressLiteral literal) {
        InetAddress address = literal.address();
        if (rules.ourselves().addresses().contains(address)) {
            return loop(literal.text());
        }
        Optional<String> refusal = rules.addresses().refusal(address);
        if (refusal.isPresent()) {
            return new Hosts.Never(
                    "5.4.4", "%s is %s: no mail goes there".formatted(literal, refusal.get()));
        }
        String name = Destination.name(literal);
        MailHost host = given(name, List.of(address), rules.port(), Security.UNCHECKED);
        return new Hosts.Found(List.of(host), siteKey(List.of(name), rules.port()), List.of());
    }

    /** What is configured is never a reason to return mail: a mistake there is cured. */
    private Hosts relay(Host host, int port, long deadline) {
        String name = Destination.name(host);
        String key = siteKey(List.of(name), port);
        return switch (host) {
            case AddressLiteral literal ->
                    new Hosts.Found(
                            List.of(
                                    given(
                                            name,
                                            List.of(literal.address()),
                                            port,
                                            Security.UNCHECKED)),
                            key,
                            List.of());
            case Domain domain -> {
                AddressFinder.Addresses found = addresses.of(DnsName.of(domain), deadline);
                if (found.found().isEmpty()) {
                    yield found.failed()
                            .map(it -> later(name, it))
                            .orElse(
                                    new Hosts.Later(
                                            "4.4.4", "the relay host " + name + " has no address"));
                }
                yield new Hosts.Found(
                        List.of(given(name, found.found(), port, found.security())),
                        key,
                        List.of());
            }
        };
    }

    private static MailHost given(
            String name, List<InetAddress> addresses, int port, Security security) {
        return new MailHost(
                name, 0, MailHost.peers(addresses, port), MailHost.Naming.GIVEN, security);
    }

    private Hosts byMx(Domain domain, long deadline) {
        DnsName name = DnsName.of(domain);
        return switch (around.resolver().lookup(name, RecordType.MX, deadline)) {
            case Answer.Found found -> listed(domain, found, deadline);
            // RFC 5321 section 5.1: the domain itself is then its only MX host.
            case Answer.NoData none ->
                    usable(
                            domain,
                            new Search(List.of(new Candidate(name, 0)), none.security(), true),
                            deadline);
            case Answer.NoSuchName _ ->
                    new Hosts.Never("5.1.2", "the domain " + domain + " does not exist");
            case Answer.Failed failed -> later(domain.text(), failed);
        };
    }

    private Hosts listed(Domain domain, Answer.Found found, long deadline) {
        List<Candidate> candidates = new ArrayList<>();
        for (DnsRecord.Mx mx : found.of(DnsRecord.Mx.class)) {
            if (!mx.exchange().isRoot()) {
                candidates.add(new Candidate(mx.exchange(), mx.preference()));
            }
        }
        if (candidates.isEmpty()) {
            // RFC 7505 section 3: "MX 0 ."
            return new Hosts.Never("5.1.10", "the domain " + domain + " takes no mail (null MX)");
        }
        return usable(domain, new Search(ordered(candidates), found.security(), false), deadline);
    }

    private record Candidate(DnsName name, int preference) {}

    /** {@code implicit}: without MX records. */
    private record Search(List<Candidate> candidates, Security security, boolean implicit) {}

    /** The best first, each name once; equals in an order that the random numbers make. */
    private List<Candidate> ordered(List<Candidate> candidates) {
        List<Candidate> sorted = new ArrayList<>(candidates);
        // By name first: the same hosts are kept each time, and the site keeps its key.
        sorted.sort(
                Comparator.comparingInt(Candidate::preference)
                        .thenComparing(candidate -> candidate.name().text()));
        List<Candidate> kept = new ArrayList<>();
        for (Candidate candidate : sorted) {
            boolean known = kept.stream().anyMatch(it -> it.name().equals(candidate.name()));
            if (!known && kept.size() < MAX_HOSTS) {
                kept.add(candidate);
            }
        }
        for (int from = 0; from < kept.size(); ) {
            int to = from;
            while (to < kept.size() && kept.get(to).preference() == kept.get(from).preference()) {
                to++;
            }
            shuffle(kept.subList(from, to));
            from = to;
        }
        return kept;
    }

    private void shuffle(List<Candidate> equals) {
        for (int i = equals.size() - 1; i > 0; i--) {
            Collections.swap(equals, i, around.random().nextInt(i + 1));
        }
    }

    private Hosts usable(Domain domain, Search search, long deadline) {
        List<MailHost> hosts = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        Optional<Answer.Failed> failed = Optional.empty();
        boolean refused = false;
        boolean otherFamily = false;
        int ours = Integer.MAX_VALUE;
        for (Candidate candidate : search.candidates()) {
            if (candidate.preference() > ours) {
                break;
            }
            String name = candidate.name().text();
            AddressFinder.Addresses found = addresses.of(candidate.name(), deadline);
            if (isUs(name, found)) {
                ours = candidate.preference();
                continue;
            }
            otherFamily |= found.ofOtherFamily();
            if (found.failed().isPresent()) {
                failed = found.failed();
                notes.add("not all addresses of %s: %s".formatted(name, failed.get().reason()));
            }
            found.alias().ifPresent(it -> notes.add("%s is an alias of %s".formatted(name, it)));
            List<InetAddress> allowed = allowed(name, found.found(), notes);
            refused |= allowed.size() < found.found().size();
            if (!allowed.isEmpty()) {
                Security security = search.security().and(found.security());
                hosts.add(
                        new MailHost(
                                name,
                                candidate.preference(),
                                MailHost.peers(allowed, rules.port()),
                                search.implicit() ? MailHost.Naming.GIVEN : MailHost.Naming.MX,
                                security));
            } else if (found.found().isEmpty() && found.failed().isEmpty()) {
                notes.add("%s has no address%s".formatted(name, ofOurFamily()));
            }
        }
        // RFC 5321 section 5.1: our own record, and all that are no better, are dropped.
        int worst = ours;
        hosts.removeIf(host -> host.preference() >= worst);
        boolean listsUs = ours < Integer.MAX_VALUE;
        if (hosts.isEmpty()) {
            return nobody(domain, search, new Nobody(listsUs, failed, refused, otherFamily));
        }
        if (listsUs) {
            notes.add("this server is one of the MX hosts: only better ones are used");
        }
        return new Hosts.Found(hosts, siteKey(search), notes);
    }

    private boolean isUs(String name, AddressFinder.Addresses found) {
        return rules.ourselves().hasName(name)
                || found.alias().filter(it -> rules.ourselves().hasName(it.text())).isPresent()
                || found.found().stream().anyMatch(rules.ourselves().addresses()::contains);
    }

    private List<InetAddress> allowed(String host, List<InetAddress> found, List<String> notes) {
        List<InetAddress> allowed = new ArrayList<>();
        for (InetAddress address : found) {
            Optional<String> refusal = rules.addresses().refusal(address);
            if (refusal.isEmpty()) {
                allowed.add(address);
            } else {
                notes.add(
                        "%s leads to %s, which is %s: not used"
                                .formatted(host, address.getHostAddress(), refusal.get()));
            }
        }
        return allowed;
    }

    /** Why there is no host left. */
    private record Nobody(
            boolean listsUs,
            Optional<Answer.Failed> failed,
            boolean refused,
            boolean otherFamily) {}

    private Hosts nobody(Domain domain, Search search, Nobody why) {
        // As long as something could not be looked up, nothing is for good.
        if (why.failed().isPresent()) {
            return later(domain.text(), why.failed().get());
        }
        if (why.listsUs()) {
            return loop(domain.text());
        }
        // Not for good: the host is there, and it is our setting that keeps us from it.
        if (why.otherFamily()) {
            return new Hosts.Later(
                    "4.4.4", "the mail hosts of " + domain + " have no address" + ofOurFamily());
        }
        if (why.refused()) {
            return new Hosts.Never(
                    "5.4.4", "the domain " + domain + " leads to addresses that no mail goes to");
        }
        return search.implicit()
                ? new Hosts.Never("5.1.2", "the domain " + domain + " has no mail host")
                : new Hosts.Never("5.1.2", "the MX hosts of " + domain + " have no address");
    }

    private String ofOurFamily() {
        return switch (rules.families()) {
            case IPV4_ONLY -> " that is used here: IPv4 only";
            case IPV6_ONLY -> " that is used here: IPv6 only";
            case IPV6_FIRST, IPV4_FIRST -> "";
        };
    }

    private static Hosts loop(String destination) {
        return new Hosts.Never("5.4.6", "mail for " + destination + " would loop back to here");
    }

    private static Hosts later(String name, Answer.Failed failed) {
        // RFC 3463: X.4.3 directory server failure; X.7.5 cryptographic failure.
        String status = failed.kind() == Answer.Kind.BOGUS ? "4.7.5" : "4.4.3";
        return new Hosts.Later(
                status, "the DNS does not say where %s is: %s".formatted(name, failed.reason()));
    }

    private String siteKey(Search search) {
        return siteKey(
                search.candidates().stream().map(it -> it.name().text()).toList(), rules.port());
    }

    private static String siteKey(List<String> names, int port) {
        return names.stream().sorted().collect(Collectors.joining(",")) + ":" + port;
    }
}
