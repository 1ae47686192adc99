package mansio.trust.dkim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.text.Domain;
import mansio.codec.text.SyntaxException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.security.InvalidKeyException;
import java.security.Key;
import java.security.KeyFactorySpi;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.KeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

class KeyMaterialTest {
    /** RFC 6376 appendix C: what openssl made then, and opendkim-genkey. */
    private static final String PKCS1 =
            """
            -----BEGIN RSA PRIVATE KEY-----
            MIICXwIBAAKBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYtIxN2SnFC
            jxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v/RtdC2UzJ1lWT947qR+Rcac2gb
            to/NMqJ0fzfVjH4OuKhitdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB
            AoGBALmn+XwWk7akvkUlqb+dOxyLB9i5VBVfje89Teolwc9YJT36BGN/l4e0l6QX
            /1//6DWUTB3KI6wFcm7TWJcxbS0tcKZX7FsJvUz1SbQnkS54DJck1EZO/BLa5ckJ
            gAYIaqlA9C0ZwM6i58lLlPadX/rtHb7pWzeNcZHjKrjM461ZAkEA+itss2nRlmyO
            n1/5yDyCluST4dQfO8kAB3toSEVc7DeFeDhnC1mZdjASZNvdHS4gbLIA1hUGEF9m
            3hKsGUMMPwJBAPW5v/U+AWTADFCS22t72NUurgzeAbzb1HWMqO4y4+9Hpjk5wvL/
            eVYizyuce3/fGke7aRYw/ADKygMJdW8H/OcCQQDz5OQb4j2QDpPZc0Nc4QlbvMsj
            7p7otWRO5xRa6SzXqqV3+F0VpqvDmshEBkoCydaYwc2o6WQ5EBmExeV8124XAkEA
            qZzGsIxVP+sEVRWZmW6KNFSdVUpk3qzK0Tz/WjQMe5z0UunY9Ax9/4PVhp/j61bf
            eAYXunajbBSOLlx4D+TunwJBANkPI5S9iylsbLs6NkaMHV6k5ioHBBmgCak95JGX
            GMot/L2x0IYyMLAz6oLWh2hm7zwtb0CgOrPo1ke44hFYnfc=
            -----END RSA PRIVATE KEY-----
            """;

    @Test
    void theKeyOfTheRfc() {
        KeyMaterial key = KeyMaterial.ofPem(PKCS1);
        assertThat(key.bits()).isEqualTo(1024);
        assertThat(key.record())
                .isEqualTo(
                        "v=DKIM1; k=rsa; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQ"
                                + "KBgQDwIRP/UC3SBsEmGqZ9ZJW3/DkMoGeLnQg1fWn7/zYt"
                                + "IxN2SnFCjxOCKG9v3b4jYfcTNh5ijSsq631uBItLa7od+v"
                                + "/RtdC2UzJ1lWT947qR+Rcac2gbto/NMqJ0fzfVjH4OuKhi"
                                + "tdY9tf6mcwGjaNBcWToIMmPSPDdQPNUYckcQ2QIDAQAB");
    }

    @Test
    void theEd25519KeyOfTheRfc() {
        // RFC 8463 appendix A.1
        byte[] seed = Base64.getDecoder().decode("nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=");
        String head = "302e020100300506032b657004220420";
        KeyMaterial key = KeyMaterial.of(Samples.joined(HexFormat.of().parseHex(head), seed));
        assertThat(key.record())
                .isEqualTo("v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    }

    @Test
    void aKeyOfOthers() {
        KeyMaterial key = KeyMaterial.ofPem(Samples.resource("/dkim/mimekit/example.pem"));
        String published =
                Samples.resource("/dkim/mimekit/example.pub").replaceAll("-----.*|\\s", "");
        assertThat(key.record()).endsWith("p=" + published);
    }

    @ParameterizedTest
    @EnumSource(SignatureAlgorithm.class)
    void aKeyIsWrittenAndReadAgain(SignatureAlgorithm algorithm) {
        KeyMaterial key = KeyMaterial.generate(algorithm);
        KeyMaterial again = KeyMaterial.ofPem("a comment\n" + key.pem());
        assertThat(again.pkcs8()).isEqualTo(key.pkcs8());
        assertThat(again.algorithm()).isEqualTo(algorithm);
        assertThat(KeyRecord.parse(key.record(), Crypto.jdk()).bits()).isEqualTo(key.bits());
        assertThat(key.toString()).doesNotContain(key.pem().substring(40, 60));
    }

    @Test
    void recordsAreCutIntoStrings() {
        String record = KeyMaterial.generate(SignatureAlgorithm.RSA_SHA256).record();
        List<String> strings = KeyMaterial.strings(record);
        assertThat(strings).hasSize(2).allMatch(it -> it.length() <= 255);
        assertThat(String.join("", strings)).isEqualTo(record);
        assertThat(KeyMaterial.strings("x".repeat(255))).hasSize(1);
        assertThat(KeyMaterial.strings("x".repeat(256))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-----BEGIN RSA PRIVATE KEY-----",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n",
                "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
                "-----BEGIN PRIVATE KEY-----\n=\n-----END PRIVATE KEY-----\n",
                "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                        + "AAAA\n"
                        + "-----END ENCRYPTED PRIVATE KEY-----\n",
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n"
                        + "-----END RSA PRIVATE KEY-----\n",
                "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
            })
    void whatIsNoKey(String text) {
        assertThatThrownBy(() -> KeyMaterial.ofPem(text)).isInstanceOf(SyntaxException.class);
    }

    /** A provider that looks closer than who read the key. */
    private static final class Picky extends Provider {
        private static final long serialVersionUID = 1;

        Picky() {
            super("Picky", "1", "takes no key");
            put("KeyFactory.Ed25519", PickyFactory.class.getName());
        }
    }

    /** Made by its name. */
    public static final class PickyFactory extends KeyFactorySpi {
        @Override
        protected PublicKey engineGeneratePublic(KeySpec spec) throws InvalidKeySpecException {
            throw new InvalidKeySpecException("no");
        }

        @Override
        protected PrivateKey engineGeneratePrivate(KeySpec spec) throws InvalidKeySpecException {
            throw new InvalidKeySpecException("no");
        }

        @Override
        protected <T extends KeySpec> T engineGetKeySpec(Key key, Class<T> type)
                throws InvalidKeySpecException {
            throw new InvalidKeySpecException("no");
        }

        @Override
        protected Key engineTranslateKey(Key key) throws InvalidKeyException {
            throw new InvalidKeyException("no");
        }
    }

    @Test
    void aKeyThatTheProviderDoesNotTakeIsSaidToBeNone() {
        KeyMaterial key = KeyMaterial.generate(SignatureAlgorithm.ED25519_SHA256);
        Domain domain = Domain.parse("example.org");
        assertThat(key.signingKey(domain, "s", Crypto.jdk()).selector()).isEqualTo("s");
        assertThatThrownBy(() -> key.signingKey(domain, "s", Crypto.with(new Picky())))
                .isInstanceOf(SyntaxException.class);
    }
}
