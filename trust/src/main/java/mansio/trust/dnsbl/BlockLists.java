package mansio.trust.dnsbl;

import mansio.codec.text.Domain;
import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.net.dns.Resolver;
import mansio.trust.dnsbl.BlockList.Code;
import mansio.trust.dnsbl.BlockList.Subject;
import mansio.trust.dnsbl.ListEvidence.Listing;
import mansio.trust.dnsbl.ListEvidence.Note;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Asks lists in the DNS (RFC 5782). Only an answer within 127.0.0.0/8 that no list uses to complain
 * is a listing; a list that cannot be asked, is gone, or was bought and now answers everything with
 * the address of a web server lists nobody. Nothing is thrown. Safe for use by any thread.
 */
public final class BlockLists {
    /** Domains of one message that a list is asked for. */
    public static final int MAX_DOMAINS = 10;

    private static final int MAX_REASON = 300;

    private final Resolver resolver;

    public BlockLists(Resolver resolver) {
        this.resolver = resolver;
    }

    /**
     * Asks all lists, one after the other.
     *
     * @param address of the host; for our own listing, our own
     * @param domains for lists of domains, at most {@link #MAX_DOMAINS} are looked at
     * @param deadlineNanos of {@code Time.nanos()}, for all together
     */
    public ListEvidence check(
            Collection<BlockList> lists,
            InetAddress address,
            Collection<Domain> domains,
            long deadlineNanos) {
        ListEvidence all = ListEvidence.NOTHING;
        for (BlockList list : lists) {
            all =
                    all.and(
                            list.subject() == Subject.ADDRESS
                                    ? check(list, address, deadlineNanos)
                                    : check(list, domains, deadlineNanos));
        }
        return all;
    }

    /**
     * Asks one list of addresses. Addresses of this machine and of private networks are not asked.
     */
    public ListEvidence check(BlockList list, InetAddress address, long deadlineNanos) {
        if (isPrivate(address)) {
            return ListEvidence.NOTHING;
        }
        String subject = address.getHostAddress();
        Optional<DnsName> name = Optional.of(DnsName.reversed(address, list.zone()));
        return ask(new Asked(list, subject, deadlineNanos), name);
    }

    /** Asks one list of domains. */
    public ListEvidence check(BlockList list, Collection<Domain> domains, long deadlineNanos) {
        ListEvidence all = ListEvidence.NOTHING;
        for (Domain domain : domains.stream().distinct().limit(MAX_DOMAINS).toList()) {
            Asked asked = new Asked(list, domain.text(), deadlineNanos);
            all = all.and(ask(asked, DnsName.tryParse(domain + "." + list.zone())));
        }
        return all;
    }

    private record Asked(BlockList list, String subject, long deadlineNanos) {
        ListEvidence note(String text) {
            return new ListEvidence(List.of(), List.of(new Note(list.name(), text)));
        }
    }

    private ListEvidence ask(Asked asked, Optional<DnsName> name) {
        if (name.isEmpty()) {
            return asked.note(asked.subject + " is too long a name to be listed");
        }
        return switch (resolver.lookup(name.get(), RecordType.A, asked.deadlineNanos)) {
            case Answer.Found found -> read(asked, name.get(), found);
            case Answer.NoData _, Answer.NoSuchName _ -> ListEvidence.NOTHING;
            case Answer.Failed failed -> asked.note("could not be asked: " + failed.reason());
        };
    }

    private ListEvidence read(Asked asked, DnsName name, Answer.Found found) {
        List<Listing> listings = new ArrayList<>();
        List<Note> notes = new ArrayList<>();
        for (DnsRecord.A record : found.of(DnsRecord.A.class)) {
            Inet4Address answer = record.address();
            Optional<Code> code = code(asked.list, answer);
            if (code.isPresent()
                    && listings.stream().noneMatch(it -> it.code().equals(code.get()))) {
                String text = answer.getHostAddress();
                listings.add(new Listing(asked.list, asked.subject, code.get(), text, ""));
            } else if (code.isEmpty()) {
                notes.add(new Note(asked.list.name(), meaningless(answer)));
            }
        }
        if (!listings.isEmpty()) {
            String reason = reason(name, asked.deadlineNanos);
            listings.replaceAll(
                    it -> new Listing(it.list(), it.subject(), it.code(), it.answer(), reason));
        }
        return new ListEvidence(listings, notes);
    }

