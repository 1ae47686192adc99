package mansio.testkit.dns;

import mansio.testkit.dns.ZoneSigning.Denial;

import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.RRSIGRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds to a reply what DNSSEC wants in it (RFC 4035 section 3.1). Used by one thread. */
final class SignedAnswer {
    private final Zones zones;
    private final ZoneKey.Fault fault;

    /** Wrong signatures before each right one. */
    private final int wrong;

    private final boolean denying;

    /**
     * @param denying false when the records that deny are left out
     */
    SignedAnswer(Zones zones, ZoneKey.Fault fault, int wrong, boolean denying) {
        this.zones = zones;
        this.fault = fault;
        this.wrong = wrong;
        this.denying = denying;
    }

    void addTo(Message reply, Zones.Found found, int type) {
        for (List<Record> set : sets(reply.getSection(Section.ANSWER))) {
            sign(reply, set, Section.ANSWER);
            Name name = set.getFirst().getName();
            if (zones.wildcard(name) != null) {
                deny(reply, name, set.getFirst().getType(), Denial.EXPANDED);
            }
        }
        if (found.soa() != null) {
            sign(reply, List.of(found.soa()), Section.AUTHORITY);
            boolean expanded = zones.wildcard(found.last()) != null;
            Denial type1 = expanded ? Denial.EXPANDED_TYPE : Denial.TYPE;
            deny(reply, found.last(), type, found.nameExists() ? type1 : Denial.NAME);
        }
    }

    private void deny(Message reply, Name name, int type, Denial denial) {
        Name zone = zones.origin(name, type);
        ZoneSigning signing = zone == null ? null : zones.signing(zone);
        if (zone == null || signing == null || !denying) {
            return;
        }
        Name encloser = zones.encloser(name, zone);
        for (Record record : signing.denial(zones.names(zone), name, encloser, denial)) {
            if (!reply.findRecord(record, Section.AUTHORITY)) {
                reply.addRecord(record, Section.AUTHORITY);
                addSignatures(reply, signing, List.of(record), Section.AUTHORITY);
            }
        }
    }

    private void sign(Message reply, List<Record> set, int section) {
        Record first = set.getFirst();
        Name zone = zones.origin(first.getName(), first.getType());
        @Nullable ZoneSigning signing = zone == null ? null : zones.signing(zone);
        if (signing != null) {
            addSignatures(reply, signing, set, section);
        }
    }

    private void addSignatures(Message reply, ZoneSigning signing, List<Record> set, int section) {
        Name name = set.getFirst().getName();
        Name wildcard = zones.wildcard(name);
        List<Record> signed =
                wildcard == null
                        ? set
                        : set.stream().map(record -> record.withName(wildcard)).toList();
        RRSIGRecord good = signing.key().sign(signed, fault);
        for (int i = 1; i <= wrong; i++) {
            reply.addRecord(ZoneKey.spoiled(good, i).withName(name), section);
        }
        reply.addRecord(good.withName(name), section);
    }

    private static List<List<Record>> sets(List<Record> records) {
        Map<String, List<Record>> sets = new LinkedHashMap<>();
        for (Record record : records) {
            sets.computeIfAbsent(record.getName() + " " + record.getType(), _ -> new ArrayList<>())
                    .add(record);
        }
        return List.copyOf(sets.values());
    }
}
