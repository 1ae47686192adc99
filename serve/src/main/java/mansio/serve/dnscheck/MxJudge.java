package mansio.serve.dnscheck;

import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.serve.dnshelp.Presence;

import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Where mail for a domain goes (RFC 5321 section 5.1). */
final class MxJudge {
    /** Hosts of one domain that are looked at. */
    private static final int MAX_HOSTS = 10;

    private MxJudge() {}

    static void judge(Sheet sheet, Look look, String domain, Presence server) {
        look.alias(domain)
                .ifPresent(
                        it ->
                                sheet.wrong(
                                        Mistake.ALIAS_AT_DOMAIN,
                                        domain
                                                + " is an alias (CNAME) of "
                                                + it
                                                + ": a domain of mail has records of its own"));
        Optional<List<DnsRecord.Mx>> found =
                look.records(sheet, domain, RecordType.MX, DnsRecord.Mx.class);
        if (found.isEmpty()) return;
        List<DnsRecord.Mx> all =
                found.get().stream()
                        .sorted(Comparator.comparingInt(DnsRecord.Mx::preference))
                        .toList();
        sheet.there(all.stream().map(it -> it.preference() + " " + it.exchange()).toList());
        if (all.isEmpty()) {
            sheet.missing(
                    Mistake.SENDER_WITHOUT_MX,
                    "the domain has no MX record: mail does not come here, and receivers refuse"
                            + " senders that cannot be answered");
            return;
        }
        List<DnsName> hosts = all.stream().map(DnsRecord.Mx::exchange).distinct().toList();
        if (hosts.stream().anyMatch(DnsName::isRoot)) {
            sheet.wrong(
                    Mistake.PARKED,
                    "the record says that the domain takes no mail (RFC 7505), as for a parked"
                            + " one");
            if (hosts.size() == 1) return;
        }
        DnsName own = DnsName.of(server.hostname());
        boolean here = hosts.contains(own);
        boolean sure = true;
        for (DnsName host : hosts.stream().filter(it -> !it.isRoot()).limit(MAX_HOSTS).toList()) {
            Optional<List<InetAddress>> addresses = host(sheet, look, host);
            // Under another name it is this server all the same.
            here |= addresses.filter(it -> areOurs(it, look, server)).isPresent();
            sure &= addresses.isPresent();
        }
        if (!here && sure) {
            sheet.wrong(Mistake.MX_ELSEWHERE, "mail goes elsewhere and never to " + own);
        }
    }

    private static boolean areOurs(List<InetAddress> addresses, Look look, Presence server) {
        List<InetAddress> ours =
                server.addresses().isEmpty()
                        ? look.addresses(server.hostname().text()).orElse(List.of())
                        : server.addresses();
        return addresses.stream().anyMatch(ours::contains);
    }

    /** Its addresses; empty when they cannot be told. */
    private static Optional<List<InetAddress>> host(Sheet sheet, Look look, DnsName host) {
        if (isAddress(host.text())) {
            sheet.wrong(
                    Mistake.MX_IS_ADDRESS,
                    "an MX record names a host, and " + host + " is an address");
            return Optional.of(List.of());
        }
        Optional<DnsName> alias = look.alias(host.text());
        if (alias.isPresent()) {
            sheet.wrong(
                    Mistake.MX_IS_ALIAS,
                    host
                            + " is an alias (CNAME) of "
                            + alias.get()
                            + ": the MX record must name a host itself (RFC 2181 section 10.3)");
        }
        Optional<List<InetAddress>> addresses = look.addresses(host.text());
        if (addresses.isEmpty()) {
            sheet.unknown("addresses of " + host + " cannot be asked");
        } else if (addresses.get().isEmpty()) {
            sheet.wrong(Mistake.MX_DOES_NOT_RESOLVE, host + " has no address");
        }
        return addresses;
    }

    static boolean isAddress(String host) {
        return host.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}") || host.contains(":");
    }
}
