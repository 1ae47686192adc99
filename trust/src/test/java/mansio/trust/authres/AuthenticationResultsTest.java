package mansio.trust.authres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.message.Header;
import mansio.codec.message.HeaderField;
import mansio.codec.text.SyntaxException;
import mansio.testkit.sim.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** Fields read and written. */
class AuthenticationResultsTest {
    private static AuthenticationResults read(String value) {
        return AuthenticationResults.parse(value);
    }

    private static AuthenticationResults of(MethodResult... results) {
        return new AuthenticationResults("mx.example.org", List.of(results));
    }

    private static String text(byte[] field) {
        return new String(field, StandardCharsets.UTF_8);
    }

    private static AuthenticationResults again(AuthenticationResults results) {
        HeaderField field =
                Header.parse((text(results.toField()) + "\r\n").getBytes(StandardCharsets.UTF_8))
                        .field(0);
        return AuthenticationResults.of(field).orElseThrow();
    }

    /** RFC 8601 appendix B.2 to B.7, with other names. */
    @Test
    void theExamplesOfTheRfcAreRead() {
        assertThat(read("example.org 1; none").results()).isEmpty();
        assertThat(read("example.com; spf=pass smtp.mailfrom=example.net").results())
                .containsExactly(
                        MethodResult.of("spf", "pass").with("smtp", "mailfrom", "example.net"));
        AuthenticationResults two =
                read(
                        "example.com;\r\n\tauth=pass (cram-md5) smtp.auth=sender@example.net;\r\n"
                                + "  spf=fail smtp.mailfrom=example.net");
        assertThat(two.authservId()).isEqualTo("example.com");
        assertThat(two.of("auth").getFirst().property("smtp", "auth"))
                .contains("sender@example.net");
        assertThat(two.of("spf").getFirst().result()).isEqualTo("fail");
        AuthenticationResults reasons =
                read(
                        "example.com; dkim=pass reason=\"good signature\""
                                + " header.i=@mail.example.net; dkim=fail reason=\"bad signature\""
                                + " header.i=@newyork.example.com");
        assertThat(reasons.of("dkim"))
                .containsExactly(
                        MethodResult.of("dkim", "pass")
                                .because("good signature")
                                .with("header", "i", "@mail.example.net"),
                        MethodResult.of("dkim", "fail")
                                .because("bad signature")
                                .with("header", "i", "@newyork.example.com"));
    }

    /** RFC 8601 appendix B.7: comments wherever they may stand. */
    @Test
    void commentsStandAnywhere() {
        AuthenticationResults read =
                read(
                        "foo.example.net (foobar) 1 (baz);\r\n"
                            + "    dkim (Because I like it) / 1 (One yay) = (wait for it) fail\r\n"
                            + "      policy (A dot can go here) . (like that) expired\r\n"
                            + "      (this surprised me) = (as (I (was) \\) not) expecting it)"
                            + " 1362471462");
        assertThat(read)
                .isEqualTo(
                        new AuthenticationResults(
                                "foo.example.net",
                                List.of(
                                        MethodResult.of("dkim", "fail")
                                                .with("policy", "expired", "1362471462"))));
    }

    @Test
    void whatLargeServersWriteIsRead() {
        AuthenticationResults read =
                read(
                        "mx.example.com;\r\n"
                            + "       dkim=pass header.i=@g.example header.s=20230601"
                            + " header.b=\"Ab/c+d==\";\r\n"
                            + "       spf=pass (example.com: domain of a@b designates 192.0.2.1 as"
                            + " permitted) smtp.mailfrom=prvs=1=a+b=c@list.example;\r\n"
                            + "       dmarc=pass action=none header.from=g.example;compauth=pass"
                            + " reason=100;");
        assertThat(read.of("dkim").getFirst().property("header", "b")).contains("Ab/c+d==");
        assertThat(read.of("spf").getFirst().property("smtp", "mailfrom"))
                .contains("prvs=1=a+b=c@list.example");
        assertThat(read.of("dmarc").getFirst().property("", "action")).contains("none");
        assertThat(read.of("compauth").getFirst().reason()).contains("100");
        assertThat(read("a.example; spf=none smtp.mailfrom=; x-list=pass").results()).hasSize(2);
        assertThat(read("a.example; auth=pass smtp.auth=\"a \\\"b\\\"\"@c.example").results())
                .containsExactly(
                        MethodResult.of("auth", "pass")
                                .with("smtp", "auth", "\"a \\\"b\\\"\"@c.example"));
    }

