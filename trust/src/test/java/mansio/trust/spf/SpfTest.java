package mansio.trust.spf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.dns.DnsName;
import mansio.net.dns.RecordType;
import mansio.testkit.dns.Behaviour;
import mansio.testkit.dns.FakeDns;
import mansio.testkit.time.FakeTime;
import mansio.trust.spf.SpfResult.Step;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.SplittableRandom;

/** Results, and how they are told; the open test suite is in {@link ConformanceTest}. */
class SpfTest {
    private final FakeTime time = new FakeTime();
    private final FakeDns dns = new FakeDns(time, new SplittableRandom(1));
    private final Spf spf =
            new Spf(dns, time, SpfLimits.STANDARD, Domain.parse("mx.receiver.example"));

    private SpfResult check(String client, String sender) {
        return check(spf, client, sender);
    }

    private SpfResult check(Spf checker, String client, String sender) {
        SpfRequest request =
                SpfRequest.mailFrom(
                        InetAddress.ofLiteral(client),
                        "mx.sender.example",
                        sender.isEmpty() ? Optional.empty() : Optional.of(Address.parse(sender)));
        return checker.check(request, time.deadline(Duration.ofSeconds(20)));
    }

    private static DnsName name(String text) {
        return DnsName.parse(text);
    }

    @Test
    void aResultTellsThePathToTheTermThatDecided() {
        dns.zone(
                ".",
                """
                shop.example.       TXT "v=spf1 redirect=_spf.shop.example"
                _spf.shop.example.  TXT "v=spf1 a:nothing.example include:mailer.example ~all"
                mailer.example.     TXT "v=spf1 ip4:198.51.100.0/24 IP4:192.0.2.0/24 -all"
                """);

        SpfResult result = check("192.0.2.7", "anna@shop.example");

        assertThat(result.result()).isEqualTo(Result.PASS);
        assertThat(result.domain()).contains(Domain.parse("shop.example"));
        assertThat(result.path())
                .containsExactly(
                        new Step(name("shop.example"), "redirect=_spf.shop.example"),
                        new Step(name("_spf.shop.example"), "include:mailer.example"),
                        new Step(name("mailer.example"), "IP4:192.0.2.0/24"));
        assertThat(result.match()).contains(result.path().getLast());
        assertThat(result.reason())
                .isEqualTo(
                        "192.0.2.7 may send for shop.example: IP4:192.0.2.0/24 of mailer.example"
                                + " matches");
        assertThat(result.lookups()).isEqualTo(3);
        assertThat(result.voidLookups()).isEqualTo(1);

        SpfResult other = check("203.0.113.1", "anna@shop.example");
        assertThat(other.result()).isEqualTo(Result.SOFTFAIL);
        assertThat(other.match()).contains(new Step(name("_spf.shop.example"), "~all"));
    }

    @Test
    void whenNothingMatchesNoTermDecided() {
        dns.zone(
                ".",
                """
                one.example. TXT "v=spf1 redirect=two.example"
                two.example. TXT "v=spf1 ip4:192.0.2.1"
                """);
        SpfResult result = check("192.0.2.2", "anna@one.example");
        assertThat(result.result()).isEqualTo(Result.NEUTRAL);
        assertThat(result.match()).isEmpty();
        assertThat(result.reason())
                .isEqualTo(
                        "one.example does not say whether 192.0.2.2 may send for it: no term"
                                + " matches");
    }

    @Test
    void theNullReversePathStandsForPostmasterOfTheHeloName() {
        dns.zone(
                ".",
                """
                mx.sender.example. TXT "v=spf1 exists:%{s}.ok.example -all"
                postmaster\\@mx.sender.example.ok.example. A 127.0.0.2
                """);
        SpfResult result = check("192.0.2.1", "");
        assertThat(result.request().identity()).isEqualTo(SpfRequest.Identity.MAILFROM);
        assertThat(result.result()).isEqualTo(Result.PASS);
        SpfResult helo =
                spf.check(
                        SpfRequest.helo(InetAddress.ofLiteral("192.0.2.1"), "MX.Sender.example."),
                        time.deadline(Duration.ofSeconds(20)));
        assertThat(helo.request().identity()).isEqualTo(SpfRequest.Identity.HELO);
        assertThat(helo.result()).isEqualTo(Result.PASS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "localhost",
                "[192.0.2.1]",
                "192.0.2.1",
                "a..example",
                ".",
                "..",
                "-a.example",
                "a b.example",
                "a\r\nb.example",
                "\\046.example",
                "\u0000.example",
                "x@y.example"
            })
    void aHeloThatIsNoDomainIsNoneWithoutAQuestion(String helo) {
        SpfResult result =
                spf.check(
                        SpfRequest.helo(InetAddress.ofLiteral("192.0.2.1"), helo),
                        time.deadline(Duration.ofSeconds(20)));
        assertThat(result.result()).isEqualTo(Result.NONE);
        assertThat(dns.asked()).isEmpty();
    }

    @Test
    void anInternationalDomainIsAskedForInALabels() {
        dns.zone(".", "xn--bcher-kva.example. TXT \"v=spf1 exists:%{o}.ok.example -all\"\n");
        check("192.0.2.1", "anna@b\u00fccher.example");
        assertThat(dns.asked().getFirst().name()).isEqualTo(name("xn--bcher-kva.example"));
        assertThat(dns.asked().getLast().name())
                .isEqualTo(name("xn--bcher-kva.example.ok.example"));
    }

