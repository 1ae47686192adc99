package mansio.serve.dnscheck;

import mansio.net.dns.Answer;
import mansio.net.dns.Answer.Failed;
import mansio.net.dns.Answer.Kind;
import mansio.net.dns.Authorities;
import mansio.net.dns.Authorities.Each;
import mansio.net.dns.Authorities.Told;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.Question;
import mansio.net.dns.RecordType;
import mansio.serve.dnshelp.AdvisedRecord;
import mansio.serve.dnshelp.AdvisedRecord.Weight;
import mansio.serve.dnshelp.Mailing;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The name servers of each zone beside each other: receivers ask any of them, so all have to answer
 * and to say the same.
 */
final class ServerJudge {
    private static final int MAX_VALUE = 80;

    private final Authorities authorities;
    private final Look look;
    private final Map<DnsName, Zone> zones = new LinkedHashMap<>();

    private ServerJudge(Authorities authorities, Look look) {
        this.authorities = authorities;
        this.look = look;
    }

    /** An item for each zone that has some of the records. */
    static List<Item> of(Authorities authorities, List<AdvisedRecord> records, Look look) {
        ServerJudge judge = new ServerJudge(authorities, look);
        Set<Question> questions = new LinkedHashSet<>();
        for (AdvisedRecord record : records) {
            // Of the zone of an address only its provider can mend something.
            if (record.weight() == Weight.LATER || record.weight() == Weight.PROVIDER) continue;
            RecordType type = RecordType.valueOf(record.type().toUpperCase(Locale.ROOT));
            DnsName.tryParse(record.name()).ifPresent(it -> questions.add(new Question(it, type)));
        }
        questions.forEach(judge::ask);
        return judge.zones.entrySet().stream().map(it -> it.getValue().item(it.getKey())).toList();
    }

    private void ask(Question question) {
        if (look.isOver()) return; // What is not asked says nothing about anybody.
        Optional<Each> each = authorities.each(question, look.deadlineNanos());
        if (each.isEmpty() || look.isOver()) return; // The records themselves tell of it.
        zones.computeIfAbsent(each.get().zone(), _ -> new Zone()).add(question, each.get());
    }

    /** What was heard of one zone. */
    private static final class Zone {
        private final Set<DnsName> answered = new LinkedHashSet<>();
        private final Map<DnsName, Failed> failed = new LinkedHashMap<>();
        private final List<String> differences = new ArrayList<>();

        void add(Question question, Each each) {
            Map<String, Set<DnsName>> said = new TreeMap<>();
            for (Told told : each.told()) {
                DnsName server = told.server();
                if (told.answer() instanceof Failed why) {
                    String text = Mailing.text(told.address()) + ": " + why.reason();
                    failed.merge(server, new Failed(why.kind(), text), ServerJudge::worse);
                } else {
                    answered.add(server);
                    said.computeIfAbsent(value(told.answer()), _ -> new LinkedHashSet<>())
                            .add(server);
                }
            }
            if (said.size() < 2) return;
            List<String> sides = new ArrayList<>();
            said.forEach(
                    (value, servers) ->
                            sides.add(
                                    "%s %s %s"
                                            .formatted(
                                                    names(servers),
                                                    servers.size() == 1 ? "says" : "say",
                                                    shortened(value))));
            differences.add(
                    "%s %s: %s"
                            .formatted(question.name(), question.type(), String.join(", ", sides)));
        }

        Item item(DnsName zone) {
            Sheet sheet = new Sheet(zone.text(), "NS", "");
            Set<DnsName> all = new LinkedHashSet<>(answered);
            all.addAll(failed.keySet());
            sheet.there(all.stream().map(DnsName::text).toList());
            failed.forEach(
                    (server, why) -> {
                        if (answered.contains(server)) return; // By another address, or to most.
                        if (isSilence(why)) {
                            sheet.unknown(
                                    Mistake.NAME_SERVER_SILENT,
                                    "%s does not answer us (%s)".formatted(server, why.reason()));
                        } else {
                            sheet.wrong(
                                    Mistake.NAME_SERVER_LAME,
                                    "%s does not serve the zone (%s): mend it, or take it out of"
                                                    .formatted(server, why.reason())
                                            + " the NS records");
                        }
                    });
            differences.forEach(it -> sheet.wait(Mistake.NAME_SERVERS_DIFFER, it));
            if (!differences.isEmpty()) {
                sheet.paste(
                        "If it stays so for an hour, the name servers do not hand the zone on to"
                                + " each other: see their logs, or tell who runs them");
            }
            return sheet.item();
        }
    }

    private static Failed worse(Failed one, Failed other) {
        return isSilence(one) ? other : one;
    }

    private static boolean isSilence(Failed why) {
        return why.kind() == Kind.TIMEOUT || why.kind() == Kind.NETWORK;
    }

    private static String names(Set<DnsName> servers) {
        return String.join(", ", servers.stream().map(DnsName::text).toList());
    }

    /** The same for the same records, whatever their order and how long they may be kept. */
    private static String value(Answer answer) {
        if (!(answer instanceof Answer.Found found)) return "nothing";
        List<String> values =
                found.records().stream().map(ServerJudge::value).distinct().sorted().toList();
        return String.join(" and ", values);
    }

    private static String shortened(String value) {
        return value.length() <= MAX_VALUE ? value : value.substring(0, MAX_VALUE) + "...";
    }

    private static String value(DnsRecord record) {
        return switch (record) {
            case DnsRecord.A a -> Mailing.text(a.address());
            case DnsRecord.Aaaa aaaa -> Mailing.text(aaaa.address());
            case DnsRecord.Mx mx -> mx.preference() + " " + mx.exchange();
            case DnsRecord.Txt txt -> "'" + txt.text() + "'";
            case DnsRecord.Srv srv -> srv.service().toString();
            case DnsRecord.Caa caa -> caa.tag() + " " + caa.value();
            default -> record.toString();
        };
    }
}
