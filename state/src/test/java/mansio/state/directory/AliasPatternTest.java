package mansio.state.directory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.text.Address;
import mansio.codec.text.LocalPart;
import mansio.codec.text.SyntaxException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

class AliasPatternTest {
    private static AliasPattern pattern(String text) {
        return AliasPattern.of(new LocalPart(text));
    }

    private static Optional<String> filled(String pattern, String local, String target) {
        return pattern(pattern)
                .match(new LocalPart(local))
                .flatMap(it -> it.fill(Address.parse(target)))
                .map(Address::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "info-*         ; info-a     ; x@b.example      ; x@b.example",
                "info-*         ; INFO-      ; x@b.example      ; x@b.example",
                "info-*         ; inf        ; x@b.example      ;",
                "info-*         ; xinfo-a    ; x@b.example      ;",
                "*              ; anything   ; x@b.example      ; x@b.example",
                "*-*            ; Ann-Mary   ; $2.$1@b.example  ; Mary.Ann@b.example",
                "*.x            ; axx        ; x@b.example      ;",
                "a+*            ; aab        ; x@b.example      ;",
                "a+*            ; a+b        ; $1@b.example     ; b@b.example",
                "*              ; a          ; $2@b.example     ;",
                "*              ; a          ; a$0@b.example    ; a$0@b.example",
                "/^(a|b)[0-9]+$/ ; B17       ; $1@b.example     ; B@b.example",
                "/a/            ; ab         ; x@b.example      ;",
                "/a|b/          ; b          ; x@b.example      ; x@b.example",
                "/(a)|(b)/      ; b          ; $1@b.example     ;",
                "/\u00c4.*/     ; \u00e4nne  ; x@b.example      ; x@b.example",
            })
    void fits(String pattern, String local, String target, String expected) {
        assertThat(filled(pattern, local, target)).isEqualTo(Optional.ofNullable(expected));
    }

    @Test
    void whatIsFilledInStaysALocalPart() {
        String longest = "\u00e4".repeat(32);
        assertThat(filled("*", longest, "$1@b.example")).isPresent();
        assertThat(filled("*", longest, "x$1@b.example")).isEmpty();
        assertThat(filled("*", longest, "$1$1$1$1$1$1$1$1$1$1$1@b.example")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/(/",
                "/a**/",
                "/(?=a)b/",
                "/(a)\\1/",
                "/a{1001}/",
                "/(a{40}){40}/",
                "/((a{1,40}){40}){40}/",
            })
    void whatIsNoExpressionOrTooLargeIsRefused(String pattern) {
        assertThatThrownBy(() -> pattern(pattern)).isInstanceOf(SyntaxException.class);
    }

    @Test
    void aHostileAddressTakesNoTime() {
        // A matcher that goes back would take 2^60 steps for the first of these.
        AliasPattern pattern = pattern("/(a+)+$/");
        assertThat(pattern.match(new LocalPart("a".repeat(60) + "!"))).isEmpty();
        AliasPattern stars = pattern("*a".repeat(90));
        assertThat(stars.match(new LocalPart("a".repeat(64)))).isEmpty();
    }

    @Test
    void theMoreItFixesTheEarlierItIsAsked() {
        assertThat(
                        Stream.of("*", "/x/", "info-*", "*-a", "info-a*")
                                .map(AliasPatternTest::pattern)
                                .sorted(AliasPattern.ORDER)
                                .map(it -> it.match(new LocalPart("info-a")).isPresent()))
                .containsExactly(true, true, true, true, false);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "anna@b.example",
                "info-*@b.example",
                "/^a@?b\\d$/@b.example",
                "/a@b.example"
            })
    void namesAreReadAsTheyAreShown(String name) {
        assertThat(AliasPattern.show(AliasPattern.parse(name))).isEqualTo(name);
    }

    @Test
    void anyTextIsAPatternOrASentence() {
        Random random = new Random(5);
        String alphabet = "ab*$1(){}[]|\\^.+?/,2-";
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? "/" : "");
            for (int n = 1 + random.nextInt(20); n > 0; n--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            text.append(random.nextBoolean() ? "/" : "*");
            try {
                pattern(text.toString())
                        .match(new LocalPart("aab1b"))
                        .ifPresent(it -> it.fill(Address.parse("$1-$2@b.example")));
            } catch (SyntaxException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }
}
