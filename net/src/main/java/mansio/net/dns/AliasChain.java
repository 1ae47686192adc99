package mansio.net.dns;

import org.xbill.DNS.Message;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Chains of CNAME records that several servers have parts of. */
final class AliasChain {
    private AliasChain() {}

    /**
     * The name that a reply leads to and says nothing about. Empty when it has what was asked for,
     * or shows that there is none; or when it leads in a circle.
     */
    static Optional<DnsName> openEnd(Question question, Reply reply) {
        Set<DnsName> visited = new HashSet<>();
        DnsName at = question.name();
        while (visited.add(at)) {
            DnsName name = at;
            boolean has =
                    reply.answers().stream()
                            .filter(it -> it.name().equals(name))
                            .anyMatch(it -> RecordType.codeOf(it) == question.type().code());
            Optional<DnsName> target =
                    reply.answers().stream()
                            .filter(it -> it.name().equals(name))
                            .filter(DnsRecord.Cname.class::isInstance)
                            .map(it -> ((DnsRecord.Cname) it).target())
                            .findFirst();
            if (has) return Optional.empty();
            if (target.isEmpty()) {
                boolean told = at.equals(question.name()) || reply.vouchesFor(at);
                return told ? Optional.empty() : Optional.of(at);
            }
            at = target.get();
        }
        return Optional.empty();
    }

    /** One message of two, with the code and the zone of the second. */
    static Message joined(Message first, Message next) {
        Message all = first.clone();
        for (Record record : first.getSection(Section.AUTHORITY)) {
            boolean start =
                    record.getType() == Type.SOA
                            || (record instanceof RRSIGRecord signature
                                    && signature.getTypeCovered() == Type.SOA);
            if (start) all.removeRecord(record, Section.AUTHORITY);
        }
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
            for (Record record : next.getSection(section)) all.addRecord(record, section);
        }
        all.getHeader().setRcode(next.getRcode());
        return all;
    }
}
