package mansio.net.smtpclient;

import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.net.dns.Resolver;
import mansio.net.dns.Security;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks up the addresses of one host, in the order of the families that is preferred. */
final class AddressFinder {
    private final Resolver resolver;
    private final HostFinder.Families families;

    AddressFinder(Resolver resolver, HostFinder.Families families) {
        this.resolver = resolver;
        this.families = families;
    }

    /**
     * What the DNS has.
     *
     * @param alias where CNAME records led, when it is elsewhere
     * @param failed why some addresses may be missing
     * @param ofOtherFamily none was found, but there are some of the family that is not used
     */
    record Addresses(
            List<InetAddress> found,
            Optional<DnsName> alias,
            Security security,
            Optional<Answer.Failed> failed,
            boolean ofOtherFamily) {}

    Addresses of(DnsName host, long deadlineNanos) {
        List<InetAddress> found = new ArrayList<>();
        Optional<DnsName> alias = Optional.empty();
        Optional<Answer.Failed> failed = Optional.empty();
        Security security = Security.SECURE;
        for (RecordType type : types()) {
            switch (resolver.lookup(host, type, deadlineNanos)) {
                case Answer.Found answer -> {
                    for (DnsRecord record : answer.records()) {
                        address(record).ifPresent(found::add);
                    }
                    security = security.and(answer.security());
                    if (!answer.canonicalName().equals(host)) {
                        alias = Optional.of(answer.canonicalName());
                    }
                }
                case Answer.NoData answer -> security = security.and(answer.security());
                // Not the end: some servers deny a name for the one type that they do not have.
                case Answer.NoSuchName answer -> security = security.and(answer.security());
                case Answer.Failed answer -> failed = Optional.of(answer);
            }
        }
        boolean other = found.isEmpty() && failed.isEmpty() && hasOthers(host, deadlineNanos);
        return new Addresses(found, alias, security, failed, other);
    }

    private boolean hasOthers(DnsName host, long deadlineNanos) {
        return switch (families) {
            case IPV4_ONLY -> has(host, RecordType.AAAA, deadlineNanos);
            case IPV6_ONLY -> has(host, RecordType.A, deadlineNanos);
            case IPV6_FIRST, IPV4_FIRST -> false;
        };
    }

    private boolean has(DnsName host, RecordType type, long deadlineNanos) {
        return resolver.lookup(host, type, deadlineNanos) instanceof Answer.Found found
                && found.records().stream().anyMatch(it -> address(it).isPresent());
    }

    private List<RecordType> types() {
        return switch (families) {
            case IPV6_FIRST -> List.of(RecordType.AAAA, RecordType.A);
            case IPV4_FIRST -> List.of(RecordType.A, RecordType.AAAA);
            case IPV4_ONLY -> List.of(RecordType.A);
            case IPV6_ONLY -> List.of(RecordType.AAAA);
        };
    }

    private static Optional<InetAddress> address(DnsRecord record) {
        return switch (record) {
            case DnsRecord.A a -> Optional.of(a.address());
            case DnsRecord.Aaaa aaaa -> Optional.of(aaaa.address());
            default -> Optional.empty();
        };
    }
}
