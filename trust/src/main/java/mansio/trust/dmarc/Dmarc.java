package mansio.trust.dmarc;

import mansio.codec.text.Domain;
import mansio.net.dns.Resolver;
import mansio.trust.dmarc.DmarcResult.Found;
import mansio.trust.dmarc.DmarcResult.Result;
import mansio.trust.psl.PublicSuffixes;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Evaluates DMARC (RFC 9989, RFC 7489): finds the record for the From domain, sees whether what
 * passed SPF or DKIM is aligned with it, and what its owner wants when nothing is. Nothing is
 * thrown: trouble of the DNS is {@code temperror}. Safe for use by any thread when the random
 * generator is.
 */
public final class Dmarc {
    /** From domains of one message that are looked at. */
    public static final int MAX_AUTHORS = 5;

    private final Resolver resolver;
    private final Discovery discovery;
    private final PublicSuffixes suffixes;
    private final RandomGenerator random;

    /**
     * @param random for the pct tag: which messages are spared
     */
    public Dmarc(
            Resolver resolver,
            Discovery discovery,
            PublicSuffixes suffixes,
            RandomGenerator random) {
        this.resolver = resolver;
        this.discovery = discovery;
        this.suffixes = suffixes;
        this.random = random;
    }

    /**
     * Evaluates a message.
     *
     * @param authors the From domain. None (no From, or none that can be understood): the result is
     *     {@code none}, since nobody's policy is known; whether to take such a message is the
     *     caller's question. Several: RFC 7489 section 6.6.1, the failure with the strictest policy
     *     counts; more than {@link #MAX_AUTHORS} are a {@code permerror}
     * @param deadlineNanos of {@code Time.nanos()}, for all look-ups together
     */
    public DmarcResult evaluate(Collection<Domain> authors, Facts facts, long deadlineNanos) {
        Set<Domain> distinct = new LinkedHashSet<>(authors);
        if (distinct.isEmpty()) {
            String reason = "there is no From domain";
            return DmarcResult.without(Result.NONE, Optional.empty(), reason);
        }
        if (distinct.size() > MAX_AUTHORS) {
            String reason = "there are too many From domains";
            return DmarcResult.without(Result.PERMERROR, Optional.empty(), reason);
        }
        Organizations organizations =
                new Organizations(new RecordFinder(resolver, deadlineNanos), discovery, suffixes);
        return distinct.stream()
                .map(author -> evaluate(author, facts, new Look(organizations, deadlineNanos)))
                .reduce(Dmarc::worse)
                .orElseThrow();
    }

    /** As with several authors, for a message with one. */
    public DmarcResult evaluate(Domain author, Facts facts, long deadlineNanos) {
        return evaluate(Set.of(author), facts, deadlineNanos);
    }

    private record Look(Organizations organizations, long deadlineNanos) {}

    /** The one that would harm more to believe in. */
    private static DmarcResult worse(DmarcResult a, DmarcResult b) {
        int difference = badness(b) - badness(a);
        boolean stricter = b.applied().compareTo(a.applied()) > 0;
        return difference > 0 || (difference == 0 && stricter) ? b : a;
    }

    private static int badness(DmarcResult it) {
        return switch (it.result()) {
            case PASS -> 0;
            case NONE -> 1;
            case PERMERROR -> 2;
            case TEMPERROR -> 3;
            case FAIL -> 4;
        };
    }

    private DmarcResult evaluate(Domain author, Facts facts, Look look) {
        PolicyDiscovery.Outcome policy =
                new PolicyDiscovery(look.organizations, discovery).of(author);
        return switch (policy) {
            case PolicyDiscovery.Outcome.None none ->
                    DmarcResult.without(Result.NONE, Optional.of(author), none.reason());
            case PolicyDiscovery.Outcome.Unknown unknown ->
                    DmarcResult.without(Result.TEMPERROR, Optional.of(author), unknown.reason());
            case PolicyDiscovery.Outcome.Published published ->
                    judge(author, facts, published.found(), look.organizations);
        };
    }

    private DmarcResult judge(
            Domain author, Facts facts, Found found, Organizations organizations) {
        DmarcRecord record = found.record();
        Policy requested =
                switch (found.tag()) {
                    case "np" -> record.forNonExistent();
                    case "sp" -> record.forSubdomain();
                    default -> record.forDomain();
                };
        if (record.policy().isEmpty()) {
            String reason = "the record of " + found.domain() + " has no valid policy";
            return DmarcResult.without(Result.PERMERROR, Optional.of(author), reason)
                    .by(found, requested);
        }
        DmarcResult result =
                new Identifiers(author, record, organizations).check(facts).by(found, requested);
        return result.result() == Result.FAIL ? applied(result, record, requested) : result;
    }

    /** RFC 9989: the t tag; RFC 7489 section 6.6.4: the pct tag. A step weaker, once. */
    private DmarcResult applied(DmarcResult result, DmarcRecord record, Policy requested) {
        if (requested == Policy.NONE) {
            return result;
        }
        if (record.testing()) {
            return result.applying(requested.weaker(), "the owner tests its policy");
        }
        if (record.percent() < 100 && random.nextInt(100) >= record.percent()) {
            return result.applying(requested.weaker(), "spared by pct=" + record.percent());
        }
        return result.applying(requested, "");
    }
}
