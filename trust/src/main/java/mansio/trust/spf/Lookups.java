package mansio.trust.spf;

import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/** What one check asks of the DNS, counted (RFC 7208 section 4.6.4). Used by one thread. */
final class Lookups {
    private final Spf spf;
    private final long deadlineNanos;
    private int terms;
    private int voids;
    private boolean termIsVoid;

    Lookups(Spf spf, long deadlineNanos) {
        this.spf = spf;
        this.deadlineNanos = deadlineNanos;
    }

    int terms() {
        return terms;
    }

    int voids() {
        return voids;
    }

    /** A term that needs the DNS begins. */
    void beginTerm() throws Fault {
        int limit = spf.limits().lookups();
        if (terms >= limit) {
            throw Fault.permanent("the SPF records need more than " + limit + " look-ups");
        }
        terms++;
        termIsVoid = false;
    }

    /**
     * A query of the term gave nothing. The RFC counts terms, not queries: three mail hosts without
     * AAAA records are no attack.
     */
    void countVoid() throws Fault {
        if (termIsVoid) {
            return;
        }
        termIsVoid = true;
        voids++;
        int limit = spf.limits().voidLookups();
        if (voids > limit) {
            throw Fault.permanent(
                    "more than " + limit + " terms of the SPF records name what does not exist");
        }
    }

    /** Asks, as long as there is time; what fails for want of time ends the check. */
    Answer ask(DnsName name, RecordType type) throws Fault {
        if (!outOfTime()) {
            Answer answer = spf.resolver().lookup(name, type, deadlineNanos);
            if (!(answer instanceof Answer.Failed && outOfTime())) {
                return answer;
            }
        }
        throw Fault.temporary("the time for the check ran out at " + type + " of " + name);
    }

    private boolean outOfTime() {
        return spf.time().nanos() - deadlineNanos >= 0;
    }

    /**
     * Asks for a term: what is not there is counted as void, and a failure ends the check.
     *
     * @return no records when there are none
     */
    List<DnsRecord> recordsFor(DnsName name, RecordType type) throws Fault {
        return switch (ask(name, type)) {
            case Answer.Found found -> found.records();
            case Answer.NoData _, Answer.NoSuchName _ -> {
                countVoid();
                yield List.of();
            }
            case Answer.Failed failed -> throw failure(name, type, failed);
        };
    }

    static Fault failure(DnsName name, RecordType type, Answer.Failed failed) {
        return Fault.temporary("no answer for " + type + " of " + name + ": " + failed.kind());
    }

    /** The addresses in records of the two types. */
    static List<InetAddress> addresses(List<DnsRecord> records) {
        List<InetAddress> addresses = new ArrayList<>();
        for (DnsRecord record : records) {
            switch (record) {
                case DnsRecord.A a -> addresses.add(a.address());
                case DnsRecord.Aaaa aaaa -> addresses.add(aaaa.address());
                default -> {}
            }
        }
        return addresses;
    }
}
