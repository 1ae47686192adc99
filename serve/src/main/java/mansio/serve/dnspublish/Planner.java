package mansio.serve.dnspublish;

import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.serve.dnscheck.DnsCheck.Judged;
import mansio.serve.dnscheck.Item;
import mansio.serve.dnscheck.Mistake;
import mansio.serve.dnscheck.TextPurpose;
import mansio.serve.dnscheck.Verdict;
import mansio.serve.dnshelp.AdvisedRecord;
import mansio.serve.dnshelp.AdvisedRecord.Weight;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Decides what to change: values in, values out. Only records that the check calls missing or wrong
 * are touched, of TXT records only those of the same purpose; and what somebody may have put there
 * on purpose is taken away only with leave. Used by one thread.
 */
final class Planner {
    private final Ground ground;
    private final Set<Permission> permissions;
    private final List<Change> changes = new ArrayList<>();
    private final List<Left> left = new ArrayList<>();

    private Planner(Ground ground, Set<Permission> permissions) {
        this.ground = ground;
        this.permissions = permissions;
    }

    static Plan of(List<Judged> judged, Ground ground, Set<Permission> permissions) {
        Planner planner = new Planner(ground, permissions);
        Map<String, List<Judged>> sets = new LinkedHashMap<>();
        for (Judged one : judged) {
            if (isOurs(one.record())) {
                String set = one.record().name() + " " + one.record().type();
                sets.computeIfAbsent(set, _ -> new ArrayList<>()).add(one);
            }
        }
        sets.values().forEach(planner::set);
        return new Plan(planner.changes, planner.left);
    }

    /** Of CAA only the owner knows the value; PTR is the provider's; others are not for now. */
    static boolean isOurs(AdvisedRecord record) {
        boolean now = record.weight() == Weight.NEEDED || record.weight() == Weight.USEFUL;
        return now && !record.type().equals("CAA");
    }

    private boolean isToDo(Verdict verdict) {
        return switch (verdict) {
            case GOOD, WAIT -> false;
            case OPTIONAL -> permissions.contains(Permission.ADD_OPTIONAL);
            case UNKNOWN, MISSING, WRONG -> true;
        };
    }

    /** All that is advised for one name and type. */
    private void set(List<Judged> all) {
        List<Judged> toDo = all.stream().filter(it -> isToDo(it.item().verdict())).toList();
        if (toDo.isEmpty()) return;
        Item item = toDo.getFirst().item();
        DnsName name = DnsName.parse(item.name());
        RecordType type = RecordType.valueOf(item.type());
        switch (ground.at(name, type)) {
            case Held.Elsewhere(String reason) ->
                    leave(item, Left.Why.ELSEWHERE, "the server has no zone of it: " + reason);
            case Held.Unknown(String reason) -> leave(item, Left.Why.UNKNOWN, reason);
            case Held.Alias(DnsName target) ->
                    leave(
                            item,
                            Left.Why.ALIAS,
                            "%s is an alias (CNAME) of %s: remove that first"
                                    .formatted(name, target));
            case Held.Wildcard() ->
                    leave(
                            item,
                            Left.Why.WILDCARD,
                            "%s has its other records by a wildcard, which would no longer count"
                                            .formatted(name)
                                    + " for it: give it records of its own first");
            case Held.Known known -> {
                if (toDo.stream().anyMatch(it -> it.item().verdict() == Verdict.UNKNOWN)) {
                    leave(item, Left.Why.UNKNOWN, findings(toDo));
                } else {
                    mend(toDo, all, known);
                }
            }
        }
    }

    private void mend(List<Judged> toDo, List<Judged> all, Held.Known known) {
        List<DnsRecord> before = known.records();
        Judged first = toDo.getFirst();
        int ttl =
                before.stream().mapToInt(DnsRecord::ttlSeconds).min().orElse(first.record().ttl());
        Mending mending =
                switch (first.record().type()) {
                    case "TXT" -> text(first, before, ttl);
                    case "A", "AAAA" -> addresses(all, before, ttl);
                    default -> single(first, before, ttl);
                };
        Change change =
                new Change(
                        known.zone(),
                        DnsName.parse(first.record().name()),
                        RecordType.valueOf(first.record().type()),
                        before,
                        mending.after(),
                        known.guarded());
        if (change.removed().isEmpty() && change.added().isEmpty()) {
            leave(first.item(), Left.Why.NOT_BY_A_RECORD, findings(toDo));
        } else if (mending.takesAway() && !permissions.contains(Permission.REPLACE_OTHERS)) {
            leave(first.item(), Left.Why.NEEDS_REPLACE, findings(toDo));
        } else {
            changes.add(change);
        }
    }

