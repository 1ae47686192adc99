package mansio.serve.dnscheck;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Domain;
import mansio.net.dial.Dialer;
import mansio.net.dns.DnsName;
import mansio.net.dns.Resolver;
import mansio.serve.dnscheck.DnsCheck.Expected;
import mansio.serve.dnscheck.DnsCheck.Probe;
import mansio.serve.dnscheck.DnsCheck.World;
import mansio.serve.dnshelp.AdvisedRecord;
import mansio.serve.dnshelp.DnsAdvice;
import mansio.serve.dnshelp.Mailing;
import mansio.serve.dnshelp.Presence;
import mansio.serve.dnshelp.RecordFormat;
import mansio.state.dkimkey.DkimKey;
import mansio.state.dkimkey.KeyAlgorithm;
import mansio.state.dkimkey.KeyName;
import mansio.state.dkimkey.KeyState;
import mansio.testkit.dns.Behaviour;
import mansio.testkit.dns.FakeDns;
import mansio.testkit.time.FakeTime;
import mansio.trust.dkim.KeyMaterial;
import mansio.trust.dkim.SignatureAlgorithm;
import mansio.trust.dnsbl.BlockList;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.net.ConnectException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Each mistake that people make with these records, told by its name, and what is to be pasted. */
class DnsCheckTest {
    private static final Domain OWN = Domain.parse("example.org");
    private static final KeyMaterial RSA = KeyMaterial.generate(SignatureAlgorithm.RSA_SHA256);
    private static final String OTHER_KEY =
            KeyMaterial.generate(SignatureAlgorithm.RSA_SHA256).record();
    private static final InetAddress IP4 = InetAddress.ofLiteral("192.0.2.25");
    private static final InetAddress IP6 = InetAddress.ofLiteral("2001:db8::25");
    private static final String REVERSE6 = DnsName.reverse(IP6) + ".";
    private static final Presence SERVER = server("mail.example.org");
    private static final Dialer NO_WAY =
            (_, _) -> {
                throw new ConnectException("timed out");
            };

    private static final String KEY_AT = "now._domainkey.example.org";
    private static final String SPF = "example.org. TXT \"v=spf1 mx -all\"";
    private static final String MX = "example.org. MX 10 mail.example.org.";
    private static final String DMARC =
            "_dmarc.example.org. TXT \"v=DMARC1; p=none; rua=mailto:postmaster@example.org\"";
    private static final String KEY = txt(KEY_AT, RSA.record());
    private static final String PTR4 = "25.2.0.192.in-addr.arpa. PTR mail.example.org.";
    private static final String PTR6 = REVERSE6 + " PTR mail.example.org.";
    private static final String GOOD =
            String.join(
                    "\n",
                    "mail.example.org. A 192.0.2.25",
                    "mail.example.org. AAAA 2001:db8::25",
                    "mail.example.org. TXT \"v=spf1 a -all\"",
                    SPF,
                    MX,
                    DMARC,
                    KEY,
                    PTR4,
                    PTR6,
                    "");

    private static Presence server(String hostname) {
        return new Presence(Domain.parse(hostname), List.of(IP4, IP6), Map.of("imaps", 993));
    }

    private static List<AdvisedRecord> advice(Presence server, Mailing mailing) {
        DkimKey key =
                new DkimKey(
                        new KeyName(OWN, "now"),
                        KeyAlgorithm.RSA_2048,
                        RSA.record(),
                        List.of(),
                        Optional.empty(),
                        new DkimKey.Life(
                                KeyState.ACTIVE,
                                Instant.EPOCH,
                                Instant.EPOCH,
                                Duration.ZERO,
                                DkimKey.Pace.PATIENT));
        return DnsAdvice.all(server, List.of(new DnsAdvice.Subject(OWN, List.of(key), mailing)));
    }

    /** A record of strings as long as they may be. */
    private static String txt(String name, String text) {
        List<String> strings = KeyMaterial.strings(text);
        return name
                + ". TXT "
                + String.join(
                        " ",
                        strings.stream()
                                .map(
                                        it ->
                                                '"'
                                                        + it.replace("\\", "\\\\")
                                                                .replace("\"", "\\\"")
                                                        + '"')
                                .toList());
    }

    private static List<Item> check(String zone) {
        return check(SERVER, FakeDns.of(zone));
    }

