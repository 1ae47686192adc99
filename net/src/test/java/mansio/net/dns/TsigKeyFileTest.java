package mansio.net.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.text.SyntaxException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** Files as tsig-keygen prints them, and secrets alone. */
class TsigKeyFileTest {
    private static final DnsName NAME = DnsName.parse("mansio.example.org");

    @Test
    void asItIsPrinted() {
        String text =
                """
                key "Mansio.example.org." {
                \talgorithm hmac-sha512;
                \tsecret "c2VjcmV0";
                };
                """;
        assertThat(TsigKeyFile.isMeant(text)).isTrue();
        List<TsigKey> keys = TsigKeyFile.parse(text);
        assertThat(keys).hasSize(1);
        assertThat(keys.getFirst().name()).isEqualTo(NAME);
        assertThat(keys.getFirst().algorithm()).isEqualTo(TsigAlgorithm.HMAC_SHA512);
        assertThat(keys.getFirst().secret()).isEqualTo("secret".getBytes(StandardCharsets.UTF_8));
        assertThat(keys.getFirst()).hasToString("mansio.example.org (hmac-sha512)");
    }

    @Test
    void asPeopleWriteIt() {
        String text =
                """
                # of the zone's server
                key a { secret c2VjcmV0; /* the
                old one */ algorithm HMAC-SHA1.; } // and
                key "b"{algorithm"hmac-sha256";secret"c2Vj cmV0"; };\
                """;
        assertThat(TsigKeyFile.isMeant(text)).isTrue();
        assertThat(TsigKeyFile.parse(text))
                .extracting(TsigKey::toString)
                .containsExactly("a (hmac-sha1)", "b (hmac-sha256)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "key",
                "key x",
                "key x {",
                "key x {}",
                "key x { algorithm hmac-sha256; };",
                "key x { secret c2VjcmV0; };",
                "key x { algorithm hmac-md5; secret c2VjcmV0; };",
                "key x { algorithm hmac-sha256; secret ***; };",
                "key x { algorithm hmac-sha256; secret \"\"; };",
                "key x { algorithm hmac-sha256; secret c2VjcmV0 };",
                "key x { algorithm hmac-sha256; secret ; };",
                "key x { algorithm hmac-sha256; secret c2VjcmV0; port 53; };",
                "key a..b { algorithm hmac-sha256; secret c2VjcmV0; };",
                "key x { algorithm hmac-sha256; secret c2VjcmV0; }; zone",
                "key \"x",
                "/* key x"
            })
    void broken(String text) {
        assertThatThrownBy(() -> TsigKeyFile.parse(text)).isInstanceOf(SyntaxException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "c2VjcmV0", "keyc2VjcmV0", "\"key", "/* key", "zone \"x\" {};"})
    void somethingElse(String text) {
        assertThat(TsigKeyFile.isMeant(text)).isFalse();
    }

    @Test
    void secretsAlone() {
        TsigKey key = TsigKey.ofBase64(NAME, TsigAlgorithm.HMAC_SHA256, " c2Vj\r\ncmV0\n");
        assertThat(key.secret()).isEqualTo("secret".getBytes(StandardCharsets.UTF_8));
        for (String wrong : List.of("", "\n", "c2Vjc", "\u00fc", "A".repeat(100_000))) {
            assertThatThrownBy(() -> TsigKey.ofBase64(NAME, TsigAlgorithm.HMAC_SHA256, wrong))
                    .isInstanceOf(SyntaxException.class);
        }
    }

    /** Nothing but keys or a SyntaxException comes of anything. */
    @Test
    void fuzz() {
        SplittableRandom random = new SplittableRandom(7);
        String[] words = {
            "key",
            " ",
            "x",
            "{",
            "}",
            ";",
            "algorithm",
            "hmac-sha256",
            "secret",
            "c2VjcmV0",
            "\"",
            "/*",
            "*/",
            "//",
            "#",
            "\n",
            "\\",
            "\u00fc"
        };
        String good = "key x { algorithm hmac-sha256; secret c2VjcmV0; };";
        int read = 0;
        for (int run = 0; run < 50_000; run++) {
            StringBuilder text = new StringBuilder(random.nextBoolean() ? good : "");
            for (int i = random.nextInt(12); i > 0; i--) {
                text.insert(random.nextInt(text.length() + 1), words[random.nextInt(words.length)]);
            }
            TsigKeyFile.isMeant(text.toString());
            try {
                read += TsigKeyFile.parse(text.toString()).size();
            } catch (SyntaxException e) {
                assertThat(e.offset()).isBetween(0, Math.max(255, text.length()));
            }
        }
        assertThat(read).as("still keys").isGreaterThan(1_000);
    }
}
