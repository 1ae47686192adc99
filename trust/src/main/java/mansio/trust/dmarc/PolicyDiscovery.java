package mansio.trust.dmarc;

import mansio.codec.text.Domain;
import mansio.trust.dmarc.DmarcResult.Found;
import mansio.trust.dmarc.Organizations.Published;
import mansio.trust.dmarc.Organizations.Walk;

import java.util.Optional;

/**
 * Which record counts for a From domain (RFC 9989 section 4.10.1, RFC 7489 section 6.6.3): its own,
 * that of its organization, that of the public suffix above.
 */
final class PolicyDiscovery {
    private final Organizations organizations;
    private final Discovery discovery;

    PolicyDiscovery(Organizations organizations, Discovery discovery) {
        this.organizations = organizations;
        this.discovery = discovery;
    }

    /** What came out. */
    sealed interface Outcome {
        /** A record. */
        record Published(Found found) implements Outcome {}

        /** There is no record that counts. */
        record None(String reason) implements Outcome {}

        /** Cannot be told now. */
        record Unknown(String reason) implements Outcome {}
    }

    Outcome of(Domain author) {
        RecordFinder finder = organizations.finder();
        return switch (finder.find(author)) {
            case RecordFinder.Found.One one ->
                    new Outcome.Published(new Found(author, one.record(), "p"));
            case RecordFinder.Found.Unknown unknown -> new Outcome.Unknown(unknown.reason());
            case RecordFinder.Found.Nothing nothing when discovery == Discovery.LIST ->
                    nothing.several()
                            ? new Outcome.None(author + " has several DMARC records")
                            : byList(author);
            case RecordFinder.Found.Nothing _ -> byWalk(author);
        };
    }

    private Outcome byList(Domain author) {
        Domain organization = organizations.byList(author);
        return switch (organizations.finder().find(organization)) {
            case RecordFinder.Found.One one ->
                    above(author, new Published(organization, one.record()));
            case RecordFinder.Found.Unknown unknown -> new Outcome.Unknown(unknown.reason());
            case RecordFinder.Found.Nothing _ -> none(author);
        };
    }

    private Outcome byWalk(Domain author) {
        Walk walk = organizations.walk(author);
        if (walk.trouble().isPresent()) {
            return new Outcome.Unknown(walk.trouble().get());
        }
        // The organization's; or, as the walk ends there, that of the public suffix above it.
        Optional<Published> found = walk.at(walk.organizational());
        if (found.isEmpty() && walk.settled()) {
            found = Optional.of(walk.records().getLast());
        }
        return found.map(it -> above(author, it)).orElseGet(() -> none(author));
    }

    private Outcome above(Domain author, Published published) {
        DmarcRecord record = published.record();
        boolean matters = record.forNonExistent() != record.forSubdomain();
        String tag = matters && organizations.finder().isNonExistent(author) ? "np" : "sp";
        return new Outcome.Published(new Found(published.domain(), record, tag));
    }

    private static Outcome none(Domain author) {
        return new Outcome.None("neither " + author + " nor its organization has a DMARC record");
    }
}
