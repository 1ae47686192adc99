package mansio.serve.dnscheck;

import mansio.codec.text.Domain;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.trust.dmarc.Discovery;
import mansio.trust.dmarc.DmarcRecord;
import mansio.trust.dmarc.ReportDestinations;
import mansio.trust.dmarc.ReportUri;
import mansio.trust.psl.PublicSuffixes;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The DMARC record of a domain: any that means something, not only the advised one. */
final class DmarcJudge {
    static final String LABEL = "_dmarc.";

    private final PublicSuffixes suffixes;

    DmarcJudge(PublicSuffixes suffixes) {
        this.suffixes = suffixes;
    }

    void judge(Sheet sheet, Look look, Domain domain) {
        Optional<List<DnsRecord.Txt>> found =
                look.records(sheet, LABEL + domain, RecordType.TXT, DnsRecord.Txt.class);
        if (found.isEmpty()) return;
        List<String> broken = Quotes.brokenBeginning(found.get(), "v=DMARC1");
        broken.forEach(it -> Quotes.tell(sheet, it));
        List<String> meant = texts(found.get());
        sheet.there(meant);
        sheet.there(broken);
        if (meant.size() > 1) {
            sheet.wrong(Mistake.SEVERAL_RECORDS, "several records count as none: leave only one");
            strictest(meant).ifPresent(sheet::should);
        } else if (meant.size() == 1) {
            one(sheet, look, domain, meant.getFirst());
        } else if (broken.isEmpty()) {
            inherited(sheet, look, domain);
        } else {
            strictest(broken.stream().map(Quotes::removed).toList()).ifPresent(sheet::should);
        }
    }

    /** Of records without faults the one that its owner went furthest with, as it is. */
    private static Optional<String> strictest(List<String> records) {
        return records.stream()
                .filter(
                        it ->
                                DmarcRecord.tryParse(it)
                                        .filter(record -> record.faults().isEmpty())
                                        .isPresent())
                .max(Comparator.comparing(it -> DmarcRecord.parse(it).forDomain()));
    }

    private static List<String> texts(List<DnsRecord.Txt> records) {
        return records.stream()
                .map(DnsRecord.Txt::text)
                .filter(it -> DmarcRecord.tryParse(it).isPresent())
                .toList();
    }

    private void one(Sheet sheet, Look look, Domain domain, String text) {
        if (Quotes.areIn(text)) {
            Quotes.tell(sheet, text);
            sheet.should(Quotes.removed(text));
            return;
        }
        DmarcRecord record = DmarcRecord.parse(text);
        record.faults().forEach(it -> sheet.wrong(Mistake.SYNTAX, it));
        if (record.policy().isEmpty()) {
            sheet.wrong(Mistake.SYNTAX, "without a policy (p=) and without rua= it says nothing");
        } else if (record.faults().isEmpty()) {
            sheet.should(text); // It is the owner's choice.
        }
        if (record.reporting().aggregate().isEmpty()) {
            sheet.note(Mistake.NO_REPORTS, "nobody gets reports: add rua=mailto:...");
        }
        for (ReportUri uri : record.reporting().aggregate()) {
            destination(sheet, look, domain, uri);
        }
    }

    private void destination(Sheet sheet, Look look, Domain domain, ReportUri uri) {
        ReportDestinations destinations =
                new ReportDestinations(look.resolver(), Discovery.TREE_WALK, suffixes);
        switch (destinations.check(
                domain, uri, ReportDestinations.Kind.AGGREGATE, look.deadlineNanos())) {
            case ReportDestinations.Verdict.Allowed _ -> {}
            case ReportDestinations.Verdict.Unknown(String reason) ->
                    sheet.unknown("permission for " + uri.uri() + ": " + reason);
            case ReportDestinations.Verdict.Refused(String reason) -> {
                sheet.wrong(
                        Mistake.REPORTS_NOT_PERMITTED,
                        "no reports come to " + uri.uri() + ": " + reason);
                uri.host()
                        .ifPresent(
                                it ->
                                        sheet.paste(
                                                "%s._report._dmarc.%s. 3600 IN TXT \"v=DMARC1\""
                                                        .formatted(domain, it)));
            }
        }
    }

    /** RFC 9989 section 4.10: the record of a domain above it counts where there is none. */
    private void inherited(Sheet sheet, Look look, Domain domain) {
        Optional<Domain> at = domain.parent();
        while (at.isPresent() && !suffixes.isSuffix(at.get())) {
            Optional<DnsName> name = DnsName.tryParse(LABEL + at.get());
            if (name.isEmpty()) break;
            Optional<List<DnsRecord.Txt>> found =
                    look.records(sheet, name.get().text(), RecordType.TXT, DnsRecord.Txt.class);
            if (found.isEmpty()) return;
            if (texts(found.get()).size() == 1) {
                sheet.there(texts(found.get()));
                sheet.note(Mistake.INHERITED, "the record of " + at.get() + " counts for it");
                return;
            }
            at = at.get().parent();
        }
        sheet.missing(Mistake.NO_RECORD, "neither the domain nor one above it has a record");
    }
}
