package mansio.trust.spf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import mansio.codec.text.SyntaxException;
import mansio.testkit.sim.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.SplittableRandom;

class SpfRecordTest {
    /** Pieces of records, right and wrong; every random record is put together from them. */
    static final String[] PIECES = {
        " ",
        " a",
        " mx",
        " ptr",
        " all",
        " -all",
        "~",
        "?",
        ":",
        "/",
        "//",
        "24",
        "0",
        "129",
        " ip4:",
        "192.0.2.1",
        "192.0.2",
        " ip6:",
        "2001:db8::",
        "::1",
        " include:",
        " exists:",
        " redirect=",
        " exp=",
        " x-y=",
        "example.org",
        ".",
        "%{",
        "}",
        "%",
        "%%",
        "%_",
        "%-",
        "{i",
        "r",
        "d2",
        "L",
        "s",
        "p",
        "c",
        "-",
        "\u0000",
        "\u00e9",
        "\t",
        "=",
        "\\",
        "\"",
        "v=spf1",
        "%{ir}",
        "%{d}",
        ".com"
    };

    static String random(SplittableRandom random) {
        StringBuilder record = new StringBuilder(random.nextInt(20) == 0 ? "" : "v=spf1");
        int pieces = random.nextInt(20);
        for (int i = 0; i < pieces; i++) {
            record.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return record.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    v=spf1 ipv4:192.0.2.1        | 7  | an unknown mechanism (it is ip4)
                    v=spf1 redirect:a.example    | 7  | a modifier without "=" after its name
                    v=spf1 mx,a -all             | 9  | an argument
                    v=spf1 a:192.0.2.1 -all      | 9  | an address where a domain name belongs (ip4: is for addresses)
                    v=spf1 a:localhost -all      | 9  | a domain name that ends in no top-level label
                    v=spf1 ip4:192.0.2.1/33      | 21 | a prefix length that is no number from 0 to 32
                    v=spf1 a//129                | 10 | a prefix length that is no number from 0 to 128
                    v=spf1 ip4:192.0.2.256       | 11 | no IPv4 address
                    v=spf1 ip6:2001:db8          | 11 | no IPv6 address
                    v=spf1 ip4                   | 10 | a mechanism without the ":" and address that it needs
                    v=spf1 include -all          | 14 | a mechanism without the ":" and domain name that it needs
                    v=spf1 include: -all         | 15 | a domain name is missing
                    v=spf1 exists:%{x}.example   | 14 | a macro with no known letter
                    v=spf1 exists:a.%{c}.example | 16 | a macro that is for explanations only (c, r, t)
                    v=spf1 exists:%{d0}.example  | 14 | a macro that keeps 0 parts
                    v=spf1 exists:%{d            | 14 | a macro that does not end well
                    v=spf1 exists:%a.example     | 14 | a percent sign that begins no macro
                    v=spf1 -all:x                | 11 | an argument of "all", which has none
                    v=spf1 -exp=a.example        | 7  | a modifier with a qualifier
                    v=spf1 exp=a.example exp=b.c | 21 | a modifier that is there twice
                    v=spf1 --all                 | 8  | a term that begins with no letter
                    v=spf10                      | 0  | no "v=spf1" at the beginning
                    """)
    void aFaultIsToldWithItsPlace(String text, int offset, String message) {
        SyntaxException fault =
                catchThrowableOfType(SyntaxException.class, () -> SpfRecord.parse(text));
        if (!message.equals("an argument")) {
            assertThat(fault).hasMessage(message);
            assertThat(fault.offset()).isEqualTo(offset);
        } else {
            assertThat(fault).isNotNull();
        }
    }

    @Test
    void aRecordIsRead() {
        SpfRecord record =
                SpfRecord.parse(
                        "V=SPF1  ~A:a/b.%{d}/24//64 mx//48 ?ip6:2001:db8::/32 moo.x-y_z=%{c}"
                                + " exp=why.%{D2R-+}  redirect=x.museum. ");
        assertThat(record.directives())
                .extracting(Directive::text)
                .containsExactly("~A:a/b.%{d}/24//64", "mx//48", "?ip6:2001:db8::/32");
        assertThat(record.directives().getFirst().qualifier()).isEqualTo(Qualifier.SOFTFAIL);
        assertThat(record.directives().getFirst().mechanism())
                .isInstanceOfSatisfying(
                        Mechanism.A.class,
                        a -> {
                            assertThat(a.cidr()).isEqualTo(new Cidr(24, 64));
                            assertThat(a.domain().orElseThrow().text()).isEqualTo("a/b.%{d}");
                        });
        assertThat(record.directives().get(1).mechanism())
                .isInstanceOfSatisfying(
                        Mechanism.Mx.class,
                        mx -> assertThat(mx.cidr()).isEqualTo(new Cidr(32, 48)));
        assertThat(record.directives().get(2).offset()).isEqualTo(34);
        assertThat(record.explanation().orElseThrow().parts())
                .containsExactly(
                        new MacroString.Part.Literal("why."),
                        new MacroString.Part.Macro('d', true, 2, true, "-+"));
        assertThat(record.redirect().orElseThrow().isLiteral()).isTrue();
        assertThat(record.unknown()).containsExactly("moo.x-y_z");
        assertThat(record.ownLookups()).isEqualTo(3);
        assertThat(SpfRecord.parse("v=spf1 a -all mx redirect=a.example").ownLookups())
                .isEqualTo(1);
    }

    @Test
    void aRecordThatIsTooLongIsRefused() {
        String full = "v=spf1" + " a".repeat((SpfRecord.MAX_LENGTH - 6) / 2);
        assertThat(SpfRecord.parse(full).ownLookups()).isEqualTo(8189);
        assertThat(catchThrowableOfType(SyntaxException.class, () -> SpfRecord.parse(full + " a")))
                .hasMessage("the record is too long");
    }

    @Test
    void noTextBreaksTheParser() {
        SplittableRandom random = new SplittableRandom(Seeds.first(7208));
        int read = 0;
        int runs = Seeds.count(20_000);
        for (int i = 0; i < runs; i++) {
            String text = random(random);
            try {
                SpfRecord record = SpfRecord.parse(text);
                read++;
                // What is read is all of the text, term by term.
                for (Directive directive : record.directives()) {
                    assertThat(text).contains(directive.text());
                    assertThat(text.startsWith(directive.text(), directive.offset())).isTrue();
                }
                assertThat(SpfRecord.parse(text + " ").directives()).isEqualTo(record.directives());
            } catch (SyntaxException e) {
                assertThat(e.offset()).isBetween(0, text.length());
            }
        }
        assertThat(read).isGreaterThan(runs / 50);
    }
}