    @Test
    void anotherVersionOfAMethodIsPassedOver() {
        assertThat(read("a.example; dkim/2=pass header.d=b.example; spf/1=fail").results())
                .containsExactly(MethodResult.of("spf", "fail"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ";",
                "; spf=pass",
                "spf=pass smtp.mailfrom=a.example",
                "a.example b.example; spf=pass",
                "a.example 2; spf=pass",
                "a.example; spf",
                "a.example; spf=",
                "a.example; spf=pass smtp.mailfrom",
                "a.example; spf=pass (no end",
                "a.example; spf=pass reason=\"no end",
                "a.example; spf=pass smtp.mailfrom=\"a\\",
                "exam(x)ple.org; spf=pass",
            })
    void whatIsNoFieldIsRefused(String value) {
        assertThatThrownBy(() -> read(value)).isInstanceOf(SyntaxException.class);
        assertThat(AuthenticationResults.tryParse(value)).isEmpty();
    }

    @Test
    void sizesAndCountsAreLimited() {
        assertThat(AuthenticationResults.tryParse("a.example" + "; spf=pass".repeat(100)))
                .isPresent();
        assertThat(AuthenticationResults.tryParse("a.example" + "; spf=pass".repeat(101)))
                .isEmpty();
        assertThat(AuthenticationResults.tryParse("a.example; x=y" + " a.b=c".repeat(51)))
                .isEmpty();
        assertThat(AuthenticationResults.tryParse("a.example; none" + " ".repeat(1 << 16)))
                .isEmpty();
        String deep = "(".repeat(30_000) + ")".repeat(30_000);
        assertThat(AuthenticationResults.tryParse(deep + "a.example; none")).isPresent();
    }

    @Test
    void whatIsWrittenIsFoldedAndReadAgain() {
        AuthenticationResults results =
                of(
                        MethodResult.of("iprev", "pass").with("policy", "iprev", "2001:db8::1"),
                        MethodResult.of("spf", "softfail")
                                .because("domain of a@b.example does not say \"yes\" to \\ this")
                                .with("smtp", "mailfrom", "b.example")
                                .with("smtp", "helo", "x y; dkim=pass"),
                        MethodResult.of("dkim", "pass")
                                .with("header", "d", "b.example")
                                .with("header", "i", "@b.example")
                                .with("header", "b", "Ab/c+d=="),
                        MethodResult.of("auth", "pass").with("smtp", "auth", "\"a b\"@c.example"),
                        MethodResult.of("arc", "none"),
                        MethodResult.of("dnswl", "pass").with("dns", "zone", "list.example"),
                        MethodResult.of("x-local", "fail").with("policy", "empty", ""));
        String field = text(results.toField());
        assertThat(field).startsWith("Authentication-Results: mx.example.org;").endsWith("\r\n");
        assertThat(field.lines()).allMatch(line -> line.length() <= 78);
        assertThat(field.lines().skip(1)).allMatch(line -> line.startsWith(" "));
        assertThat(field).contains("iprev=pass policy.iprev=\"2001:db8::1\";");
        assertThat(field).contains("header.i=@b.example");
        assertThat(again(results)).isEqualTo(results);
        assertThat(text(of().toField()))
                .isEqualTo("Authentication-Results: mx.example.org; none\r\n");
        assertThat(again(of())).isEqualTo(of());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x\r\nFrom: evil@b.example",
                "x; dkim=pass header.d=bank.example",
                "x\"; dkim=pass header.d=bank.example; x=\"",
                "x\\\"; dkim=pass",
                "x\\",
                "(((",
                "x\u0000y\u0085z",
                "\ud83d",
                "a@b.example; dkim=pass",
                "\"; dkim=pass;\"@b.example",
                "@b.example; dkim=pass",
            })
    void nothingFromOutsideBreaksOut(String evil) {
        AuthenticationResults results =
                of(MethodResult.of("spf", "fail").because(evil).with("smtp", "helo", evil));
        String field = text(results.toField());
        assertThat(field.replace("\r\n ", " ").indexOf('\n'))
                .isEqualTo(field.replace("\r\n ", " ").length() - 1);
        AuthenticationResults read = again(results);
        assertThat(read.results()).hasSize(1);
        assertThat(read.results().getFirst().properties()).hasSize(1);
        assertThat(read.results().getFirst().result()).isEqualTo("fail");
    }

    @Test
    void longTextIsCut() {
        MethodResult result = MethodResult.of("spf", "fail").with("smtp", "helo", "x".repeat(5000));
        assertThat(text(of(result).toField()).lines()).allMatch(line -> line.length() < 400);
    }

    @Test
    void arcResultsAreReadAndWritten() {
        ArcResults arc = ArcResults.parse(" i = 2 (x); a.example 1; spf=pass");
        assertThat(arc.instance()).isEqualTo(2);
        assertThat(arc.results().of("spf")).hasSize(1);
        assertThat(text(arc.toField()))
                .isEqualTo("ARC-Authentication-Results: i=2; a.example; spf=pass\r\n");
        for (String wrong :
                List.of("a.example; spf=pass", "i=0; a.example; none", "i=51; a; none", "i=1;")) {
            assertThat(ArcResults.tryParse(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void anythingIsReadOrRefused() {
        String alphabet = "a.b=;\"\\()@/ 1\r\n\t\u00e4none";
        SplittableRandom random = new SplittableRandom(Seeds.first(7));
        for (int round = 0; round < Seeds.count(20_000); round++) {
            StringBuilder value = new StringBuilder(random.nextBoolean() ? "a.b; x=y" : "");
            for (int i = random.nextInt(40); i > 0; i--) {
                value.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            AuthenticationResults.tryParse(value.toString())
                    .ifPresent(
                            read -> {
                                AuthenticationResults once = again(read);
                                assertThat(again(once)).as(value.toString()).isEqualTo(once);
                                assertThat(once.results()).hasSameSizeAs(read.results());
                            });
            ArcResults.tryParse(value.toString());
        }
    }
}