    private static List<Item> check(Presence server, FakeDns dns) {
        return check(
                new Expected(server, advice(server, Mailing.DIRECT), List.of(), Optional.empty()),
                dns,
                dns);
    }

    private static List<Item> check(Expected expected, Resolver resolver, Resolver authority) {
        return new DnsCheck(new World(resolver, authority, NO_WAY, new FakeTime())).of(expected);
    }

    private static Item item(List<Item> items, String name, String type) {
        return items.stream()
                .filter(it -> it.name().equals(name) && it.type().equals(type))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void allIsGood() {
        List<Item> items = check(GOOD);
        assertThat(items)
                .allSatisfy(
                        it ->
                                assertThat(it.verdict())
                                        .as("%s", it)
                                        .isIn(Verdict.GOOD, Verdict.OPTIONAL));
        assertThat(items)
                .filteredOn(it -> it.verdict() == Verdict.OPTIONAL)
                .extracting(Item::type)
                .containsExactlyInAnyOrder("CAA", "SRV", "LISTS", "PORT 25");
    }

    @Test
    void whatIsForLaterIsToldOnlyWhenItIsThere() {
        assertThat(check(GOOD)).noneMatch(it -> it.name().startsWith("_mta-sts."));
        List<Item> items = check(GOOD + "_mta-sts.example.org. TXT \"v=STSv1; id=1\"");
        Item item = item(items, "_mta-sts.example.org", "TXT");
        assertThat(item.has(Mistake.NOT_SERVED_HERE)).isTrue();
        assertThat(item.verdict()).isEqualTo(Verdict.GOOD);
    }

    /** What is printed to be published is all that is needed. */
    @Test
    void thePrintedZoneIsGood() {
        String zone = String.join("\n", RecordFormat.BIND.lines(advice(SERVER, Mailing.DIRECT)));
        List<Item> items = check(zone + "\n" + PTR4 + "\n" + PTR6);
        assertThat(DnsCheck.verdict(items)).isIn(Verdict.GOOD, Verdict.OPTIONAL);
    }

    /** One line of the good zone, what stands in its place, and what is said of which record. */
    record Row(
            String instead,
            String with,
            String name,
            String type,
            Mistake mistake,
            Verdict verdict) {
        @Override
        public String toString() {
            return mistake + ": " + with;
        }
    }

    private static Row spf(String text, Mistake mistake, Verdict verdict) {
        return new Row(
                SPF, "example.org. TXT \"" + text + "\"", "example.org", "TXT", mistake, verdict);
    }

    private static Row key(String record, Mistake mistake) {
        return new Row(KEY, record, KEY_AT, "TXT", mistake, Verdict.WRONG);
    }

    private static Row mx(String records, Mistake mistake, Verdict verdict) {
        return new Row(MX, records, "example.org", "MX", mistake, verdict);
    }

    private static Row dmarc(String records, Mistake mistake, Verdict verdict) {
        return new Row(DMARC, records, "_dmarc.example.org", "TXT", mistake, verdict);
    }

    static Stream<Row> rows() {
        List<Row> all = new ArrayList<>();
        all.addAll(spfRows());
        all.addAll(keyRows());
        all.addAll(mxRows());
        all.addAll(dmarcRows());
        all.addAll(hostRows());
        return all.stream();
    }

    private static List<Row> spfRows() {
        StringBuilder many = new StringBuilder("v=spf1 mx");
        StringBuilder zones = new StringBuilder();
        for (int i = 0; i < 10; i++) {
            many.append(" include:s").append(i).append(".example.net");
            zones.append("\ns")
                    .append(i)
                    .append(".example.net. TXT \"v=spf1 ip4:192.0.2.77 -all\"");
        }
        return List.of(
                new Row(SPF, "", "example.org", "TXT", Mistake.NO_RECORD, Verdict.MISSING),
                new Row(
                        SPF,
                        SPF + "\nexample.org. TXT \"v=spf1 include:s1.example.net ~all\"",
                        "example.org",
                        "TXT",
                        Mistake.SEVERAL_RECORDS,
                        Verdict.WRONG),
                new Row(
                        SPF,
                        "example.org. TXT \"" + many + " -all\"" + zones,
                        "example.org",
                        "TXT",
                        Mistake.TOO_MANY_LOOKUPS,
                        Verdict.WRONG),
                spf("v=spf1 mx +all", Mistake.PASS_ALL, Verdict.WRONG),
                spf("v=spf1 mx all", Mistake.PASS_ALL, Verdict.WRONG),
                spf("v=spf1 mx ?all", Mistake.SPF_ADVICE, Verdict.GOOD),
                spf("v=spf1 -all", Mistake.PARKED, Verdict.WRONG),
                spf("v=spf1 ip4:198.51.100.1 ~all", Mistake.SPF_WITHOUT_US, Verdict.WRONG),
                spf("v=spf1 mx inlcude:s1.example.net -all", Mistake.SYNTAX, Verdict.WRONG),
                spf(
                        "v=spf1 mx include:gone.example.net -all",
                        Mistake.BROKEN_INCLUDE,
                        Verdict.WRONG),
                spf("\\\"v=spf1 mx -all\\\"", Mistake.BROKEN_QUOTES, Verdict.WRONG),
                spf(" v=spf1 mx -all", Mistake.BROKEN_QUOTES, Verdict.WRONG),
                new Row(
                        SPF,
                        SPF + "\nexample.org. SPF \"v=spf1 mx -all\"",
                        "example.org",
                        "TXT",
                        Mistake.TYPE_SPF,
                        Verdict.GOOD));
    }

    private static List<Row> keyRows() {
        String record = RSA.record();
        List<String> strings = KeyMaterial.strings(record);
        String spaced = record.substring(0, 200) + " " + record.substring(200);
        return List.of(
                new Row(KEY, "", KEY_AT, "TXT", Mistake.NO_RECORD, Verdict.MISSING),
                key(txt(KEY_AT, OTHER_KEY), Mistake.KEY_MISMATCH),
                key(txt(KEY_AT, "v=DKIM1; k=rsa; p="), Mistake.KEY_REVOKED),
                key(txt(KEY_AT, record + "; t=y"), Mistake.KEY_TESTING),
                key(txt(KEY_AT, spaced), Mistake.KEY_WITH_SPACES),
                key(txt(KEY_AT, strings.getFirst()), Mistake.PART_MISSING),
                key(txt(KEY_AT, strings.getLast()), Mistake.PART_MISSING),
                key(
                        txt(KEY_AT, strings.getFirst()) + "\n" + txt(KEY_AT, strings.getLast()),
                        Mistake.PARTS_AS_RECORDS),
                key(txt(KEY_AT, record) + "\n" + txt(KEY_AT, OTHER_KEY), Mistake.SEVERAL_RECORDS),
                key(txt(KEY_AT, '"' + record + '"'), Mistake.BROKEN_QUOTES),
                key(txt(KEY_AT, '"' + String.join("\" \"", strings) + '"'), Mistake.BROKEN_QUOTES),
                key(txt(KEY_AT, record.replace(";", "\\;")), Mistake.BROKEN_QUOTES),
                key(txt(KEY_AT, "hello"), Mistake.SYNTAX),
                key(txt(KEY_AT, record.replace("k=rsa", "k=rsa; h=sha1")), Mistake.SYNTAX),
                key("*.example.org. TXT \"parked\"", Mistake.WILDCARD));
    }

    private static List<Row> mxRows() {
        return List.of(
                mx("", Mistake.SENDER_WITHOUT_MX, Verdict.MISSING),
                mx(
                        "example.org. MX 10 mx.example.net.\nmx.example.net. A 192.0.2.9",
                        Mistake.MX_ELSEWHERE,
                        Verdict.WRONG),
                mx("example.org. MX 0 .", Mistake.PARKED, Verdict.WRONG),
                mx(MX + "\nexample.org. MX 20 192.0.2.25.", Mistake.MX_IS_ADDRESS, Verdict.WRONG),
                mx(
                        MX + "\nexample.org. MX 20 gone.example.org.",
                        Mistake.MX_DOES_NOT_RESOLVE,
                        Verdict.WRONG),
                mx(
                        MX
                                + "\n"
                                + "example.org. MX 20 mx.example.org.\n"
                                + "mx.example.org. CNAME mail.example.org.",
                        Mistake.MX_IS_ALIAS,
                        Verdict.WRONG));
    }

    private static List<Row> dmarcRows() {
        String own = "_dmarc.example.org. TXT ";
        return List.of(
                dmarc("", Mistake.NO_RECORD, Verdict.MISSING),
                dmarc(
                        DMARC + "\n" + own + "\"v=DMARC1; p=reject\"",
                        Mistake.SEVERAL_RECORDS,
                        Verdict.WRONG),
                dmarc(own + "\"v=DMARC1; p=reject\"", Mistake.NO_REPORTS, Verdict.GOOD),
                dmarc(
                        own + "\"v=DMARC1; p=rejekt; rua=mailto:a@example.org\"",
                        Mistake.SYNTAX,
                        Verdict.WRONG),
                dmarc(
                        own + "\"v=DMARC1; p=none; rua=mailto:a@reports.example.net\"",
                        Mistake.REPORTS_NOT_PERMITTED,
                        Verdict.WRONG),
                dmarc(own + "\"\\\"v=DMARC1; p=none\\\"\"", Mistake.BROKEN_QUOTES, Verdict.WRONG));
    }

    private static List<Row> hostRows() {
        String host = "mail.example.org";
        String reverse4 = "25.2.0.192.in-addr.arpa";
        String reverse6 = DnsName.reverse(IP6).text();
        return List.of(
                new Row(
                        "mail.example.org. A 192.0.2.25",
                        "",
                        host,
                        "A",
                        Mistake.NO_RECORD,
                        Verdict.MISSING),
                new Row(
                        "A 192.0.2.25",
                        "A 192.0.2.99",
                        host,
                        "A",
                        Mistake.OTHER_ADDRESS,
                        Verdict.WRONG),
                new Row(PTR4, "", reverse4, "PTR", Mistake.NO_REVERSE_NAME, Verdict.MISSING),
                new Row(
                        PTR6,
                        "",
                        reverse6,
                        "PTR",
                        Mistake.IPV6_WITHOUT_REVERSE_NAME,
                        Verdict.MISSING),
                new Row(
                        PTR4,
                        reverse4 + ". PTR other.example.net.",
                        reverse4,
                        "PTR",
                        Mistake.REVERSE_NAME_DIFFERS,
                        Verdict.WRONG),
                new Row(
                        PTR4,
                        reverse4 + ". PTR 192-0-2-25.isp.example.",
                        reverse4,
                        "PTR",
                        Mistake.DYNAMIC_NAME,
                        Verdict.WRONG),
                new Row(
                        PTR4,
                        reverse4 + ". PTR host7.dhcp.isp.example.",
                        reverse4,
                        "PTR",
                        Mistake.DYNAMIC_NAME,
                        Verdict.WRONG),
                new Row(PTR4, "", host, "EHLO", Mistake.EHLO_CHAIN_BROKEN, Verdict.WRONG),
                new Row(
                        PTR4,
                        reverse4 + ". PTR other.example.net.\nother.example.net. A 192.0.2.25",
                        host,
                        "EHLO",
                        Mistake.EHLO_CHAIN_BROKEN,
                        Verdict.WRONG),
                new Row(
                        PTR4,
                        PTR4 + "\nmail.example.org. A 192.0.2.99",
                        host,
                        "EHLO",
                        Mistake.OTHER_ADDRESS,
                        Verdict.GOOD));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aMistakeIsNamed(Row row) {
        assertThat(GOOD).contains(row.instead());
        Item item = item(check(GOOD.replace(row.instead(), row.with())), row.name(), row.type());
        assertThat(item.has(row.mistake())).as("%s", item).isTrue();
        assertThat(item.verdict()).as("%s", item).isEqualTo(row.verdict());
    }

    @Test
    void whatIsToBePasted() {
        String two =
                SPF
                        + "\nexample.org. TXT \"v=spf1 include:s1.example.net ~all\""
                        + "\ns1.example.net. TXT \"v=spf1 ip4:192.0.2.77 -all\"";
        Item spf = item(check(GOOD.replace(SPF, two)), "example.org", "TXT");
        assertThat(spf.there()).hasSize(2);
        assertThat(spf.paste())
                .containsExactly(
                        "example.org. 3600 IN TXT \"v=spf1 mx include:s1.example.net -all\"");
        Item key = item(check(GOOD.replace(KEY, "")), KEY_AT, "TXT");
        assertThat(key.should()).isEqualTo(RSA.record());
        assertThat(key.paste()).singleElement().asString().contains("\" \"").endsWith("\"");
        Item reverse = item(check(GOOD.replace(PTR4, "")), "25.2.0.192.in-addr.arpa", "PTR");
        assertThat(reverse.paste())
                .singleElement()
                .asString()
                .contains("192.0.2.25")
                .contains("mail.example.org");
        String elsewhere = "_dmarc.example.org. TXT \"v=DMARC1; p=none; rua=mailto:a@example.net\"";
        Item dmarc = item(check(GOOD.replace(DMARC, elsewhere)), "_dmarc.example.org", "TXT");
        assertThat(dmarc.paste())
                .containsExactly(
                        "example.org._report._dmarc.example.net. 3600 IN TXT \"v=DMARC1\"");
        String permission = "\nexample.org._report._dmarc.example.net. TXT \"v=DMARC1\"";
        dmarc =
                item(
                        check(GOOD.replace(DMARC, elsewhere + permission)),
                        "_dmarc.example.org",
                        "TXT");
        assertThat(dmarc.verdict()).isEqualTo(Verdict.GOOD);
    }

    /** What is set up well in another way than is advised. */
    @Test
    void nothingIsWrongWithOtherWays() {
        String host = "\nmx1.example.org. A 192.0.2.25\nmx1.example.org. AAAA 2001:db8::25";
        Map<String, String> ways =
                Map.of(
                        MX,
                        "example.org. MX 10 mx1.example.org." + host,
                        SPF,
                        "example.org. TXT \"google-site-verification=x\"\n"
                                + "example.org. TXT \"v=spf1 redirect=_spf.example.net\"\n"
                                + "_spf.example.net. TXT \"v=spf1 ip4:192.0.2.0/24"
                                + " ip6:2001:db8::/32 ~all\"",
                        DMARC,
                        DMARC + "\n_dmarc.example.org. TXT \"something else\"",
                        KEY,
                        KEY_AT
                                + ". CNAME key.provider.example.\n"
                                + txt("key.provider.example", RSA.record()),
                        PTR4,
                        PTR4.replace(
                                ".arpa. PTR",
                                ".arpa. CNAME 25.cust.isp.example.\n"
                                        + "25.cust.isp.example. PTR"));
        ways.forEach(
                (instead, with) -> {
                    List<Item> items = check(GOOD.replace(instead, with));
                    assertThat(items)
                            .as(with)
                            .allSatisfy(
                                    it ->
                                            assertThat(it.verdict())
                                                    .as("%s", it)
                                                    .isIn(Verdict.GOOD, Verdict.OPTIONAL));
                });
    }

    @Test
    void howTheOwnDomainIsCalledSaysNothingOfTheLine() {
        for (String own : List.of("mail.client-cable.org", "client-cable.org")) {
            String zone = GOOD.replace(PTR4, PTR4.replace("mail.example.org", own));
            Presence server = new Presence(Domain.parse(own), List.of(IP4), Map.of());
            Item item = item(check(server, FakeDns.of(zone)), "25.2.0.192.in-addr.arpa", "PTR");
            assertThat(item.verdict()).as(own).isEqualTo(Verdict.GOOD);
        }
        String provider = "host7.dhcp.isp.example";
        String zone = GOOD.replace(PTR4, PTR4.replace("mail.example.org", provider));
        Item item =
                item(check(server(provider), FakeDns.of(zone)), "25.2.0.192.in-addr.arpa", "PTR");
        assertThat(item.has(Mistake.DYNAMIC_NAME)).isTrue();
    }

    @Test
    void aDomainThatTakesNoMailIsToldOnce() {
        Item mx = item(check(GOOD.replace(MX, "example.org. MX 0 .")), "example.org", "MX");
        assertThat(mx.findings()).extracting(Item.Finding::mistake).containsExactly(Mistake.PARKED);
    }

    /** What was meant is kept where it can be read. */
    @Test
    void whatIsToBePastedKeepsWhatTheOwnerMeant() {
        String own = "_dmarc.example.org. TXT ";
        String reject = "v=DMARC1; p=reject; rua=mailto:postmaster@example.org";
        Item dmarc =
                item(
                        check(GOOD.replace(DMARC, DMARC + "\n" + own + '"' + reject + '"')),
                        "_dmarc.example.org",
                        "TXT");
        assertThat(dmarc.should()).isEqualTo(reject);
        String quoted = own + "\"\\\"" + reject + "\\\"\"";
        dmarc = item(check(GOOD.replace(DMARC, quoted)), "_dmarc.example.org", "TXT");
        assertThat(dmarc.should()).isEqualTo(reject);
        String wrong = "example.org. TXT \"v=spf1 mx ip4:198.51.100.7 inlcude:x.example ~all\"";
        Item spf = item(check(GOOD.replace(SPF, wrong)), "example.org", "TXT");
        assertThat(spf.should()).isEqualTo("v=spf1 mx ip4:198.51.100.7 ~all");
        wrong = "example.org. TXT \"\\\"v=spf1 ip4:198.51.100.7 ~all\\\"\"";
        spf = item(check(GOOD.replace(SPF, wrong)), "example.org", "TXT");
        assertThat(spf.should()).isEqualTo("v=spf1 mx ip4:198.51.100.7 ~all");
    }

    @Test
    void recordsOfSpfAreMerged() {
        assertThat(SpfJudge.merged(List.of(), "v=spf1 mx -all")).isEqualTo("v=spf1 mx -all");
        assertThat(SpfJudge.merged(List.of("v=spf1 +all"), "v=spf1 mx -all"))
                .isEqualTo("v=spf1 mx -all");
        assertThat(SpfJudge.merged(List.of("v=spf1 a  mx ~all"), "v=spf1 mx ip4:192.0.2.7 -all"))
                .isEqualTo("v=spf1 ip4:192.0.2.7 a mx ~all");
        assertThat(SpfJudge.merged(List.of("v=spf1 redirect=x.example"), "v=spf1 mx -all"))
                .isEqualTo("v=spf1 mx redirect=x.example");
    }

    @Test
    void aRelayMustBeIncluded() {
        Mailing relayed = new Mailing(List.of(), List.of(Domain.parse("smtp.sendgrid.net")));
        FakeDns dns = FakeDns.of(GOOD + "sendgrid.net. TXT \"v=spf1 ip4:192.0.2.77 -all\"");
        Item item =
                item(
                        check(
                                new Expected(
                                        SERVER,
                                        advice(SERVER, relayed),
                                        List.of(),
                                        Optional.empty()),
                                dns,
                                dns),
                        "example.org",
                        "TXT");
        assertThat(item.has(Mistake.RELAY_NOT_INCLUDED)).isTrue();
        assertThat(item.paste().getFirst()).contains("v=spf1 include:sendgrid.net mx -all");
    }

    @Test
    void namesThatNoServerShouldCallItself() {
        for (Map.Entry<String, Mistake> name :
                Map.of(
                                "mail",
                                Mistake.EHLO_UNQUALIFIED,
                                "mail.local",
                                Mistake.EHLO_FOREIGN,
                                "mx.example.net",
                                Mistake.EHLO_FOREIGN,
                                "gone.example.org",
                                Mistake.EHLO_CHAIN_BROKEN,
                                "alias.example.org",
                                Mistake.EHLO_IS_ALIAS)
                        .entrySet()) {
            String zone =
                    GOOD
                            + "mx.example.net. A 198.51.100.1\n"
                            + "alias.example.org. CNAME mail.example.org.";
            List<Item> items = check(server(name.getKey()), FakeDns.of(zone));
            Item item = item(items, name.getKey(), "EHLO");
            assertThat(item.has(name.getValue())).as("%s", item).isTrue();
            assertThat(item.verdict()).isEqualTo(Verdict.WRONG);
        }
    }

    @Test
    void aWildcardOnlyIsTold() {
        List<Item> items = check(GOOD + "*._domainkey.example.org. TXT \"v=DKIM1; p=\"");
        Item key = item(items, KEY_AT, "TXT");
        assertThat(key.has(Mistake.WILDCARD)).isTrue();
        assertThat(key.verdict()).isEqualTo(Verdict.GOOD);
    }

    @Test
    void aDomainThatIsAnAlias() {
        String zone = GOOD.replace(MX, "example.org. CNAME web.example.net.").replace(SPF, "");
        Item mx = item(check(zone), "example.org", "MX");
        assertThat(mx.has(Mistake.ALIAS_AT_DOMAIN)).isTrue();
    }

    @Test
    void resolversAreBehind() {
        Expected expected =
                new Expected(SERVER, advice(SERVER, Mailing.DIRECT), List.of(), Optional.empty());
        FakeDns now = FakeDns.of(GOOD);
        FakeDns before = FakeDns.of(GOOD.replace("v=spf1 mx -all", "v=spf1 -all"));
        List<Item> items = check(expected, before, now);
        Item spf = item(items, "example.org", "TXT");
        assertThat(spf.verdict()).isEqualTo(Verdict.WAIT);
        assertThat(spf.has(Mistake.AUTHORITY_DIFFERS)).isTrue();
        assertThat(spf.findings().getLast().text()).contains("'v=spf1 -all'");
        assertThat(DnsCheck.verdict(items)).isEqualTo(Verdict.WAIT);
        spf = item(check(expected, now, before), "example.org", "TXT");
        assertThat(spf.verdict()).isEqualTo(Verdict.WRONG);
        assertThat(spf.has(Mistake.AUTHORITY_DIFFERS)).isTrue();
    }

    @Test
    void whoCannotBeAskedIsNoMistakeOfTheOwner() {
        Expected expected =
                new Expected(SERVER, advice(SERVER, Mailing.DIRECT), List.of(), Optional.empty());
        FakeDns broken = FakeDns.of("");
        broken.behave("*", Behaviour.of(Behaviour.Kind.SERVFAIL));
        List<Item> items = check(expected, FakeDns.of(GOOD), broken);
        assertThat(DnsCheck.verdict(items)).isEqualTo(Verdict.OPTIONAL);
        assertThat(item(items, "example.org", "MX").has(Mistake.CANNOT_BE_ASKED)).isTrue();
        items = check(expected, broken, broken);
        assertThat(DnsCheck.verdict(items)).isEqualTo(Verdict.UNKNOWN);
        assertThat(items).noneMatch(it -> it.verdict() == Verdict.WRONG);
    }

    @Test
    void ownListing() {
        BlockList list =
                BlockList.simple(
                        DnsName.parse("bl.example.net"),
                        BlockList.Subject.ADDRESS,
                        BlockList.Action.REJECT,
                        0);
        String test = "2.0.0.127.bl.example.net. A 127.0.0.2\n";
        String listed =
                "25.2.0.192.bl.example.net. A 127.0.0.2\n"
                        + "25.2.0.192.bl.example.net. TXT \"spam seen\"\n";
        Expected expected =
                new Expected(
                        SERVER, advice(SERVER, Mailing.DIRECT), List.of(list), Optional.empty());
        FakeDns dns = FakeDns.of(GOOD + test + listed);
        List<Item> items = check(expected, dns, dns);
        Item item = item(items, "192.0.2.25", "LISTS");
        assertThat(item.verdict()).isEqualTo(Verdict.WRONG);
        assertThat(item.findings().getFirst().text()).contains("spam seen");
        assertThat(item(items, "2001:db8::25", "LISTS").verdict()).isEqualTo(Verdict.GOOD);
        FakeDns gone = FakeDns.of(GOOD + listed); // Without its test entry it says nothing.
        item = item(check(expected, gone, gone), "192.0.2.25", "LISTS");
        assertThat(item.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(item.has(Mistake.LIST_CANNOT_BE_ASKED)).isTrue();
        FakeDns refuses =
                FakeDns.of(
                        GOOD
                                + "2.0.0.127.bl.example.net. A 127.255.255.254\n"
                                + "25.2.0.192.bl.example.net. A 127.255.255.254");
        item = item(check(expected, refuses, refuses), "192.0.2.25", "LISTS");
        assertThat(item.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(item.findings().toString()).contains("refuses to answer");
    }

    @Test
    void portsThatAreClosed() {
        assertThat(item(check(GOOD), "-", "PORT 25").has(Mistake.PORT_25_NOT_TRIED)).isTrue();
        Expected expected =
                new Expected(
                        SERVER,
                        advice(SERVER, Mailing.DIRECT),
                        List.of(),
                        Optional.of(Probe.at("mail.example.org")));
        FakeDns dns = FakeDns.of(GOOD);
        Item item = item(check(expected, dns, dns), "mail.example.org", "PORT 25");
        assertThat(item.verdict()).isEqualTo(Verdict.WRONG);
        assertThat(item.has(Mistake.PORT_25_BLOCKED)).isTrue();
        assertThat(item.paste()).isNotEmpty();
    }
}
