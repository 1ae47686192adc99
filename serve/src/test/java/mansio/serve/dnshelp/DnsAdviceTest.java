package mansio.serve.dnshelp;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.AddressLiteral;
import mansio.codec.text.Domain;
import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.RecordType;
import mansio.serve.dnshelp.AdvisedRecord.Weight;
import mansio.state.dkimkey.DkimKey;
import mansio.state.dkimkey.KeyAlgorithm;
import mansio.state.dkimkey.KeyName;
import mansio.state.dkimkey.KeyState;
import mansio.testkit.dns.FakeDns;
import mansio.trust.dkim.KeyMaterial;
import mansio.trust.dkim.SignatureAlgorithm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which records are advised, and that a name server reads what is printed. */
class DnsAdviceTest {
    private static final Domain OWN = Domain.parse("example.org");
    private static final KeyMaterial RSA = KeyMaterial.generate(SignatureAlgorithm.RSA_SHA256);
    private static final Presence SERVER =
            new Presence(
                    Domain.parse("mail.example.org"),
                    List.of(
                            InetAddress.ofLiteral("192.0.2.25"),
                            InetAddress.ofLiteral("2001:db8::25")),
                    Map.of("smtp", 25, "submissions", 465, "imaps", 993));

    private static DkimKey key(String selector, KeyState state) {
        return new DkimKey(
                new KeyName(OWN, selector),
                KeyAlgorithm.RSA_2048,
                RSA.record(),
                List.of(),
                Optional.empty(),
                new DkimKey.Life(
                        state, Instant.EPOCH, Instant.EPOCH, Duration.ZERO, DkimKey.Pace.PATIENT));
    }

    private static List<AdvisedRecord> all(Mailing mailing) {
        return DnsAdvice.all(
                SERVER,
                List.of(
                        new DnsAdvice.Subject(
                                OWN,
                                List.of(
                                        key("new", KeyState.MADE),
                                        key("now", KeyState.ACTIVE),
                                        key("old", KeyState.RETIRING),
                                        key("gone", KeyState.RETIRED)),
                                mailing)));
    }

    private static List<String> values(List<AdvisedRecord> all, String name, String type) {
        return all.stream()
                .filter(it -> it.name().equals(name) && it.type().equals(type))
                .map(AdvisedRecord::value)
                .toList();
    }

    @Test
    void everythingThatMailNeeds() {
        List<AdvisedRecord> all = all(Mailing.DIRECT);
        assertThat(values(all, "mail.example.org", "A")).containsExactly("192.0.2.25");
        assertThat(values(all, "mail.example.org", "AAAA")).containsExactly("2001:db8::25");
        assertThat(values(all, "mail.example.org", "TXT")).containsExactly("v=spf1 a -all");
        assertThat(values(all, "25.2.0.192.in-addr.arpa", "PTR"))
                .containsExactly("mail.example.org");
        assertThat(values(all, "example.org", "MX")).containsExactly("10 mail.example.org");
        assertThat(values(all, "example.org", "TXT")).containsExactly("v=spf1 mx -all");
        assertThat(values(all, "_dmarc.example.org", "TXT"))
                .containsExactly("v=DMARC1; p=none; rua=mailto:dmarc-reports@example.org");
        assertThat(values(all, "_imaps._tcp.example.org", "SRV"))
                .containsExactly("0 1 993 mail.example.org");
        assertThat(values(all, "_imap._tcp.example.org", "SRV")).isEmpty();
        for (String selector : List.of("new", "now", "old")) {
            assertThat(values(all, selector + "._domainkey.example.org", "TXT"))
                    .containsExactly(RSA.record());
        }
        assertThat(values(all, "gone._domainkey.example.org", "TXT")).isEmpty();
        assertThat(all)
                .allSatisfy(
                        it ->
                                assertThat(it.why().startsWith(DnsAdvice.LATER))
                                        .isEqualTo(it.weight() == Weight.LATER));
        assertThat(all)
                .filteredOn(it -> it.weight() == Weight.LATER)
                .extracting(AdvisedRecord::name)
                .contains("_smtp._tls.example.org", "_mta-sts.example.org");
    }

    @Test
    void relaysAndSourcesAreInTheSpfRecord() {
        Mailing mailing =
                new Mailing(
                        List.of(InetAddress.ofLiteral("192.0.2.7")),
                        List.of(
                                Domain.parse("smtp.sendgrid.net"),
                                Domain.parse("email-smtp.eu-west-1.amazonaws.com"),
                                new AddressLiteral(InetAddress.ofLiteral("2001:db8::7")),
                                Domain.parse("smtp.sendgrid.net"),
                                Domain.parse("relay.example.net")));
        AdvisedRecord spf =
                all(mailing).stream()
                        .filter(it -> it.value().startsWith("v=spf1 mx"))
                        .findFirst()
                        .orElseThrow();
        assertThat(spf.value())
                .isEqualTo(
                        "v=spf1 mx ip4:192.0.2.7 include:sendgrid.net include:amazonses.com"
                                + " ip6:2001:db8::7 -all");
        assertThat(spf.why()).contains("add what relay.example.net asks for");
    }

    @Test
    void aDomainCalledAsTheServerHasOneSpfRecord() {
        Presence server = new Presence(OWN, SERVER.addresses(), Map.of());
        List<AdvisedRecord> all =
                DnsAdvice.all(
                        server, List.of(new DnsAdvice.Subject(OWN, List.of(), Mailing.DIRECT)));
        assertThat(values(all, "example.org", "TXT")).containsExactly("v=spf1 mx -all");
    }

    @ParameterizedTest
    @EnumSource(
            value = RecordFormat.class,
            names = {"BIND", "CLOUDFLARE"})
    void aNameServerReadsTheZone(RecordFormat format) {
        List<String> lines = format.lines(all(Mailing.DIRECT));
        assertThat(lines)
                .allSatisfy(
                        line -> {
                            for (String string : line.split("\"")) {
                                assertThat(string.length()).isLessThanOrEqualTo(255);
                            }
                        });
        FakeDns dns = FakeDns.of(String.join("\n", lines));
        Answer key =
                dns.lookup(
                        DnsName.parse("now._domainkey.example.org"),
                        RecordType.TXT,
                        Long.MAX_VALUE);
        assertThat(((Answer.Found) key).of(DnsRecord.Txt.class))
                .extracting(DnsRecord.Txt::text)
                .containsExactly(RSA.record());
        Answer mx = dns.lookup(DnsName.of(OWN), RecordType.MX, Long.MAX_VALUE);
        assertThat(((Answer.Found) mx).of(DnsRecord.Mx.class))
                .extracting(it -> it.exchange().text())
                .containsExactly("mail.example.org");
        Answer later =
                dns.lookup(DnsName.parse("_mta-sts.example.org"), RecordType.TXT, Long.MAX_VALUE);
        assertThat(later).isNotInstanceOf(Answer.Found.class);
    }

    @Test
    void cloudflareProxiesNoMail() {
        assertThat(RecordFormat.CLOUDFLARE.lines(all(Mailing.DIRECT)))
                .contains("mail.example.org. 3600 IN A 192.0.2.25 ; cf_tags=cf-proxied:false");
    }

    @Test
    void quotesAndBackslashesAreEscaped() {
        assertThat(AdvisedRecord.quotedStrings("a\"b\\c")).isEqualTo("\"a\\\"b\\\\c\"");
        assertThat(AdvisedRecord.quotedStrings("x".repeat(256)))
                .isEqualTo("\"" + "x".repeat(255) + "\" \"x\"");
    }
}
