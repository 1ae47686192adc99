package mansio.serve.dnscheck;

import mansio.codec.text.Domain;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.serve.dnshelp.Mailing;
import mansio.serve.dnshelp.Presence;
import mansio.trust.iprev.Iprev;
import mansio.trust.iprev.IprevResult;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The server's name, its addresses, and whether each leads to the other. */
final class HostJudge {
    /** The last labels of names that only a private network has. */
    private static final Set<String> PRIVATE =
            Set.of(
                    "alt",
                    "corp",
                    "home",
                    "internal",
                    "intranet",
                    "invalid",
                    "lan",
                    "local",
                    "localdomain",
                    "localhost",
                    "onion",
                    "private");

    private HostJudge() {}

    /** A or AAAA of the server's name. */
    static void address(Sheet sheet, Look look, String name, InetAddress wanted) {
        RecordType type = wanted.getAddress().length == 4 ? RecordType.A : RecordType.AAAA;
        Optional<List<DnsRecord>> found = look.records(sheet, name, type, DnsRecord.class);
        if (found.isEmpty()) return;
        List<InetAddress> there = found.get().stream().map(HostJudge::address).toList();
        sheet.there(there.stream().map(Mailing::text).toList());
        if (there.isEmpty()) {
            sheet.missing(Mistake.NO_RECORD, name + " does not lead to this address");
        } else if (!there.contains(wanted)) {
            sheet.wrong(Mistake.OTHER_ADDRESS, name + " leads to another address");
        }
    }

    private static InetAddress address(DnsRecord record) {
        return switch (record) {
            case DnsRecord.A a -> a.address();
            case DnsRecord.Aaaa aaaa -> aaaa.address();
            default -> throw new IllegalArgumentException(record.toString());
        };
    }

    /** How the server is called, and whose it is. */
    record Names(Domain host, Domain organization) {}

    /** The reverse name of an address. */
    static void reverse(Sheet sheet, Look look, InetAddress address, Names own) {
        Domain host = own.host();
        String reverse = DnsName.reverse(address).text();
        Optional<List<DnsRecord.Ptr>> found =
                look.records(sheet, reverse, RecordType.PTR, DnsRecord.Ptr.class);
        if (found.isEmpty()) return;
        List<DnsName> names = found.get().stream().map(DnsRecord.Ptr::target).toList();
        sheet.there(names.stream().map(DnsName::text).toList());
        String text = Mailing.text(address);
        sheet.paste(
                "To the provider of %s: please set the reverse name (PTR) to %s"
                        .formatted(text, host));
        if (names.isEmpty()) {
            boolean six = address.getAddress().length != 4;
            sheet.missing(
                    six ? Mistake.IPV6_WITHOUT_REVERSE_NAME : Mistake.NO_REVERSE_NAME,
                    text
                            + " has no reverse name; large receivers refuse it"
                            + (six ? ", or send by IPv4 only" : ""));
            return;
        }
        if (!names.contains(DnsName.of(host))) {
            sheet.wrong(
                    Mistake.REVERSE_NAME_DIFFERS,
                    "the reverse name is not the one said in EHLO, " + host);
        }
        names.stream()
                .filter(it -> DynamicName.looksSo(it.text(), own.organization(), address))
                .forEach(
                        it ->
                                sheet.wrong(
                                        Mistake.DYNAMIC_NAME,
                                        it + " looks like a customer's line, which many refuse"));
    }

    /** The name said in EHLO (RFC 5321 section 4.1.4). */
    static void ehlo(Sheet sheet, Look look, Presence server) {
        String name = server.hostname().text();
        String last = name.substring(name.lastIndexOf('.') + 1);
        if (!name.contains(".")) {
            sheet.wrong(
                    Mistake.EHLO_UNQUALIFIED,
                    name + " is no full name: set hostname in the configuration");
            return;
        }
        if (PRIVATE.contains(last)) {
            sheet.wrong(
                    Mistake.EHLO_FOREIGN,
                    "." + last + " is for private networks: set hostname in the configuration");
            return;
        }
        Optional<DnsName> alias = look.alias(name);
        alias.ifPresent(
                it ->
                        sheet.wrong(
                                Mistake.EHLO_IS_ALIAS,
                                name + " is an alias (CNAME) of " + it + ": give it addresses"));
        Optional<List<InetAddress>> found = look.addresses(name);
        if (found.isEmpty()) {
            sheet.unknown("addresses of " + name + " cannot be asked");
            return;
        }
        List<InetAddress> there = found.get();
        sheet.there(there.stream().map(Mailing::text).toList());
        if (there.isEmpty()) {
            sheet.wrong(Mistake.EHLO_CHAIN_BROKEN, name + " has no address");
        } else if (server.addresses().isEmpty()) {
            sheet.unknown("this server's public address is not known here: say it with --ip");
        } else if (server.addresses().stream().noneMatch(there::contains)) {
            sheet.wrong(
                    Mistake.EHLO_FOREIGN,
                    name
                            + " leads to another host: give it this server's address, or set"
                            + " hostname to a name that leads here");
        } else {
            chain(sheet, look, server);
            for (InetAddress other : there) {
                if (server.addresses().contains(other)) continue;
                sheet.note(
                        Mistake.OTHER_ADDRESS,
                        name
                                + " leads also to "
                                + Mailing.text(other)
                                + ", which is no address of this server as far as is known here");
            }
        }
    }

    /** EHLO name, reverse name and address, from each address there and back (RFC 8601 3). */
    private static void chain(Sheet sheet, Look look, Presence server) {
        Iprev iprev = new Iprev(look.resolver());
        DnsName name = DnsName.of(server.hostname());
        for (InetAddress address : server.addresses()) {
            IprevResult result = iprev.check(address, look.deadlineNanos());
            String text = Mailing.text(address);
            switch (result.result()) {
                case TEMPERROR -> sheet.unknown(text + ": " + result.reason());
                case PERMERROR, FAIL ->
                        sheet.wrong(Mistake.EHLO_CHAIN_BROKEN, text + ": " + result.reason());
                case PASS -> {
                    if (!result.names().contains(name)) {
                        sheet.wrong(
                                Mistake.EHLO_CHAIN_BROKEN,
                                text + " is called " + result.names().getFirst() + ", not " + name);
                    }
                }
            }
        }
    }
}
