package mansio.state.password;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.testkit.sim.Seeds;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Stored passwords of other servers, against what those servers' own tools made. */
class SchemeParserTest {
    private final SchemeParser parser = new SchemeParser(new Random(1));

    static List<String> storedByOthers() throws IOException {
        try (InputStream in = SchemeParserTest.class.getResourceAsStream("stored.txt")) {
            assertThat(in).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("storedByOthers")
    void matchesWhatOthersStored(String line) throws Exception {
        String password = line.substring(0, line.indexOf('\t'));
        StoredPassword stored = parser.parse(line.substring(line.indexOf('\t') + 1));
        byte[] octets = password.getBytes(StandardCharsets.UTF_8);
        assertThat(stored.matches(octets)).isTrue();
        assertThat(stored.matches(("x" + password).getBytes(StandardCharsets.UTF_8)))
                .as("a wrong password")
                .isEqualTo(password.length() == 80 && stored instanceof Bcrypt); // 72 octets count.
        assertThat(parser.parse(stored.text()).text()).as("round trip").isEqualTo(stored.text());
    }

    @Test
    void allSchemesAreInTheTable() throws IOException {
        String all = String.join("\n", storedByOthers());
        for (String scheme :
                "SHA512-CRYPT SHA256-CRYPT BLF-CRYPT ARGON2ID PBKDF2 SSHA256 SSHA512 CRYPT"
                        .split(" ")) {
            assertThat(all).contains("{" + scheme + "}");
        }
    }

    @Test
    void aPasswordInClearIsNeverKept() throws Exception {
        StoredPassword stored = parser.parse("{PLAIN}open:sesame");
        assertThat(stored.text()).startsWith("{SSHA512}").doesNotContain("sesame");
        assertThat(stored.matches("open:sesame".getBytes(StandardCharsets.UTF_8))).isTrue();
        assertThat(
                        parser.parse("{plain.b64}b3Blbg==")
                                .matches("open".getBytes(StandardCharsets.UTF_8)))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{MD5-CRYPT}$1$abc$def | the scheme MD5-CRYPT is not taken over",
                "$y$j9T$abc$def | crypt hashes of the kind $y$ are not taken over",
                "abJnggxhB/yWI | it has no scheme and is no $5$, $6$ or $2y$ hash",
                "`` | there is no password",
                "{CRYPT} | there is no password",
                "{PLAIN} | the password is empty or too long",
                "{SHA512-CRYPT}$6$salt$tooshort | the hash is not a complete $6$ hash",
                "{SHA512-CRYPT}$5$salt$x | the hash does not begin with $6$",
                "{SHA256-CRYPT}$5$rounds=500001$s$x | more than 500000 rounds",
                "{SHA256-CRYPT}$5$rounds= | rounds= is not a number",
                "{SHA256-CRYPT}$5$rounds=$ | rounds= is not a number",
                "{BLF-CRYPT}$2y$15$abcdefghijklmnopqrstuuWG29KuyeAicPCJODk1zjyGvyQUU2awu | the"
                        + " bcrypt cost 15 is not 4 to 14",
                "{BLF-CRYPT}$2y$05$abc | the hash is not a complete $2a$, $2b$ or $2y$ hash",
                "{ARGON2ID}$argon2id$v=19$m=65537,t=2,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA | `the"
                        + " Argon2 parameters are outside of what is taken over (at"
                        + " most m=65536,t=16,p=8)`",
                "{ARGON2ID}$argon2id$v=16$m=64,t=2,p=1$AAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAA | `the"
                        + " hash is not Argon2 version 19 with parameters, salt and tag`",
                "{PBKDF2}$1$salt$1000001$0f3e1a63fd53b44373a33f26844d1549014c6965 | the number of"
                        + " rounds is not 1 to 1000000",
                "{PBKDF2}$1$salt$5000$0f | the hash is not $1$salt$rounds$hex",
                "{SSHA256}AAAA | the hash is not a SHA-256 digest with a salt behind it",
                "{SSHA256}=== | the hash is not written in base64",
                "{SSHA256.ZIP}AAAA | the encoding ZIP is not known",
                "{SSHA256 | the scheme has no closing brace",
            })
    void refusesWithTheReason(String stored, String reason) {
        assertThatThrownBy(() -> parser.parse(stored))
                .isInstanceOfSatisfying(
                        UnusableHashException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    @Test
    void survivesNonsense() throws IOException {
        List<String> samples = storedByOthers();
        for (long seed : Seeds.of(20_000).toArray()) {
            String text = mutated(samples, new Random(seed));
            try {
                StoredPassword stored = parser.parse(text);
                assertThat(stored.memoryMiB()).as("seed " + seed).isBetween(1, 64);
                parser.parse(stored.text());
            } catch (UnusableHashException e) {
                assertThat(e.reason()).as("seed " + seed).isNotBlank().doesNotContain("\n");
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + text, e);
            }
        }
    }

    private static String mutated(List<String> samples, Random random) {
        String line = samples.get(random.nextInt(samples.size()));
        char[] text = line.substring(line.indexOf('\t') + 1).toCharArray();
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(Math.min(text.length, random.nextBoolean() ? 40 : text.length));
            text[at] = "${}=,.019az\n\u00e9".charAt(random.nextInt(13));
        }
        return new String(
                Arrays.copyOf(
                        text, random.nextInt(4) == 0 ? random.nextInt(text.length) : text.length));
    }
}
