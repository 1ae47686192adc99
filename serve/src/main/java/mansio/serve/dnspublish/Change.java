package mansio.serve.dnspublish;

import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.net.dns.ZoneUpdate;
import mansio.net.dns.ZoneUpdate.Condition;
import mansio.net.dns.ZoneUpdate.Edit;

import java.util.ArrayList;
import java.util.List;

/**
 * One set of records, as it was read and as it shall be.
 *
 * @param guarded as in {@link Held.Known}
 */
public record Change(
        DnsName zone,
        DnsName name,
        RecordType type,
        List<DnsRecord> before,
        List<DnsRecord> after,
        boolean guarded) {
    public Change {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /** What goes. */
    public List<DnsRecord> removed() {
        return without(before, after);
    }

    /** What comes. */
    public List<DnsRecord> added() {
        return without(after, before);
    }

    /** All changes of one zone; what was read is what is replaced. */
    static ZoneUpdate update(DnsName zone, List<Change> changes) {
        List<Condition> conditions = new ArrayList<>();
        List<Edit> edits = new ArrayList<>();
        for (Change change : changes) {
            conditions.addAll(change.conditions());
            change.removed().forEach(it -> edits.add(new Edit.Remove(it)));
            change.added().forEach(it -> edits.add(new Edit.Add(it)));
        }
        return new ZoneUpdate(zone, conditions, edits);
    }

    private List<Condition> conditions() {
        if (!before.isEmpty()) return List.of(new Condition.SetIs(before));
        List<Condition> conditions = new ArrayList<>();
        conditions.add(new Condition.NoSet(name, type));
        // RFC 2136 section 3.4.2.2: beside an alias a record would be left out without a word.
        conditions.add(new Condition.NoSet(name, RecordType.CNAME));
        if (guarded) conditions.add(new Condition.InUse(name));
        return conditions;
    }

    private static List<DnsRecord> without(List<DnsRecord> some, List<DnsRecord> others) {
        List<String> known = others.stream().map(ZoneText::data).toList();
        return some.stream().filter(it -> !known.contains(ZoneText.data(it))).toList();
    }
}