    // RFC 8616 section 4
    @Test
    void aLocalPartBeyondAsciiMatchesNothing() {
        dns.zone(
                ".",
                """
                one.example. TXT "v=spf1 exists:%{l}.ok.example include:%{s}.ok.example ?all"
                *.ok.example. A 127.0.0.2
                *.ok.example. TXT "v=spf1 +all"
                """);
        assertThat(check("192.0.2.1", "\u00e4nne@one.example").result()).isEqualTo(Result.NEUTRAL);
        assertThat(dns.asked()).hasSize(1);
        assertThat(check("192.0.2.1", "anne@one.example").result()).isEqualTo(Result.PASS);
    }

    @Test
    void aLocalPartIsNoSyntaxOfNames() {
        dns.zone(".", "one.example. TXT \"v=spf1 exists:%{l}.ok.example -all\"\n");
        check("192.0.2.1", "\"a\\\\046b c\"@one.example");
        assertThat(dns.asked().getLast().name()).isEqualTo(name("a\\092046b\\032c.ok.example"));
        // Empty labels and long ones: no question, no match.
        int before = dns.asked().size();
        SpfResult result = check("192.0.2.1", "\"a..b\"@one.example");
        assertThat(result.result()).isEqualTo(Result.FAIL);
        check("192.0.2.1", "x".repeat(64) + "@one.example");
        assertThat(dns.asked()).hasSize(before + 2);
    }

    @Test
    void anIpv4MappedAddressIsTheIpv4Address() throws UnknownHostException {
        dns.zone(".", "one.example. TXT \"v=spf1 ip6:::/0 -ip4:192.0.2.1 +all\"\n");
        byte[] mapped = new byte[16];
        mapped[10] = mapped[11] = (byte) 0xff;
        System.arraycopy(new byte[] {(byte) 192, 0, 2, 1}, 0, mapped, 12, 4);
        InetAddress client = Inet6Address.getByAddress(null, mapped, -1);
        SpfRequest request =
                SpfRequest.mailFrom(
                        client, "mx.example", Optional.of(Address.parse("a@one.example")));
        assertThat(spf.check(request, time.deadline(Duration.ofSeconds(20))).result())
                .isEqualTo(Result.FAIL);
        assertThat(check("2001:db8::1", "a@one.example").result()).isEqualTo(Result.PASS);
    }

    @Test
    void aTemporaryFailureOfAnyNameIsTemporary() {
        dns.zone(
                ".",
                """
                one.example. TXT "v=spf1 a:two.example -all"
                two.example. A 192.0.2.1
                """);
        dns.behave("two.example", Behaviour.of(Behaviour.Kind.SERVFAIL));
        SpfResult result = check("192.0.2.1", "a@one.example");
        assertThat(result.result()).isEqualTo(Result.TEMPERROR);
        assertThat(result.reason()).isEqualTo("no answer for A of two.example: SERVFAIL");
        assertThat(result.path()).containsExactly(new Step(name("one.example"), "a:two.example"));
        assertThat(result.match()).isEmpty();
        dns.behave("one.example", Behaviour.of(Behaviour.Kind.SERVFAIL));
        assertThat(check("192.0.2.1", "a@one.example").result()).isEqualTo(Result.TEMPERROR);
    }

    @Test
    void aBrokenRecordIsToldWithThePlaceOfTheFault() {
        dns.zone(
                ".",
                """
                one.example. TXT "v=spf1 include:two.example -all"
                two.example. TXT "v=spf1 ipv4:192.0.2.1 -all"
                """);
        SpfResult result = check("192.0.2.1", "a@one.example");
        assertThat(result.result()).isEqualTo(Result.PERMERROR);
        assertThat(result.reason())
                .isEqualTo(
                        "the SPF record of two.example is wrong at character 8: an unknown"
                                + " mechanism (it is ip4)");
    }

    @Test
    void anExplanationIsCleanedAndBounded() {
        dns.zone(
                ".",
                """
                one.example. TXT "v=spf1 -all exp=why.example"
                why.example. TXT "%{l} at %{t}, %{r}, %{h}: %{S}"
                two.example. TXT "v=spf1 -all exp=long.example"
                long.example. TXT "@"
                """
                        .replace("@", "%{o}".repeat(42)));
        SpfRequest request =
                SpfRequest.mailFrom(
                        InetAddress.ofLiteral("192.0.2.1"),
                        "evil\r\nRCPT TO:<x>\u00e4",
                        Optional.of(Address.parse("\u00e4nne@one.example")));
        SpfResult result = spf.check(request, time.deadline(Duration.ofSeconds(20)));
        assertThat(result.explanation())
                .contains(
                        "?nne at 880127706, mx.receiver.example, evil??RCPT TO:<x>?:"
                                + " %C3%A4nne%40one.example");
        assertThat(check("192.0.2.1", "a@two.example").explanation().orElseThrow())
                .hasSize(SpfResult.MAX_EXPLANATION)
                .startsWith("two.exampletwo.example");
    }

    @Test
    void theTypeSpfIsNeverAskedFor() {
        dns.zone(".", "one.example. TYPE99 \\# 12 0b763d73706631202d616c6c\n");
        assertThat(check("192.0.2.1", "a@one.example").result()).isEqualTo(Result.NONE);
        assertThat(dns.asked()).extracting(it -> it.type()).containsExactly(RecordType.TXT);
    }

    @Test
    void limitsOutOfReasonAreRefused() {
        assertThatThrownBy(() -> new SpfLimits(0, 2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SpfLimits(10, -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anExplanationOfAFailIsAskedForOnlyThen() {
        dns.zone(".", "one.example. TXT \"v=spf1 ~all exp=why.example\"\n");
        assertThat(check("192.0.2.1", "a@one.example").explanation()).isEmpty();
        assertThat(dns.asked()).hasSize(1);
    }
}
