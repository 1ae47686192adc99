package mansio.net.dns;

import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.NSRecord;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a name server said, with nothing left in it that it cannot know. */
sealed interface NameServerReply {
    /** Name servers of one zone that are looked at. */
    int MAX_NAMED = 13;

    /** Records, or that there are none. */
    record Data(Message message, Reply reply) implements NameServerReply {}

    /** The servers of a zone below. */
    record Referral(ZoneCut cut) implements NameServerReply {}

    /**
     * Reads a reply.
     *
     * @param zone that was asked; what is not within it is left out
     * @return empty when it says nothing about the name
     */
    static Optional<NameServerReply> of(DnsName zone, Question question, Message message) {
        try {
            Message kept = within(zone, message);
            boolean named = isAbout(question.name(), kept);
            if (!named) {
                Optional<ZoneCut> cut = cut(zone, question, message);
                if (cut.isPresent()) return Optional.of(new Referral(cut.get()));
            } else {
                endAtTheBorder(zone, question.name(), kept);
            }
            Reply reply = Wire.reply(kept, kept.getRcode() == Rcode.NOERROR);
            return named || (reply.answers().isEmpty() && reply.vouchesFor(question.name()))
                    ? Optional.of(new Data(kept, reply))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Without what is said of other zones, and without what was not asked for. */
    private static Message within(DnsName zone, Message message) {
        Message kept = message.clone();
        for (int section : new int[] {Section.ANSWER, Section.AUTHORITY}) {
            for (Record record : message.getSection(section)) {
                if (!Wire.name(record.getName()).isWithin(zone)) kept.removeRecord(record, section);
            }
        }
        for (Record record : message.getSection(Section.ADDITIONAL)) {
            if (!(record instanceof OPTRecord)) kept.removeRecord(record, Section.ADDITIONAL);
        }
        return kept;
    }

    private static boolean isAbout(DnsName name, Message message) {
        return message.getSection(Section.ANSWER).stream()
                .anyMatch(it -> name.isWithin(Wire.name(it.getName())));
    }

    /** The code is about the end of a chain of aliases, and that may be in another zone. */
    private static void endAtTheBorder(DnsName zone, DnsName name, Message kept) {
        DnsName at = name;
        List<Record> answers = kept.getSection(Section.ANSWER);
        for (int i = 0; i < answers.size() && at.isWithin(zone); i++) {
            for (Record record : answers) {
                if (record instanceof CNAMERecord alias && Wire.name(alias.getName()).equals(at)) {
                    at = Wire.name(alias.getTarget());
                }
            }
        }
        if (!at.isWithin(zone)) kept.getHeader().setRcode(Rcode.NOERROR);
    }

    private static Optional<ZoneCut> cut(DnsName zone, Question question, Message message) {
        Set<DnsName> owners = new LinkedHashSet<>();
        Set<DnsName> names = new LinkedHashSet<>();
        long ttl = Integer.MAX_VALUE;
        for (Record record : message.getSection(Section.AUTHORITY)) {
            if (record instanceof NSRecord server && names.size() < MAX_NAMED) {
                owners.add(Wire.name(server.getName()));
                names.add(Wire.name(server.getTarget()));
                ttl = Math.min(ttl, server.getTTL());
            }
        }
        if (owners.size() != 1 || message.getRcode() != Rcode.NOERROR) return Optional.empty();
        DnsName owner = owners.iterator().next();
        boolean deeper = owner.isWithin(zone) && !owner.equals(zone);
        List<InetSocketAddress> servers = glue(zone, names, message);
        // A server within its own zone cannot be found without an address.
        names.removeIf(name -> name.isWithin(owner));
        ZoneCut cut = new ZoneCut(owner, servers, List.copyOf(names), (int) ttl);
        return deeper && cut.answers(question) ? Optional.of(cut) : Optional.empty();
    }

    private static List<InetSocketAddress> glue(DnsName zone, Set<DnsName> names, Message message) {
        List<InetSocketAddress> servers = new ArrayList<>();
        for (Record record : message.getSection(Section.ADDITIONAL)) {
            DnsName name = Wire.name(record.getName());
            if (!names.contains(name) || !name.isWithin(zone)) continue;
            if (record instanceof ARecord a) add(a.getAddress(), servers);
            if (record instanceof AAAARecord aaaa) add(aaaa.getAddress(), servers);
        }
        return servers;
    }

    private static void add(InetAddress address, List<InetSocketAddress> servers) {
        if (ZoneCut.mayBeAsked(address) && servers.size() < 2 * MAX_NAMED) {
            servers.add(new InetSocketAddress(address, Upstreams.PORT));
        }
    }
}
