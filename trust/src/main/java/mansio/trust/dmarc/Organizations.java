package mansio.trust.dmarc;

import mansio.codec.text.Domain;
import mansio.trust.dmarc.DmarcRecord.Psd;
import mansio.trust.psl.PublicSuffixes;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Organizational domains. For one evaluation, used by one thread. */
final class Organizations {
    /** Labels that are left after the first question, so that there are eight at most. */
    private static final int MAX_PARENT_LABELS = 7;

    private final RecordFinder finder;
    private final Discovery discovery;
    private final PublicSuffixes suffixes;
    private final Map<Domain, Walk> walks = new HashMap<>();

    Organizations(RecordFinder finder, Discovery discovery, PublicSuffixes suffixes) {
        this.finder = finder;
        this.discovery = discovery;
        this.suffixes = suffixes;
    }

    RecordFinder finder() {
        return finder;
    }

    /** Whether two domains belong together. */
    enum Same {
        YES,
        NO,
        UNKNOWN
    }

    /** A record and whose it is. */
    record Published(Domain domain, DmarcRecord record) {}

    /**
     * What a tree walk found.
     *
     * @param records from the longest name to the shortest
     * @param organizational the starting point when nothing else was found
     * @param settled true when a psd tag decided
     * @param trouble why it could not be walked to the end
     */
    record Walk(
            List<Published> records,
            Domain organizational,
            boolean settled,
            Optional<String> trouble) {
        Optional<Published> at(Domain domain) {
            return records.stream().filter(it -> it.domain.equals(domain)).findFirst();
        }
    }

    /**
     * RFC 9989 section 4.10: the domain, then its parents of seven labels and less, until a record
     * has the psd tag.
     */
    Walk walk(Domain start) {
        Walk known = walks.get(start);
        if (known == null) {
            known = walked(start);
            walks.put(start, known);
        }
        return known;
    }

    private Walk walked(Domain start) {
        List<Published> records = new ArrayList<>();
        Domain below = start;
        for (Domain name : names(start)) {
            switch (finder.find(name)) {
                case RecordFinder.Found.Unknown unknown -> {
                    return new Walk(records, start, false, Optional.of(unknown.reason()));
                }
                case RecordFinder.Found.Nothing _ -> {}
                case RecordFinder.Found.One one -> {
                    records.add(new Published(name, one.record()));
                    Psd psd = psd(name, one.record());
                    if (psd == Psd.NO) {
                        return new Walk(records, name, true, Optional.empty());
                    }
                    if (psd == Psd.YES) {
                        // Strangers live below it; of the domain itself it is the organization.
                        return new Walk(records, below, true, Optional.empty());
                    }
                }
            }
            below = name;
        }
        Domain shortest = records.isEmpty() ? start : records.getLast().domain();
        return new Walk(records, shortest, false, Optional.empty());
    }

    /** The names that are asked, at most eight. */
    static List<Domain> names(Domain start) {
        List<Domain> names = new ArrayList<>();
        names.add(start);
        Optional<Domain> parent = start.parent();
        while (parent.isPresent()) {
            if (labels(parent.get()) <= MAX_PARENT_LABELS) {
                names.add(parent.get());
            }
            parent = parent.get().parent();
        }
        return names;
    }

    private static long labels(Domain domain) {
        return domain.text().chars().filter(c -> c == '.').count() + 1;
    }

    private Psd psd(Domain name, DmarcRecord record) {
        boolean registry =
                record.psd() == Psd.UNKNOWN
                        && discovery == Discovery.TREE_WALK_AND_LIST
                        && suffixes.isRegistry(name);
        return registry ? Psd.YES : record.psd();
    }

    /** The organizational domain by the list; the domain itself when it is a public suffix. */
    Domain byList(Domain domain) {
        return suffixes.organizational(domain).orElse(domain);
    }

    /** Whether an identifier belongs to the organization of the author (relaxed alignment). */
    Same same(Domain author, Domain identifier) {
        if (author.equals(identifier)) {
            return Same.YES;
        }
        boolean listed = byList(author).equals(byList(identifier));
        if (discovery == Discovery.LIST) {
            return listed ? Same.YES : Same.NO;
        }
        if (!sharesTop(author, identifier)) {
            return Same.NO;
        }
        Walk one = walk(author);
        if (one.trouble.isPresent()) {
            return Same.UNKNOWN;
        }
        boolean mayByList = listed && discovery == Discovery.TREE_WALK_AND_LIST && !one.settled;
        // The organization of an identifier is above it, so no questions are needed to say no.
        if (!mayByList && !identifier.isWithin(one.organizational)) {
            return Same.NO;
        }
        Walk other = walk(identifier);
        if (other.trouble.isPresent()) {
            return Same.UNKNOWN;
        }
        boolean byWalk = other.organizational.equals(one.organizational);
        return byWalk || (mayByList && !other.settled) ? Same.YES : Same.NO;
    }

    private static boolean sharesTop(Domain a, Domain b) {
        String one = a.text();
        String other = b.text();
        return one.substring(one.lastIndexOf('.') + 1)
                .equals(other.substring(other.lastIndexOf('.') + 1));
    }
}
