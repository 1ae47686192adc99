package mansio.serve.dnscheck;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.codec.text.SyntaxException;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.serve.dnshelp.Mailing;
import mansio.serve.dnshelp.Presence;
import mansio.trust.spf.Result;
import mansio.trust.spf.Spf;
import mansio.trust.spf.SpfAudit;
import mansio.trust.spf.SpfAudit.Finding.Problem;
import mansio.trust.spf.SpfLimits;
import mansio.trust.spf.SpfRecord;
import mansio.trust.spf.SpfRequest;
import mansio.trust.spf.SpfResult;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The SPF record of a domain (RFC 7208): not whether it is the advised text, but whether receivers
 * can read it and it lets this server send.
 */
final class SpfJudge {
    private static final Set<String> NOTHING_SENDS = Set.of("v=spf1 -all", "v=spf1 ~all");

    private SpfJudge() {}

    static void judge(Sheet sheet, Look look, SpfTask task) {
        Optional<List<DnsRecord.Txt>> texts =
                look.records(sheet, task.name().text(), RecordType.TXT, DnsRecord.Txt.class);
        if (texts.isEmpty()) return;
        List<String> published = SpfRecord.among(texts.get());
        List<String> broken = Quotes.brokenBeginning(texts.get(), SpfRecord.VERSION);
        sheet.there(published);
        sheet.there(broken);
        broken.forEach(it -> Quotes.tell(sheet, it));
        SpfAudit.Report audit = new SpfAudit(look.resolver()).of(task.name(), look.deadlineNanos());
        audit.findings().forEach(it -> tell(sheet, it));
        List<String> meant = new ArrayList<>(published);
        broken.forEach(it -> meant.add(Quotes.removed(it)));
        sheet.should(merged(meant, task.advised()));
        if (published.size() != 1) return;
        if (NOTHING_SENDS.contains(published.getFirst().strip())) {
            sheet.wrong(
                    Mistake.PARKED,
                    "the record says that nobody sends mail of "
                            + task.name()
                            + ", as for a parked domain");
        }
        if (audit.record().isPresent()) lets(sheet, look, task);
        for (String term : terms(task.advised())) {
            if (term.startsWith("include:") && !terms(published.getFirst()).contains(term)) {
                sheet.wrong(
                        Mistake.RELAY_NOT_INCLUDED,
                        term + " is missing, by which mail of the domain leaves too");
            }
        }
    }

    /**
     * What to look at.
     *
     * @param advised the record that would be right if there was none
     */
    record SpfTask(DnsName name, String advised, Presence server) {
        /** Our addresses, and those that the advised record names. */
        List<InetAddress> senders() {
            List<InetAddress> all = new ArrayList<>(server.addresses());
            for (String term : terms(advised)) {
                if (!term.startsWith("ip4:") && !term.startsWith("ip6:")) continue;
                InetAddress address = InetAddress.ofLiteral(term.substring(4));
                if (!all.contains(address)) all.add(address);
            }
            return all;
        }
    }

    private static void lets(Sheet sheet, Look look, SpfTask task) {
        Domain helo = task.server().hostname();
        Optional<Domain> domain = task.name().domain();
        if (domain.isEmpty()) return;
        Spf spf = new Spf(look.resolver(), look.time(), SpfLimits.STANDARD, helo);
        for (InetAddress address : task.senders()) {
            SpfRequest request =
                    SpfRequest.mailFrom(
                            address,
                            helo.text(),
                            Optional.of(Address.of("postmaster", domain.get())));
            SpfResult result = spf.check(request, look.deadlineNanos());
            if (result.result() == Result.TEMPERROR) {
                sheet.unknown("SPF cannot be checked: " + result.reason());
            } else if (result.result() != Result.PASS) {
                sheet.wrong(
                        Mistake.SPF_WITHOUT_US,
                        "mail from %s gets %s: %s"
                                .formatted(
                                        Mailing.text(address),
                                        result.result().keyword(),
                                        result.reason()));
            }
        }
    }

    private static void tell(Sheet sheet, SpfAudit.Finding finding) {
        Mistake mistake = mistake(finding.problem());
        String text = finding.text();
        if (finding.problem() == Problem.TOO_MANY_LOOKUPS) {
            text += ": name addresses in place of includes, drop services that send no more";
        }
        switch (finding.problem()) {
            case NO_ANSWER -> sheet.unknown(text);
            case NO_RECORD -> sheet.missing(mistake, text);
            case PASS_ALL -> sheet.wrong(mistake, text);
            default -> {
                if (finding.problem().isFault()) sheet.wrong(mistake, text);
                else sheet.note(mistake, text);
            }
        }
    }

    private static Mistake mistake(Problem problem) {
        return switch (problem) {
            case NO_RECORD -> Mistake.NO_RECORD;
            case SEVERAL_RECORDS -> Mistake.SEVERAL_RECORDS;
            case SYNTAX -> Mistake.SYNTAX;
            case TOO_MANY_LOOKUPS, TOO_MANY_VOID_LOOKUPS, TOO_MANY_MX -> Mistake.TOO_MANY_LOOKUPS;
            case BROKEN_REFERENCE, LOOP -> Mistake.BROKEN_INCLUDE;
            case NO_ANSWER -> Mistake.CANNOT_BE_ASKED;
            case PASS_ALL -> Mistake.PASS_ALL;
            case TYPE_SPF -> Mistake.TYPE_SPF;
            case NO_DECISION, UNREACHABLE, PTR, NAMES_NOTHING, WIDE_NETWORK, NOT_A_MECHANISM ->
                    Mistake.SPF_ADVICE;
        };
    }

    private static List<String> terms(String record) {
        List<String> terms = new ArrayList<>();
        for (String word : record.substring(SpfRecord.VERSION.length()).split(" ")) {
            if (!word.isBlank()) terms.add(word);
        }
        return terms;
    }

    /**
     * One record of all that are there, with what is advised: who was let send stays, but for
     * everybody, and for terms that cannot be read. Of what says no to the others the first that
     * means something is kept.
     */
    static String merged(List<String> published, String advised) {
        List<String> merged = new ArrayList<>();
        String end = "";
        for (String record : published) {
            for (String term : terms(record)) {
                boolean all = term.endsWith("all") && term.length() <= 4;
                boolean last = all || term.startsWith("redirect=");
                if (last && end.isEmpty() && isDecision(term)) end = term;
                boolean doubled = merged.contains(term);
                if (!last && !doubled && isRight(term)) merged.add(term);
            }
        }
        int at = 0;
        for (String term : terms(advised)) {
            if (term.equals("-all")) {
                if (end.isEmpty()) end = term;
            } else if (!merged.contains(term) && !merged.contains("+" + term)) {
                merged.add(at++, term); // What matches first costs the others no look-up.
            }
        }
        merged.add(end);
        return SpfRecord.VERSION + " " + String.join(" ", merged);
    }

    private static boolean isRight(String term) {
        try {
            SpfRecord.parse(SpfRecord.VERSION + " " + term);
            return true;
        } catch (SyntaxException e) {
            return false;
        }
    }

    private static boolean isDecision(String term) {
        return term.equals("-all") || term.equals("~all") || term.startsWith("redirect=");
    }
}
