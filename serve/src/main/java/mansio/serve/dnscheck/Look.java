package mansio.serve.dnscheck;

import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.net.dns.Resolver;
import mansio.net.time.Time;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The DNS as one sees it: through a resolver, or at the name servers.
 *
 * @param deadlineNanos of {@code Time.nanos()}, for all questions together
 */
record Look(Resolver resolver, Time time, long deadlineNanos) {
    /** Whether there is no time left to ask. */
    boolean isOver() {
        return time.nanos() - deadlineNanos >= 0;
    }

    Answer ask(String name, RecordType type) {
        return DnsName.tryParse(name)
                .map(it -> resolver.lookup(it, type, deadlineNanos))
                .orElseGet(
                        () -> new Answer.Failed(Answer.Kind.MALFORMED, name + " is no DNS name"));
    }

    /** Records of a kind; none when there are none. The sheet says it when it cannot be told. */
    <T extends DnsRecord> Optional<List<T>> records(
            Sheet sheet, String name, RecordType type, Class<T> kind) {
        return switch (ask(name, type)) {
            case Answer.Found found -> Optional.of(found.of(kind));
            case Answer.NoData _, Answer.NoSuchName _ -> Optional.of(List.of());
            case Answer.Failed failed -> {
                sheet.unknown(name + " " + type + " cannot be asked: " + failed.reason());
                yield Optional.empty();
            }
        };
    }

    /** Where an alias leads, if the name is one. */
    Optional<DnsName> alias(String name) {
        return ask(name, RecordType.CNAME) instanceof Answer.Found found
                ? Optional.of(found.of(DnsRecord.Cname.class).getFirst().target())
                : Optional.empty();
    }

    /** All addresses; empty when one kind of them cannot be told and the other has none. */
    Optional<List<InetAddress>> addresses(String name) {
        List<InetAddress> all = new ArrayList<>();
        boolean sure = true;
        for (RecordType type : List.of(RecordType.A, RecordType.AAAA)) {
            switch (ask(name, type)) {
                case Answer.Found found -> found.records().forEach(it -> add(it, all));
                case Answer.NoData _, Answer.NoSuchName _ -> {}
                case Answer.Failed _ -> sure = false;
            }
        }
        return all.isEmpty() && !sure ? Optional.empty() : Optional.of(all);
    }

    private static void add(DnsRecord record, List<InetAddress> all) {
        if (record instanceof DnsRecord.A a) all.add(a.address());
        if (record instanceof DnsRecord.Aaaa aaaa) all.add(aaaa.address());
    }
}
