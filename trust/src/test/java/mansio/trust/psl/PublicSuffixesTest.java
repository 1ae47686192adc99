package mansio.trust.psl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.text.Domain;
import mansio.testkit.sim.Seeds;
import mansio.trust.psl.PublicSuffixes.Sections;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

class PublicSuffixesTest {
    private static final PublicSuffixes LIST = PublicSuffixes.bundled(Sections.ICANN_AND_PRIVATE);
    private static final PublicSuffixes ICANN = PublicSuffixes.bundled(Sections.ICANN);

    private static String organizational(PublicSuffixes list, String domain) {
        return list.organizational(Domain.parse(domain)).map(Domain::toUnicode).orElse("");
    }

    /** Each kind of rule: plain, deeper, none, wildcard, exception, private, in other scripts. */
    @ParameterizedTest
    @CsvSource({
        "com, ''",
        "shop.com, shop.com",
        "a.b.shop.com, shop.com",
        "SHOP.COM, shop.com",
        "uk, ''",
        "co.uk, ''",
        "shop.co.uk, shop.co.uk",
        "www.shop.co.uk, shop.co.uk",
        "parliament.uk, parliament.uk",
        "nosuchtld, ''",
        "shop.nosuchtld, shop.nosuchtld",
        "a.shop.nosuchtld, shop.nosuchtld",
        "biz, ''",
        "a.shop.biz, shop.biz",
        "jp, ''",
        "shop.jp, shop.jp",
        "ac.jp, ''",
        "shop.ac.jp, shop.ac.jp",
        "kyoto.jp, ''",
        "shop.kyoto.jp, shop.kyoto.jp",
        "ide.kyoto.jp, ''",
        "a.shop.ide.kyoto.jp, shop.ide.kyoto.jp",
        "x.kobe.jp, ''",
        "shop.x.kobe.jp, shop.x.kobe.jp",
        "city.kobe.jp, city.kobe.jp",
        "www.city.kobe.jp, city.kobe.jp",
        "ck, ''",
        "x.ck, ''",
        "shop.x.ck, shop.x.ck",
        "www.ck, www.ck",
        "a.www.ck, www.ck",
        "k12.ak.us, ''",
        "shop.k12.ak.us, shop.k12.ak.us",
        "github.io, ''",
        "someone.github.io, someone.github.io",
        "a.someone.github.io, someone.github.io",
        "\u516c\u53f8.cn, ''",
        "shop.\u516c\u53f8.cn, shop.\u516c\u53f8.cn",
        "\u98df\u72ee.\u516c\u53f8.cn, \u98df\u72ee.\u516c\u53f8.cn",
        "xn--85x722f.xn--55qx5d.cn, \u98df\u72ee.\u516c\u53f8.cn",
        "a.\u98df\u72ee.\u4e2d\u56fd, \u98df\u72ee.\u4e2d\u56fd",
    })
    void theOrganizationalDomainIsFound(String domain, String expected) {
        assertThat(organizational(LIST, domain)).isEqualTo(expected);
        assertThat(LIST.isSuffix(Domain.parse(domain))).isEqualTo(expected.isEmpty());
    }

    @Test
    void thePrivateSectionCanBeLeftOut() {
        assertThat(organizational(ICANN, "a.someone.github.io")).isEqualTo("github.io");
        assertThat(organizational(ICANN, "a.shop.co.uk")).isEqualTo("shop.co.uk");
        assertThat(LIST.isRegistry(Domain.parse("co.uk"))).isTrue();
        assertThat(LIST.isRegistry(Domain.parse("github.io"))).isFalse();
    }

    @Test
    void theWholeListIsReadAndSmall() {
        assertThat(LIST.skipped()).isZero();
        assertThat(LIST.size()).isGreaterThan(9000);
        assertThat(LIST.bytes()).isLessThan(256 * 1024);
    }

    @Test
    void everyRuleOfTheListHolds() throws IOException {
        try (InputStream in = PublicSuffixes.class.getResourceAsStream("public_suffix_list.dat")) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            text.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("//"))
                    .forEach(PublicSuffixesTest::holds);
        }
    }

    private static void holds(String rule) {
        if (rule.startsWith("!")) {
            Domain domain = Domain.parse(rule.substring(1));
            assertThat(LIST.organizational(domain)).as(rule).contains(domain);
        } else {
            Domain domain = Domain.parse(rule.replace("*", "zz--any"));
            assertThat(LIST.isSuffix(domain)).as(rule).isTrue();
            Domain below = Domain.parse("shop." + domain);
            assertThat(LIST.suffixOf(below).isWithin(domain)).as(rule).isTrue();
        }
    }

    @Test
    void aListMayBeAnything() throws IOException {
        String alphabet = "a.b*!/ \n-\u00e4===BEGIN PRIVATE DOMAINS===";
        SplittableRandom random = new SplittableRandom(Seeds.first(5));
        for (int round = 0; round < Seeds.count(2_000); round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(200); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            PublicSuffixes list = read(text.toString());
            for (String name : new String[] {"a", "b.a", "a.b.a", "xn--4ca.a.b"}) {
                Domain domain = Domain.parse(name);
                assertThat(domain.isWithin(list.suffixOf(domain))).isTrue();
                list.organizational(domain)
                        .ifPresent(it -> assertThat(domain.isWithin(it)).isTrue());
            }
        }
    }

    @Test
    void aListWithoutEndIsRefused() {
        InputStream endless =
                new InputStream() {
                    @Override
                    public int read() {
                        return 'a';
                    }
                };
        assertThatThrownBy(() -> PublicSuffixes.read(endless, Sections.ICANN))
                .isInstanceOf(IOException.class);
    }

    private static PublicSuffixes read(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return PublicSuffixes.read(new ByteArrayInputStream(bytes), Sections.ICANN_AND_PRIVATE);
    }
}