    private static Optional<Code> code(BlockList list, Inet4Address answer) {
        if (!CodePattern.ANY.matches(answer)
                || CodePattern.ERROR.matches(answer)
                || CodePattern.NOT_LISTED.matches(answer)) {
            return Optional.empty();
        }
        return list.codes().isEmpty()
                ? Optional.of(list.otherwise())
                : list.codes().stream().filter(it -> it.pattern().matches(answer)).findFirst();
    }

    private static String meaningless(Inet4Address answer) {
        String text = answer.getHostAddress();
        if (!CodePattern.ANY.matches(answer)) {
            return "answered " + text + ", which is no answer of a list";
        }
        if (CodePattern.ERROR.matches(answer) || CodePattern.NOT_LISTED.matches(answer)) {
            return "refused to answer us (" + text + ")";
        }
        return "answered " + text + ", which is not among its codes";
    }

    /** RFC 5782 section 2.1: a TXT record of the same name says why. */
    private String reason(DnsName name, long deadlineNanos) {
        Answer answer = resolver.lookup(name, RecordType.TXT, deadlineNanos);
        if (!(answer instanceof Answer.Found found)) {
            return "";
        }
        String told = found.of(DnsRecord.Txt.class).getFirst().text();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(told.length(), MAX_REASON); i++) {
            char c = told.charAt(i);
            text.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return text.toString();
    }

    private static boolean isPrivate(InetAddress address) {
        byte[] octets = address.getAddress();
        boolean uniqueLocal = octets.length == 16 && (octets[0] & 0xfe) == 0xfc;
        return uniqueLocal
                || address.isLoopbackAddress()
                || address.isSiteLocalAddress()
                || address.isLinkLocalAddress()
                || address.isAnyLocalAddress();
    }

    /** Whether a list does its work (RFC 5782 section 5). */
    public enum Health {
        /** What must be listed is, and what must not be is not. */
        WORKING,
        /** It does not even list its test entry: gone, empty, or it hides from us. */
        SILENT,
        /** It lists what must never be: broken, or sold. */
        LISTS_ALL,
        /** It says that it does not answer us, as lists do to large public resolvers. */
        REFUSES,
        /** It cannot be asked now. */
        UNREACHABLE
    }

    /** Tries the entries by which lists are tested. */
    public Health test(BlockList list, long deadlineNanos) {
        List<String> listed =
                list.subject() == Subject.DOMAIN
                        ? List.of("test")
                        : List.of("2.0.0.127", mapped(2)); // A list may be of IPv6 alone.
        List<String> unlisted =
                list.subject() == Subject.DOMAIN
                        ? List.of("invalid")
                        : List.of("1.0.0.127", mapped(1));
        Health health = Health.SILENT;
        for (int i = 0; i < listed.size() && health == Health.SILENT; i++) {
            health = test(list, listed.get(i), deadlineNanos);
        }
        for (int i = 0; i < unlisted.size() && health == Health.WORKING; i++) {
            Health other = test(list, unlisted.get(i), deadlineNanos);
            health = other == Health.WORKING ? Health.LISTS_ALL : health;
        }
        return health;
    }

    /** {@code WORKING} when the entry is listed. */
    private Health test(BlockList list, String entry, long deadlineNanos) {
        DnsName name = list.zone().below(entry);
        return switch (resolver.lookup(name, RecordType.A, deadlineNanos)) {
            case Answer.Found found -> test(found.of(DnsRecord.A.class));
            case Answer.NoData _, Answer.NoSuchName _ -> Health.SILENT;
            case Answer.Failed _ -> Health.UNREACHABLE;
        };
    }

    private static Health test(List<DnsRecord.A> answers) {
        if (answers.stream().anyMatch(it -> CodePattern.ERROR.matches(it.address()))) {
            return Health.REFUSES;
        }
        boolean plausible = answers.stream().allMatch(it -> CodePattern.ANY.matches(it.address()));
        return plausible ? Health.WORKING : Health.LISTS_ALL;
    }

    /** ::ffff:127.0.0.N, in nibbles, which Java would turn into an IPv4 address. */
    private static String mapped(int last) {
        return last + ".0.0.0.0.0.f.7.f.f.f.f" + ".0".repeat(20);
    }
}
