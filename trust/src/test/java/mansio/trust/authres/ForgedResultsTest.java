package mansio.trust.authres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.message.Header;
import mansio.codec.message.HeaderField;
import mansio.testkit.sim.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** Which fields of a message from outside must go. */
class ForgedResultsTest {
    private final ForgedResults forged =
            new ForgedResults(List.of("mail.example.org", "b\u00fccher.example", "Old-Id"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "mail.example.org; spf=pass",
                "MAIL.Example.ORG; none",
                "mail.example.org. ; none",
                "mail.example.org 1; none",
                "mail.example.org 7; none",
                "mail.example.org",
                "\"mail.example.org\"; spf=pass",
                "\"mail\\.example.org\"; spf=pass",
                "(a) mail.example.org (b) 1 (c); spf=pass",
                "b\u00fccher.example; spf=pass",
                "B\u00dcCHER.example; spf=pass",
                "xn--bcher-kva.example; spf=pass",
                "XN--Bcher-kva.EXAMPLE; spf=pass",
                "\uff4dail.example.org; spf=pass",
                "mail.exam\u00adple.org; spf=pass",
                "old-id; spf=pass",
                "mx1.mail.example.org; spf=pass",
                "mail.example.org/mx1; spf=pass",
                "mail.example.org; spf=((( broken",
                "mail.(x)example.org; spf=pass",
                "mail. example.org; spf=pass",
                "spf=pass smtp.mailfrom=mail.example.org",
                "\"mail.example.org; spf=pass",
                "(mail.example.org; spf=pass",
                "; mail.example.org; spf=pass",
                "other.example 2; spf=pass",
                "other.example 99999; spf=pass",
            })
    void whatCouldBeTakenForOursGoes(String value) {
        assertThat(forged.isForged(value)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "other.example; spf=pass",
                "example.org; spf=pass",
                "notmail.example.org; spf=pass",
                "mail.example.org.other.example; spf=pass",
                "other.example; spf=pass smtp.mailfrom=a@mail.example.org",
                "other.example; dkim=((( mail.example.org",
                "(mail.example.org) other.example; spf=pass",
                "other.example 1; none",
                "broken broken; spf=pass",
                "",
            })
    void whatOthersSayStays(String value) {
        assertThat(forged.isForged(value)).isFalse();
    }

    @Test
    void theFieldsOfAHeaderAreFound() {
        String header =
                """
                Received: from a
                Authentication-Results: other.example; spf=pass
                Authentication-Results: mail.example.org; spf=pass
                authentication-results : mail.example.org;
                 dkim=pass header.d=b.example
                ARC-Authentication-Results: i=1; mail.example.org; spf=pass
                X-Authentication-Results: mail.example.org; spf=pass
                Authentication-Results: mail.example.org
                From: a@b.example

                Authentication-Results: mail.example.org; spf=pass
                """
                        .replace("\n", "\r\n");
        Header parsed = Header.parse(header.getBytes(StandardCharsets.UTF_8));
        assertThat(forged.find(parsed))
                .extracting(HeaderField::offset)
                .containsExactly(
                        parsed.field(2).offset(),
                        parsed.field(3).offset(),
                        parsed.field(6).offset());
    }

    @Test
    void aLineThatIsNoFieldGoesToo() {
        String header = "Authentication-\u0001Results: mail.example.org; spf=pass\r\nTo: a\r\n\r\n";
        Header parsed = Header.parse(header.getBytes(StandardCharsets.UTF_8));
        assertThat(forged.find(parsed)).hasSize(1);
    }

    @Test
    void anEmptyIdentifierIsOurMistake() {
        assertThatThrownBy(() -> new ForgedResults(List.of(" ")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /** Whatever a reader could take from the field as our results is found. */
    @Test
    void noReadableFieldOfOursStays() {
        String alphabet = " \t()\\\"1/.";
        String id = "mail.example.org";
        SplittableRandom random = new SplittableRandom(Seeds.first(3));
        for (int round = 0; round < Seeds.count(20_000); round++) {
            StringBuilder value = new StringBuilder(id);
            for (int i = random.nextInt(6); i > 0; i--) {
                char c = alphabet.charAt(random.nextInt(alphabet.length()));
                value.insert(random.nextInt(value.length() + 1), c);
            }
            value.append("; spf=pass");
            boolean ours =
                    AuthenticationResults.tryParse(value.toString())
                            .filter(read -> read.authservId().equalsIgnoreCase(id))
                            .isPresent();
            boolean gone = forged.isForged(value.toString());
            assertThat(gone || !ours).as(value.toString()).isTrue();
        }
    }
}
