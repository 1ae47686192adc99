package mansio.codec.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\0',
            textBlock =
                    """
                    user@example.org               | user  | example.org
                    User.Name+tag@EXAMPLE.ORG      | User.Name+tag | example.org
                    "user"@example.org             | user  | example.org
                    "a b"@example.org              | a b   | example.org
                    "a\\"b\\\\c"@example.org       | a"b\\c | example.org
                    "user@there"@example.org       | user@there | example.org
                    "a..b"@example.org             | a..b  | example.org
                    user@[192.0.2.1]               | user  | [192.0.2.1]
                    user@[ipv6:2001:DB8:0:0::1]    | user  | [IPv6:2001:db8::1]
                    user@[IPv6:::ffff:192.0.2.1]   | user  | [192.0.2.1]
                    用户@例子.公益                   | 用户  | xn--fsqu00a.xn--55qw42g
                    user@faß.de                    | user  | xn--fa-hia.de
                    user@ab--cd.example            | user  | ab--cd.example
                    user@_srv.example              | user  | _srv.example
                    """)
    void parses(String wire, String localPart, String host) {
        Address address = Address.parse(wire);
        assertThat(address.localPart().text()).isEqualTo(localPart);
        assertThat(address.host().text()).isEqualTo(host);
        assertThat(Address.parse(address.toWire())).isEqualTo(address);
        assertThat(Address.parse(address.toDisplay())).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "user",
                "@example.org",
                "user@",
                "user@example.org.",
                "user@.example.org",
                "user@exa..mple",
                "user@-a.example",
                "user@a-.example",
                ".user@example.org",
                "user.@example.org",
                "us..er@example.org",
                "us er@example.org",
                "user@exam ple.org",
                "\"user@example.org",
                "\"us\ner\"@example.org",
                "us\u0000er@example.org",
                "us\u0085er@example.org",
                "us\ud800er@example.org",
                "user@example.org\r\n",
                "user@[192.0.2]",
                "user@[192.0.2.256]",
                "user@[192.0.2.0001]",
                "user@[IPv6:fe80::1%eth0]",
                "user@[IPv6:1::2::3]",
                "user@[x:y]",
                "user@[192.0.2.1",
                "user@xn--a.example",
                "user@a\u200db.example",
                "user@exa\u3002\u3002mple.org",
                "a@b@example.org",
            })
    void refuses(String wire) {
        assertThatThrownBy(() -> Address.parse(wire)).isInstanceOf(SyntaxException.class);
        assertThat(Address.tryParse(wire)).isEmpty();
    }

    @Test
    void quotesOnlyWhenNeeded() {
        assertThat(new LocalPart("a.b").toWire()).isEqualTo("a.b");
        assertThat(new LocalPart("").toWire()).isEqualTo("\"\"");
        assertThat(new LocalPart("a b").toWire()).isEqualTo("\"a b\"");
        assertThat(new LocalPart(".a").toWire()).isEqualTo("\".a\"");
        assertThat(new LocalPart("a@b").toWire()).isEqualTo("\"a@b\"");
        assertThat(new LocalPart("\\\"").toWire()).isEqualTo("\"\\\\\\\"\"");
    }

    @Test
    void limitsLengths() {
        String label = "a".repeat(63);
        assertThat(Domain.parse(label + ".example").text()).hasSize(71);
        assertThat(Domain.tryParse("a" + label + ".example")).isEmpty();
        assertThat(Domain.tryParse("a.".repeat(126) + "b")).isPresent();
        assertThat(Domain.tryParse("a.".repeat(126) + "bc")).isEmpty();
        assertThat(new LocalPart("é".repeat(127) + "a").needsUtf8()).isTrue();
        assertThatThrownBy(() -> new LocalPart("é".repeat(128)))
                .isInstanceOf(SyntaxException.class);
    }

    @Test
    void constructorTakesOnlyTheCanonicalDomain() {
        assertThatThrownBy(() -> new Domain("Example.org"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Domain("faß.de")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Domain("xn--fa-HIA.de"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void comparesDomains() {
        Domain org = Domain.parse("example.org");
        assertThat(Domain.parse("a.example.org").isWithin(org)).isTrue();
        assertThat(org.isWithin(org)).isTrue();
        assertThat(Domain.parse("notexample.org").isWithin(org)).isFalse();
        assertThat(Domain.parse("a.example.org").parent()).contains(org);
        assertThat(Domain.parse("org").parent()).isEmpty();
        assertThat(Domain.tryParseDns("example.org.")).contains(org);
        assertThat(Domain.parse("xn--fa-hia.de").toUnicode()).isEqualTo("faß.de");
    }

    @Test
    void tellsTheOffset() {
        assertThatThrownBy(() -> Address.parse("user@exam!ple.org"))
                .isInstanceOfSatisfying(
                        SyntaxException.class,
                        e -> {
                            assertThat(e.offset()).isEqualTo(9);
                            assertThat(e.getStackTrace()).isEmpty();
                        });
    }

    @Test
    void foldsForLookup() {
        assertThat(Unicode.lookupKey("User")).isEqualTo("user");
        assertThat(Unicode.lookupKey("STRASSE")).isEqualTo(Unicode.lookupKey("straße"));
        assertThat(Unicode.lookupKey("Ame\u0301lie")).isEqualTo(Unicode.lookupKey("AMÉLIE"));
    }
}