    /**
     * How a set becomes right.
     *
     * @param takesAway whether something goes that may be there on purpose
     */
    private record Mending(List<DnsRecord> after, boolean takesAway) {}

    /** MX and SRV: one record, which leads here; one that does already is kept as it is. */
    private static Mending single(Judged judged, List<DnsRecord> before, int ttl) {
        DnsRecord wanted = ZoneText.record(judged.record(), judged.record().value(), ttl);
        List<DnsRecord> here =
                before.stream().filter(it -> target(it).equals(target(wanted))).limit(1).toList();
        return new Mending(here.isEmpty() ? List.of(wanted) : here, !before.isEmpty());
    }

    private static String target(DnsRecord record) {
        return switch (record) {
            case DnsRecord.Mx mx -> mx.exchange().text();
            case DnsRecord.Srv srv -> srv.service().port() + " " + srv.service().target();
            default -> ZoneText.data(record);
        };
    }

    private static Mending addresses(List<Judged> all, List<DnsRecord> before, int ttl) {
        List<DnsRecord> wanted =
                all.stream()
                        .map(Judged::record)
                        .map(it -> ZoneText.record(it, it.value(), ttl))
                        .toList();
        Set<String> known = wanted.stream().map(ZoneText::data).collect(Collectors.toSet());
        boolean others = before.stream().anyMatch(it -> !known.contains(ZoneText.data(it)));
        return new Mending(wanted, others);
    }

    /** One text of a purpose, in the place of all that have it; the others stay. */
    private static Mending text(Judged judged, List<DnsRecord> before, int ttl) {
        TextPurpose purpose = TextPurpose.of(judged.record());
        List<DnsRecord> after = new ArrayList<>();
        List<String> taken = new ArrayList<>();
        for (DnsRecord record : before) {
            if (record instanceof DnsRecord.Txt txt && purpose.has(txt.text())) {
                taken.add(txt.text());
            } else {
                after.add(record);
            }
        }
        String should = judged.item().should();
        after.add(ZoneText.record(judged.record(), should, ttl));
        return new Mending(after, !taken.isEmpty() && takesAway(judged.item(), purpose, taken));
    }

    private static boolean takesAway(Item item, TextPurpose purpose, List<String> taken) {
        return switch (purpose) {
            // Another server may sign with the other key.
            case KEY ->
                    item.has(Mistake.KEY_MISMATCH)
                            || item.has(Mistake.KEY_REVOKED)
                            || item.has(Mistake.SEVERAL_RECORDS)
                            || item.has(Mistake.SYNTAX);
            // Its policy must stay.
            case DMARC ->
                    taken.stream().anyMatch(it -> !TextPurpose.meant(it).equals(item.should()));
            case SPF ->
                    item.has(Mistake.PARKED)
                            || taken.stream().anyMatch(it -> !keeps(item.should(), it));
        };
    }

    /** Whether all who were let send still are. */
    private static boolean keeps(String should, String text) {
        List<String> kept = List.of(should.split(" +"));
        for (String term : TextPurpose.meant(text).split(" +")) {
            boolean no = term.equals("-all") || term.equals("~all");
            String bare = term.startsWith("+") ? term.substring(1) : term;
            if (!no && !kept.contains(term) && !kept.contains(bare)) return false;
        }
        return true;
    }

    private void leave(Item item, Left.Why why, String reason) {
        left.add(new Left(item.name(), item.type(), why, item.there(), reason));
    }

    private static String findings(List<Judged> judged) {
        return judged.stream()
                .flatMap(it -> it.item().findings().stream())
                .map(Item.Finding::text)
                .distinct()
                .collect(Collectors.joining("; "));
    }
}
