package mansio.trust.dmarc;

import mansio.codec.text.Domain;
import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.RecordType;
import mansio.net.dns.Resolver;
import mansio.trust.psl.PublicSuffixes;

import java.util.List;
import java.util.Optional;

/**
 * Whether a report may go where a record says: nobody gets reports of others without having asked
 * for them (RFC 7489 section 7.1, and RFC 9990). Safe for use by any thread.
 */
public final class ReportDestinations {
    private final Resolver resolver;
    private final Discovery discovery;
    private final PublicSuffixes suffixes;

    public ReportDestinations(Resolver resolver, Discovery discovery, PublicSuffixes suffixes) {
        this.resolver = resolver;
        this.discovery = discovery;
        this.suffixes = suffixes;
    }

    /** Which reports. */
    public enum Kind {
        /** Of many messages (rua). */
        AGGREGATE,
        /** Of one that failed (ruf). */
        FAILURE
    }

    /** May it? */
    public sealed interface Verdict {
        /**
         * It may, to these.
         *
         * @param uris the one asked about, or what the receiver of reports wants instead; one or
         *     more, with addresses
         */
        record Allowed(List<ReportUri> uris) implements Verdict {
            public Allowed {
                uris = List.copyOf(uris);
            }
        }

        /** It may not. */
        record Refused(String reason) implements Verdict {}

        /** Cannot be told now: to be asked again before the next report. */
        record Unknown(String reason) implements Verdict {}
    }

    /**
     * Checks one destination.
     *
     * @param owner the domain below which the record was found
     * @param uri of that record
     * @param deadlineNanos of {@code Time.nanos()}
     */
    public Verdict check(Domain owner, ReportUri uri, Kind kind, long deadlineNanos) {
        Optional<Domain> host = uri.host();
        if (host.isEmpty()) {
            return new Verdict.Refused("reports are sent by mail to a domain only");
        }
        Organizations organizations =
                new Organizations(new RecordFinder(resolver, deadlineNanos), discovery, suffixes);
        return switch (organizations.same(owner, host.get())) {
            case YES -> new Verdict.Allowed(List.of(uri));
            case NO -> external(owner, uri, kind, deadlineNanos);
            case UNKNOWN ->
                    new Verdict.Unknown("the organization of " + host.get() + " cannot be told");
        };
    }

    private Verdict external(Domain owner, ReportUri uri, Kind kind, long deadlineNanos) {
        Domain host = uri.host().orElseThrow();
        Optional<DnsName> name = DnsName.tryParse(owner + "._report._dmarc." + host);
        if (name.isEmpty()) {
            return new Verdict.Refused("no name for the permission of " + host);
        }
        return switch (resolver.lookup(name.get(), RecordType.TXT, deadlineNanos)) {
            case Answer.Found found -> permitted(uri, kind, RecordFinder.records(found));
            case Answer.NoData _, Answer.NoSuchName _ -> noPermission(host);
            case Answer.Failed failed -> new Verdict.Unknown(name.get() + ": " + failed.reason());
        };
    }

    private static Verdict permitted(ReportUri uri, Kind kind, List<DmarcRecord> records) {
        Domain host = uri.host().orElseThrow();
        if (records.isEmpty()) {
            return noPermission(host);
        }
        List<ReportUri> instead =
                records.stream()
                        .map(DmarcRecord::reporting)
                        .map(it -> kind == Kind.AGGREGATE ? it.aggregate() : it.failure())
                        .flatMap(List::stream)
                        .toList();
        if (instead.stream().anyMatch(it -> !it.host().equals(Optional.of(host)))) {
            return new Verdict.Refused(host + " sends reports on to another host");
        }
        return new Verdict.Allowed(instead.isEmpty() ? List.of(uri) : instead);
    }

    private static Verdict noPermission(Domain host) {
        return new Verdict.Refused(host + " does not ask for these reports");
    }
}
