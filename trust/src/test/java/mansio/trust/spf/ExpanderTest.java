package mansio.trust.spf;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.SyntaxException;
import mansio.net.dns.DnsName;
import mansio.testkit.sim.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.util.SplittableRandom;

class ExpanderTest {
    private static Expander.Values values(String client) {
        InetAddress address = InetAddress.ofLiteral(client);
        return letter ->
                switch (letter) {
                    case 's' -> "strong-bad@email.example.com";
                    case 'l' -> "strong-bad";
                    case 'o', 'd' -> "email.example.com";
                    case 'i' -> ClientAddress.dotted(address);
                    case 'v' -> client.contains(":") ? "ip6" : "in-addr";
                    case 'c' -> ClientAddress.text(address);
                    default -> "mx.example.org";
                };
    }

    private static MacroString read(String text) {
        return new MacroParser(text, 0, MacroParser.Use.UNKNOWN_MODIFIER).read();
    }

    // RFC 7208 section 7.4
    @ParameterizedTest
    @CsvSource({
        "%{s}, strong-bad@email.example.com",
        "%{o}, email.example.com",
        "%{d}, email.example.com",
        "%{d4}, email.example.com",
        "%{d3}, email.example.com",
        "%{d2}, example.com",
        "%{d1}, com",
        "%{dr}, com.example.email",
        "%{d2r}, example.email",
        "%{l}, strong-bad",
        "%{l-}, strong.bad",
        "%{lr}, strong-bad",
        "%{lr-}, bad.strong",
        "%{l1r-}, strong",
        "%{ir}.%{v}._spf.%{d2}, 3.2.0.192.in-addr._spf.example.com",
        "%{lr-}.lp._spf.%{d2}, bad.strong.lp._spf.example.com",
        "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}, bad.strong.lp.3.2.0.192.in-addr._spf.example.com",
        "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}, 3.2.0.192.in-addr.strong.lp._spf.example.com",
        "%{d2}.trusted-domains.example.net, example.com.trusted-domains.example.net",
        "%{S}, strong-bad%40email.example.com",
        "a%%b%_c%-d, a%b c%20d",
        "%{d999999999999999999}, email.example.com",
    })
    void theExamplesOfTheRfc(String text, String expanded) {
        assertThat(Expander.name(read(text), values("192.0.2.3"))).isEqualTo(expanded);
    }

    @Test
    void theExampleForIpv6() {
        assertThat(
                        Expander.name(
                                read("%{ir}.%{v}._spf.%{d2} %{c}".replace(" ", "%_")),
                                values("2001:db8::cb01")))
                .isEqualTo(
                        "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6"
                                + "._spf.example.com 2001:db8::cb01");
    }

    @Test
    void aLongNameLosesLabelsOnTheLeft() {
        String name = "first." + "x".repeat(49) + (".".concat("y".repeat(49))).repeat(4);
        assertThat(name).hasSize(255);
        assertThat(TargetName.of(name).orElseThrow().text()).isEqualTo(name.substring(6));
        assertThat(TargetName.of("a." + "b.".repeat(200_000) + "example").orElseThrow().text())
                .hasSize(253);
        MacroString bomb = read("%{s}".repeat(4_000) + ".end.example");
        String expanded = Expander.name(bomb, values("192.0.2.3"));
        assertThat(expanded).endsWith(".com.end.example").hasSizeLessThan(5_000);
    }

    @Test
    void whatIsNoNameIsNone() {
        for (String text :
                new String[] {"", ".", "..", "a..b", "x".repeat(64) + ".b", "x".repeat(300)}) {
            assertThat(TargetName.of(text)).as(text).isEmpty();
        }
        assertThat(TargetName.of("a.b.")).contains(DnsName.parse("a.b"));
        assertThat(TargetName.of("a\\.b\u00e9 c"))
                .contains(DnsName.parse("a\\092.b\\195\\169\\032c"));
        assertThat(TargetName.expandable(DnsName.parse("a\\092.b\\195\\169\\032c")))
                .isEqualTo("a\\.b\u00e9 c");
    }

    @Test
    void noMacroBreaksTheExpander() {
        SplittableRandom random = new SplittableRandom(Seeds.first(7));
        String[] pieces = {
            "%{", "}", "%", "s", "l", "o", "d", "i", "p", "h", "c", "r", "t", "v", "S", "L", "0",
            "1", "9", "-", "+", ",", "/", "_", "=", ".", "x", " ", "{", "%{i}", "%{lr-}", "%{D2}",
            "\u00e9", "\n"
        };
        int read = 0;
        int runs = Seeds.count(20_000);
        for (int i = 0; i < runs; i++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            String value =
                    random.ints(random.nextInt(80), 0, 0x180)
                            .collect(
                                    StringBuilder::new,
                                    StringBuilder::appendCodePoint,
                                    StringBuilder::append)
                            .toString();
            try {
                MacroString parsed = MacroString.parseExplanation(text.toString());
                read++;
                assertThat(Expander.explanation(parsed, _ -> value, 100))
                        .hasSizeLessThanOrEqualTo(100)
                        .matches("[ -~]*");
                TargetName.of(Expander.name(parsed, _ -> value))
                        .ifPresent(name -> assertThat(name.text()).isPrintable());
            } catch (SyntaxException e) {
                assertThat(e.offset()).isBetween(0, text.length());
            }
        }
        assertThat(read).isGreaterThan(runs / 20);
    }
}
