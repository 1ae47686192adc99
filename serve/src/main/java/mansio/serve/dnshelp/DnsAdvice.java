package mansio.serve.dnshelp;

import mansio.codec.text.Domain;
import mansio.net.dns.DnsName;
import mansio.serve.dnshelp.AdvisedRecord.Weight;
import mansio.state.dkimkey.DkimKey;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * The records for a server and for its domains: pure functions, so that what is printed and what is
 * compared with the DNS is the same.
 */
public final class DnsAdvice {
    private static final int TTL = 3_600;
    private static final int PREFERENCE = 10;

    /** In front of the reason of a record that is not to be published yet. */
    public static final String LATER = "for later, not to be published yet: ";

    private DnsAdvice() {}

    /** What of a domain decides on its records. */
    public record Subject(Domain domain, List<DkimKey> keys, Mailing mailing) {
        public Subject {
            keys = List.copyOf(keys);
        }
    }

    /** The server's own records. */
    public static List<AdvisedRecord> host(Presence server) {
        List<AdvisedRecord> all = new ArrayList<>();
        String name = server.hostname().text();
        for (InetAddress address : server.addresses()) {
            boolean four = address.getAddress().length == 4;
            all.add(
                    needed(
                            name,
                            four ? "A" : "AAAA",
                            Mailing.text(address),
                            "the address of this server, where its names lead"));
        }
        for (InetAddress address : server.addresses()) {
            all.add(
                    new AdvisedRecord(
                            DnsName.reverse(address).text(),
                            "PTR",
                            name,
                            TTL,
                            "ask the provider of "
                                    + Mailing.text(address)
                                    + " to set its reverse name to "
                                    + name
                                    + "; large receivers refuse mail from addresses without one",
                            Weight.PROVIDER));
        }
        all.add(
                needed(
                        name,
                        "TXT",
                        "v=spf1 a -all",
                        "SPF for the name that this server says in HELO, which counts for reports"
                                + " of failed delivery"));
        all.add(
                new AdvisedRecord(
                        name,
                        "CAA",
                        "0 issue \"letsencrypt.org\"",
                        TTL,
                        "only this authority may issue certificates for the server; name the one"
                                + " that yours are from, or leave it out",
                        Weight.USEFUL));
        return all;
    }

    /** The records of a domain whose mail is taken and sent by the server. */
    public static List<AdvisedRecord> domain(Presence server, Subject subject) {
        String domain = subject.domain().text();
        String host = server.hostname().text();
        List<AdvisedRecord> all = new ArrayList<>();
        all.add(
                needed(
                        domain,
                        "MX",
                        PREFERENCE + " " + host,
                        "mail for the domain comes to this server"));
        all.add(spf(domain, subject.mailing()));
        for (DkimKey key : subject.keys()) {
            if (key.state().wantsRecord()) all.add(dkim(key));
        }
        all.add(
                needed(
                        "_dmarc." + domain,
                        "TXT",
                        "v=DMARC1; p=none; rua=mailto:dmarc-reports@" + domain,
                        "DMARC: receivers report to this server what passes and what does not, and"
                                + " refuse nothing yet (p=none); large ones want the record"));
        services(server, domain, all);
        later(host, domain, all);
        return all;
    }

    /**
     * Both, for all domains. Where a domain is called as the server itself, it has one SPF record:
     * two would be an error (RFC 7208 section 4.5).
     */
    public static List<AdvisedRecord> all(Presence server, List<Subject> subjects) {
        String host = server.hostname().text();
        boolean hostIsDomain =
                subjects.stream().anyMatch(it -> it.domain().equals(server.hostname()));
        List<AdvisedRecord> all = new ArrayList<>();
        for (AdvisedRecord it : host(server)) {
            boolean spf = it.type().equals("TXT") && it.name().equals(host);
            if (!spf || !hostIsDomain) all.add(it);
        }
        subjects.forEach(it -> all.addAll(domain(server, it)));
        return all;
    }

    private static AdvisedRecord spf(String domain, Mailing mailing) {
        StringBuilder value = new StringBuilder("v=spf1 mx");
        mailing.mechanisms().forEach(it -> value.append(' ').append(it));
        String why = "SPF: mail of the domain comes from this server and from nobody else";
        if (!mailing.mechanisms().isEmpty()) {
            why =
                    "SPF: mail of the domain comes from this server, by its routes, and from nobody"
                            + " else";
        }
        if (!mailing.unknown().isEmpty()) {
            why +=
                    "; add what %s asks for (include:...), which sends for you"
                            .formatted(String.join(", ", mailing.unknown()));
        }
        return needed(domain, "TXT", value.append(" -all").toString(), why);
    }

    private static AdvisedRecord dkim(DkimKey key) {
        String kind = "DKIM: the key " + key.algorithm().text();
        String why =
                switch (key.state()) {
                    case MADE -> kind + ", which signs when this record is seen";
                    case PUBLISHED -> kind + ", which takes over soon";
                    case ACTIVE -> kind + ", which signs";
                    case RETIRING, RETIRED ->
                            kind
                                    + ", which signs no more; it stays until "
                                    + key.life().until()
                                    + " for mail under way";
                };
        return needed(key.name().dnsName(), "TXT", key.record(), why);
    }

    /** How mail programs find the server (RFC 6186, RFC 8314 section 5.1). */
    private static void services(Presence server, String domain, List<AdvisedRecord> all) {
        for (String service : List.of("submissions", "submission", "imaps", "imap")) {
            Integer port = server.ports().get(service);
            if (port == null) continue;
            all.add(
                    new AdvisedRecord(
                            "_" + service + "._tcp." + domain,
                            "SRV",
                            "%d 1 %d %s"
                                    .formatted(
                                            service.endsWith("s") ? 0 : 10,
                                            port,
                                            server.hostname()),
                            TTL,
                            "mail programs find out by it where to "
                                    + (service.startsWith("imap") ? "read" : "send")
                                    + " mail",
                            Weight.USEFUL));
        }
    }

    private static void later(String host, String domain, List<AdvisedRecord> all) {
        all.add(
                later(
                        "_smtp._tls." + domain,
                        "TXT",
                        "v=TLSRPTv1; rua=mailto:postmaster@" + domain,
                        "asks for reports on TLS (RFC 8460), which are not read here"));
        all.add(
                later(
                        "_mta-sts." + domain,
                        "TXT",
                        "v=STSv1; id=1",
                        "says that there is a policy for TLS (RFC 8461), which is not served"
                                + " here"));
        all.add(
                later(
                        "mta-sts." + domain,
                        "CNAME",
                        host,
                        "where the policy for TLS would be served"));
        all.add(
                later(
                        "autoconfig." + domain,
                        "CNAME",
                        host,
                        "where Thunderbird and others ask for settings, which are not served"
                                + " here"));
        all.add(
                later(
                        "_autodiscover._tcp." + domain,
                        "SRV",
                        "0 1 443 " + host,
                        "where Outlook asks for settings, which are not served here"));
    }

    private static AdvisedRecord needed(String name, String type, String value, String why) {
        return new AdvisedRecord(name, type, value, TTL, why, Weight.NEEDED);
    }

    private static AdvisedRecord later(String name, String type, String value, String what) {
        return new AdvisedRecord(name, type, value, TTL, LATER + what, Weight.LATER);
    }
}
