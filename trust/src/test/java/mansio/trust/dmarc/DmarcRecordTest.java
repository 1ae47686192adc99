package mansio.trust.dmarc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.text.Address;
import mansio.codec.text.SyntaxException;
import mansio.testkit.sim.Seeds;
import mansio.trust.dmarc.DmarcRecord.Psd;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;

class DmarcRecordTest {
    private static DmarcRecord read(String text) {
        return DmarcRecord.parse(text);
    }

    @Test
    void defaultsAreThoseOfTheStandards() {
        DmarcRecord record = read("v=DMARC1; p=reject");
        assertThat(record.forDomain()).isEqualTo(Policy.REJECT);
        assertThat(record.forSubdomain()).isEqualTo(Policy.REJECT);
        assertThat(record.forNonExistent()).isEqualTo(Policy.REJECT);
        assertThat(record.dkim()).isEqualTo(Alignment.RELAXED);
        assertThat(record.spf()).isEqualTo(Alignment.RELAXED);
        assertThat(record.psd()).isEqualTo(Psd.UNKNOWN);
        assertThat(record.testing()).isFalse();
        assertThat(record.percent()).isEqualTo(100);
        assertThat(record.reporting().options()).isEqualTo("0");
        assertThat(record.reporting().intervalSeconds()).isEqualTo(86_400);
        assertThat(record.faults()).isEmpty();
    }

    @Test
    void everyTagIsRead() {
        DmarcRecord record =
                read(
                        " v = DMARC1 ;P=Quarantine; sp=none;np=REJECT ; adkim=s;aspf=S; pct=20;"
                                + " t=y; psd=n; fo=1:d:s; rf=afrf; ri=3600; x-new=1;"
                                + " rua=mailto:a@example.org!10m, mailto:b@example.net;"
                                + " ruf=mailto:c%2Bd@example.org?subject=x;");
        assertThat(record.forDomain()).isEqualTo(Policy.QUARANTINE);
        assertThat(record.forSubdomain()).isEqualTo(Policy.NONE);
        assertThat(record.forNonExistent()).isEqualTo(Policy.REJECT);
        assertThat(record.dkim()).isEqualTo(Alignment.STRICT);
        assertThat(record.spf()).isEqualTo(Alignment.STRICT);
        assertThat(record.percent()).isEqualTo(20);
        assertThat(record.testing()).isTrue();
        assertThat(record.psd()).isEqualTo(Psd.NO);
        assertThat(record.reporting().options()).isEqualTo("1ds");
        assertThat(record.reporting().intervalSeconds()).isEqualTo(3600);
        assertThat(record.reporting().aggregate())
                .extracting(ReportUri::address)
                .containsExactly(
                        Address.tryParse("a@example.org"), Address.tryParse("b@example.net"));
        assertThat(record.reporting().aggregate().getFirst().maxBytes()).hasValue(10 << 20);
        assertThat(record.reporting().failure())
                .extracting(ReportUri::address)
                .containsExactly(Address.tryParse("c+d@example.org"));
        assertThat(record.faults()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v=DMARC1 p=none",
                "v=dmarc1; p=none",
                "v=DMARC2; p=none",
                "v=DMARC10; p=none",
                "p=none; v=DMARC1",
                "; v=DMARC1; p=none",
                "v=spf1 -all",
                "DMARC1; p=none",
            })
    void whatDoesNotBeginWithTheVersionIsNoRecord(String text) {
        assertThatThrownBy(() -> read(text)).isInstanceOf(SyntaxException.class);
    }

