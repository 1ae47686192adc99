package mansio.serve.dnspublish;

import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.serve.dnshelp.AdvisedRecord;
import mansio.serve.dnshelp.Mailing;
import mansio.trust.dkim.KeyMaterial;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.List;

/** Records of the types that are published, from advice and to lines of a zone file. */
public final class ZoneText {
    private ZoneText() {}

    /** A line of a zone file (RFC 1035 section 5.1). */
    public static String line(DnsRecord record) {
        return "%s. %d IN %s %s"
                .formatted(record.name(), record.ttlSeconds(), type(record), data(record));
    }

    /** Its data alone: two records of a name and type are the same when these are. */
    static String data(DnsRecord record) {
        return switch (record) {
            case DnsRecord.A a -> Mailing.text(a.address());
            case DnsRecord.Aaaa aaaa -> Mailing.text(aaaa.address());
            case DnsRecord.Mx mx -> mx.preference() + " " + name(mx.exchange());
            case DnsRecord.Srv srv ->
                    "%d %d %d %s"
                            .formatted(
                                    srv.service().priority(),
                                    srv.service().weight(),
                                    srv.service().port(),
                                    name(srv.service().target()));
            case DnsRecord.Txt txt ->
                    String.join(" ", txt.strings().stream().map(ZoneText::quoted).toList());
            default -> record.toString();
        };
    }

    private static RecordType type(DnsRecord record) {
        return switch (record) {
            case DnsRecord.A _ -> RecordType.A;
            case DnsRecord.Aaaa _ -> RecordType.AAAA;
            case DnsRecord.Mx _ -> RecordType.MX;
            case DnsRecord.Srv _ -> RecordType.SRV;
            case DnsRecord.Txt _ -> RecordType.TXT;
            default -> throw new IllegalArgumentException("not published: " + record);
        };
    }

    private static String name(DnsName name) {
        return name.isRoot() ? "." : name + ".";
    }

    private static String quoted(String string) {
        StringBuilder out = new StringBuilder(string.length() + 2).append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            if (c == '"' || c == '\\') out.append('\\').append(c);
            else if (c >= ' ' && c < 0x7f) out.append(c);
            else out.append("\\%03d".formatted((int) c));
        }
        return out.append('"').toString();
    }

    /**
     * What is advised, with a value and a TTL.
     *
     * @param value as in {@link AdvisedRecord#value}
     */
    static DnsRecord record(AdvisedRecord advised, String value, int ttl) {
        DnsName name = DnsName.parse(advised.name());
        String[] words = value.split(" ");
        return switch (advised.type()) {
            case "A" -> new DnsRecord.A(name, ttl, (Inet4Address) InetAddress.ofLiteral(value));
            case "AAAA" ->
                    new DnsRecord.Aaaa(name, ttl, (Inet6Address) InetAddress.ofLiteral(value));
            case "MX" ->
                    new DnsRecord.Mx(
                            name, ttl, Integer.parseInt(words[0]), DnsName.parse(words[1]));
            case "SRV" ->
                    new DnsRecord.Srv(
                            name,
                            ttl,
                            new DnsRecord.Srv.Service(
                                    Integer.parseInt(words[0]),
                                    Integer.parseInt(words[1]),
                                    Integer.parseInt(words[2]),
                                    DnsName.parse(words[3])));
            case "TXT" ->
                    new DnsRecord.Txt(
                            name, ttl, value.isEmpty() ? List.of("") : KeyMaterial.strings(value));
            default -> throw new IllegalArgumentException("not published: " + advised);
        };
    }
}
