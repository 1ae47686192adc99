package mansio.net.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.text.Domain;
import mansio.codec.text.SyntaxException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.InetAddress;
import java.util.Random;

class DnsNameTest {
    @ParameterizedTest
    @CsvSource({
        "example.org, example.org",
        "Example.ORG., example.org",
        "_dmarc.example.org, _dmarc.example.org",
        "., .",
        "5.0/25.2.0.192.in-addr.arpa, 5.0/25.2.0.192.in-addr.arpa",
        "a\\.b.example, a\\046b.example",
        "a\\046b.example., a\\046b.example",
        "a\\., a\\046",
        "\\065.example, a.example",
        "back\\\\slash, back\\092slash",
        "with space, with\\032space",
        "\\255\\000, \\255\\000",
        "-odd-.example, -odd-.example",
        "a+b=c.example, a+b=c.example",
    })
    void hasOneCanonicalForm(String text, String canonical) {
        DnsName name = DnsName.parse(text);
        assertThat(name.text()).isEqualTo(canonical);
        assertThat(new DnsName(canonical)).isEqualTo(name);
        assertThat(DnsName.ofWire(name.wire())).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "..",
                "a..b",
                ".a",
                "a\\",
                "a\\25",
                "a\\256b",
                "a\\2x5",
                "b\u00fccher.de"
            })
    void refusesWhatIsNoName(String text) {
        assertThatThrownBy(() -> DnsName.parse(text)).isInstanceOf(SyntaxException.class);
        assertThat(DnsName.tryParse(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Example.org", "example.org.", "a b", "\\097"})
    void theConstructorTakesTheCanonicalFormOnly(String text) {
        assertThatThrownBy(() -> new DnsName(text)).isInstanceOf(SyntaxException.class);
    }

    @Test
    void lengthsAreThoseOfTheWire() {
        String label = "a".repeat(63);
        String longest = label + "." + label + "." + label + "." + "a".repeat(61);
        assertThat(DnsName.parse(longest).wire()).hasSize(255);
        assertThat(DnsName.tryParse(longest + "a")).isEmpty();
        assertThat(DnsName.tryParse(label + "a")).isEmpty();
        assertThat(DnsName.tryParse("\\200".repeat(63))).isPresent();
        assertThat(DnsName.tryParse("x".repeat(1_000_000))).isEmpty();
    }

    @Test
    void reversesAddresses() {
        assertThat(DnsName.reverse(InetAddress.ofLiteral("192.0.2.7")))
                .hasToString("7.2.0.192.in-addr.arpa");
        // The example of RFC 3596 section 2.5.
        assertThat(DnsName.reverse(InetAddress.ofLiteral("4321:0:1:2:3:4:567:89ab")))
                .hasToString(
                        "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.0.0.0.0.1.2.3.4.ip6.arpa");
        assertThat(
                        DnsName.reversed(
                                InetAddress.ofLiteral("192.0.2.99"),
                                DnsName.parse("bad.example.com")))
                .hasToString("99.2.0.192.bad.example.com");
    }

    @Test
    void knowsItsPlaceInTheTree() {
        DnsName domain = DnsName.of(Domain.parse("B\u00fccher.example"));
        assertThat(domain).hasToString("xn--bcher-kva.example");
        assertThat(domain.below("_dmarc")).hasToString("_dmarc.xn--bcher-kva.example");
        assertThat(DnsName.ROOT.below("example")).hasToString("example");
        assertThat(domain.parent()).contains(DnsName.parse("example"));
        assertThat(DnsName.parse("example").parent()).contains(DnsName.ROOT);
        assertThat(DnsName.ROOT.parent()).isEmpty();
        assertThat(domain.labels()).isEqualTo(2);
        assertThat(DnsName.ROOT.labels()).isZero();
        assertThat(domain.isWithin(DnsName.ROOT)).isTrue();
        assertThat(domain.isWithin(DnsName.parse("example"))).isTrue();
        assertThat(DnsName.parse("badexample").isWithin(DnsName.parse("example"))).isFalse();
        assertThat(domain.domain()).contains(Domain.parse("b\u00fccher.example"));
        assertThat(DnsName.parse("a+b.example").domain()).isEmpty();
    }

    /** Any octets make labels that come back as they were, but for the case of letters. */
    @Test
    void anyOctetsMakeARoundTrip() {
        Random random = new Random(1);
        for (int run = 0; run < 20_000; run++) {
            StringBuilder text = new StringBuilder();
            int length = random.nextInt(12);
            for (int i = 0; i < length; i++) {
                text.append((char) (random.nextInt(10) == 0 ? '.' : random.nextInt(140)));
            }
            DnsName.tryParse(text.toString())
                    .ifPresent(
                            name -> {
                                assertThat(DnsName.parse(name.text())).isEqualTo(name);
                                assertThat(DnsName.ofWire(name.wire())).isEqualTo(name);
                                assertThat(name.isRoot() || DnsName.parse(name + ".").equals(name))
                                        .isTrue();
                            });
        }
    }
}
