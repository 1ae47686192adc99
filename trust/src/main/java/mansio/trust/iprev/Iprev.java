package mansio.trust.iprev;

import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.net.dns.Resolver;
import mansio.trust.iprev.IprevResult.Result;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * The check called iprev (RFC 8601 section 3): does a name of this address lead back to it? No
 * proof of anything, but hosts that send mail for good have it. Asks at most eleven times. Safe for
 * use by any thread.
 */
public final class Iprev {
    /** Names of one address that are looked at; the example of the standard. */
    public static final int MAX_NAMES = 10;

    private final Resolver resolver;

    public Iprev(Resolver resolver) {
        this.resolver = resolver;
    }

    /**
     * Checks an address.
     *
     * @param deadlineNanos of {@code Time.nanos()}, for all look-ups together
     */
    public IprevResult check(InetAddress address, long deadlineNanos) {
        Answer answer = resolver.lookup(DnsName.reverse(address), RecordType.PTR, deadlineNanos);
        return switch (answer) {
            case Answer.Found found -> confirm(address, found, deadlineNanos);
            case Answer.NoData _, Answer.NoSuchName _ ->
                    without(Result.PERMERROR, List.of(), "the address has no name");
            case Answer.Failed failed ->
                    without(Result.TEMPERROR, List.of(), "no name found: " + failed.reason());
        };
    }

    private IprevResult confirm(InetAddress address, Answer.Found found, long deadlineNanos) {
        List<DnsName> names =
                found.of(DnsRecord.Ptr.class).stream()
                        .map(DnsRecord.Ptr::target)
                        .distinct()
                        .limit(MAX_NAMES)
                        .toList();
        RecordType type = address.getAddress().length == 4 ? RecordType.A : RecordType.AAAA;
        Optional<String> trouble = Optional.empty();
        for (DnsName name : names) {
            Answer answer = resolver.lookup(name, type, deadlineNanos);
            if (answer instanceof Answer.Found back && leadsTo(back, address)) {
                return new IprevResult(
                        Result.PASS, Optional.of(name), names, name + " leads back to the address");
            }
            if (answer instanceof Answer.Failed failed) {
                trouble = Optional.of("addresses of " + name + " not found: " + failed.reason());
            }
        }
        // One of those that could not be asked may be the right one.
        return trouble.map(reason -> without(Result.TEMPERROR, names, reason))
                .orElseGet(() -> without(Result.FAIL, names, "no name leads back to the address"));
    }

    private static boolean leadsTo(Answer.Found found, InetAddress address) {
        return found.records().stream()
                .anyMatch(
                        record ->
                                switch (record) {
                                    case DnsRecord.A a -> a.address().equals(address);
                                    case DnsRecord.Aaaa aaaa -> aaaa.address().equals(address);
                                    default -> false;
                                });
    }

    private static IprevResult without(Result result, List<DnsName> names, String reason) {
        return new IprevResult(result, Optional.empty(), names, reason);
    }
}
