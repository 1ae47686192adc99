package mansio.serve.dnscheck;

import mansio.codec.text.Domain;
import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.serve.dnshelp.AdvisedRecord;
import mansio.serve.dnshelp.AdvisedRecord.Weight;
import mansio.serve.dnshelp.Presence;
import mansio.trust.psl.PublicSuffixes;
import mansio.trust.spf.SpfRecord;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Compares all that should be there with what one look at the DNS shows. The same records give the
 * same items in the same order, whatever is found. Safe for use by any thread.
 */
final class Survey {
    private final Presence server;
    private final List<AdvisedRecord> wanted;
    private final DmarcJudge dmarc;
    private final HostJudge.Names names;

    Survey(Presence server, List<AdvisedRecord> wanted, PublicSuffixes suffixes) {
        this.server = server;
        this.wanted = List.copyOf(wanted);
        dmarc = new DmarcJudge(suffixes);
        Domain host = server.hostname();
        names = new HostJudge.Names(host, suffixes.organizational(host).orElse(host));
    }

    List<Item> with(Look look) {
        List<Item> items = new ArrayList<>();
        Sheet ehlo = new Sheet(server.hostname().text(), "EHLO", "");
        HostJudge.ehlo(ehlo, look, server);
        items.add(ehlo.item());
        for (AdvisedRecord record : wanted) {
            Sheet sheet = new Sheet(record);
            judge(sheet, look, record);
            items.add(sheet.item());
        }
        return items;
    }

    private void judge(Sheet sheet, Look look, AdvisedRecord record) {
        if (record.weight() == Weight.LATER) {
            later(sheet, look, record);
            return;
        }
        switch (record.type()) {
            case "A", "AAAA" ->
                    HostJudge.address(
                            sheet, look, record.name(), InetAddress.ofLiteral(record.value()));
            case "PTR" -> reverse(sheet, look, record);
            case "MX" -> MxJudge.judge(sheet, look, record.name(), server);
            case "SRV" -> service(sheet, look, record);
            case "CAA" -> authority(sheet, look, record);
            default -> text(sheet, look, record);
        }
    }

    private void text(Sheet sheet, Look look, AdvisedRecord record) {
        Optional<Domain> domain =
                record.name().startsWith(DmarcJudge.LABEL)
                        ? Domain.tryParse(record.name().substring(DmarcJudge.LABEL.length()))
                        : Optional.empty();
        if (domain.isPresent()) {
            dmarc.judge(sheet, look, domain.get());
        } else if (KeyJudge.isFor(record.name())) {
            KeyJudge.judge(sheet, look, record.name(), record.value());
        } else if (SpfRecord.isMeant(record.value())) {
            SpfJudge.judge(
                    sheet,
                    look,
                    new SpfJudge.SpfTask(DnsName.parse(record.name()), record.value(), server));
        } else {
            throw new IllegalArgumentException("no such text is advised: " + record);
        }
    }

    private void reverse(Sheet sheet, Look look, AdvisedRecord record) {
        for (InetAddress address : server.addresses()) {
            if (DnsName.reverse(address).text().equals(record.name())) {
                HostJudge.reverse(sheet, look, address, names);
            }
        }
    }

    private static void service(Sheet sheet, Look look, AdvisedRecord record) {
        Optional<List<DnsRecord.Srv>> found =
                look.records(sheet, record.name(), RecordType.SRV, DnsRecord.Srv.class);
        if (found.isEmpty()) return;
        List<String> there =
                found.get().stream()
                        .map(DnsRecord.Srv::service)
                        .map(
                                it ->
                                        "%d %d %d %s"
                                                .formatted(
                                                        it.priority(),
                                                        it.weight(),
                                                        it.port(),
                                                        it.target()))
                        .toList();
        sheet.there(there);
        String place = place(record.value());
        if (there.isEmpty()) {
            sheet.missing(Mistake.NO_RECORD, "mail programs do not find the service by it");
        } else if (there.stream().noneMatch(it -> place(it).equals(place))) {
            sheet.wrong(Mistake.OTHER_SERVICE, "it leads mail programs to another place");
        }
    }

    /** Port and host: the numbers before them are the owner's choice. */
    private static String place(String service) {
        return service.substring(service.indexOf(' ', service.indexOf(' ') + 1) + 1);
    }

    private static void authority(Sheet sheet, Look look, AdvisedRecord record) {
        Optional<List<DnsRecord.Caa>> found =
                look.records(sheet, record.name(), RecordType.CAA, DnsRecord.Caa.class);
        if (found.isEmpty()) return;
        sheet.there(
                found.get().stream()
                        .map(it -> "%d %s \"%s\"".formatted(it.flags(), it.tag(), it.value()))
                        .toList());
        if (found.get().isEmpty()) {
            sheet.missing(Mistake.NO_RECORD, "any authority may issue certificates for the name");
        }
    }

    /** What is not served here is rather not there; it may be served elsewhere. */
    private static void later(Sheet sheet, Look look, AdvisedRecord record) {
        RecordType type = RecordType.valueOf(record.type().toUpperCase(Locale.ROOT));
        if (look.ask(record.name(), type) instanceof Answer.Found) {
            sheet.note(
                    Mistake.NOT_SERVED_HERE, "it is published, and this server does not serve it");
        }
    }
}