    /** RFC 9989 section 4.10.1: with somebody to report to it is p=none, else nothing. */
    @ParameterizedTest
    @CsvSource({
        "v=DMARC1, ''",
        "v=DMARC1; p=, ''",
        "v=DMARC1; p=all, ''",
        "v=DMARC1; p=reject; sp=x, ''",
        "v=DMARC1; p=reject; np=x, ''",
        "v=DMARC1; rua=mailto:a@b.example, NONE",
        "v=DMARC1; p=reject; sp=x; rua=mailto:a@b.example, NONE",
        "v=DMARC1; p=rejct; rua=https://b.example/r, NONE",
        "v=DMARC1; p=rejct; rua=a@b.example, ''",
        "v=DMARC1; p=reject; pct=x; t=maybe; adkim=q; ri=1.5; fo=z; rua=nonsense; y, REJECT",
        "v=DMARC1; p=reject; p=none, REJECT",
        "v=DMARC1;p = reject ;;;, REJECT",
    })
    void wrongTagsAreAsIfNotThere(String text, String policy) {
        DmarcRecord record = read(text);
        assertThat(record.policy().map(Enum::name).orElse("")).isEqualTo(policy);
        assertThat(record.percent()).isEqualTo(100);
        if (!text.endsWith(";;;")) {
            assertThat(record.faults()).isNotEmpty();
        }
        assertThat(record.policy().isPresent() || record.forNonExistent() == Policy.NONE).isTrue();
    }

    @Test
    void faultsDoNotHideAWrongPolicy() {
        assertThat(read("v=DMARC1; p=reject; sp=x; rua=" + "a,".repeat(90)).policy()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "mailto:a@b.example, a@b.example, -1",
        "MAILTO:a@b.example!50, a@b.example, 50",
        "mailto:a@b.example!5K, a@b.example, 5120",
        "mailto:a@b.example!1t, a@b.example, 1099511627776",
        "mailto:a@b.example!99999999999999999999, a@b.example, 9223372036854775807",
        "mailto:a@b.example!9999999999t, a@b.example, 9223372036854775807",
        "mailto:a%21b%2dc@b.example?body=x, a!b-c@b.example, -1",
        "https://b.example/in?x=1!1m, , 1048576",
        "ftp:x, , -1",
    })
    void urisAreRead(String text, String address, long bytes) {
        ReportUri uri = ReportUri.parse(text).orElseThrow();
        assertThat(uri.address()).isEqualTo(Optional.ofNullable(address).map(Address::parse));
        assertThat(uri.maxBytes())
                .isEqualTo(bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a@b.example",
                "mailto:",
                "mailto:b.example",
                "mailto:a@b.example!",
                "mailto:a@b.example!m",
                "mailto:a@b.example!1x",
                "mailto:a@b.example!-1",
                "mailto:a@b.example!999999999999999999999",
                "mailto:a%2@b.example",
                "mailto:a%zz@b.example",
                "mailto:a@b.example%0d%0aBcc:x",
                "mailto:a b@b.example",
                "mailto:a@b.example%2Cc@d.example",
                ":x",
                "1:x",
            })
    void whatIsNoUriIsNone(String text) {
        assertThat(ReportUri.parse(text)).isEmpty();
    }

    @Test
    void anythingIsReadOrNoRecord() {
        String[] words = {
            "p=",
            "none",
            "reject",
            ";",
            "=",
            " ",
            "sp",
            "rua=mailto:a@b.c",
            "!1m",
            ",",
            "pct=50",
            "%41",
            "psd=y",
            "\t",
            "\u00ff",
            "fo=1:d",
            ":"
        };
        SplittableRandom random = new SplittableRandom(Seeds.first(11));
        for (int round = 0; round < Seeds.count(20_000); round++) {
            StringBuilder text = new StringBuilder(random.nextInt(9) > 0 ? "v=DMARC1;" : "");
            for (int i = random.nextInt(30); i > 0; i--) {
                text.append(words[random.nextInt(words.length)]);
            }
            DmarcRecord.tryParse(text.toString())
                    .ifPresent(
                            record -> {
                                assertThat(record.percent()).isBetween(0, 100);
                                assertThat(record.forSubdomain()).isNotNull();
                            });
        }
        DmarcRecord.parse("v=DMARC1;" + "p=none;".repeat(100_000));
    }
}
