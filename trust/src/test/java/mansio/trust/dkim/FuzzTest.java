package mansio.trust.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import mansio.codec.text.Domain;
import mansio.codec.text.SyntaxException;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Nonsense of all kinds: read in linear time, and refused in one way. */
class FuzzTest {
    private static final int ROUNDS = Integer.getInteger("mansio.seeds", 20_000);

    private static final String[] PIECES = {
        "v=1",
        "a=rsa-sha256",
        "a=ed25519-sha256",
        "b=",
        "bh=",
        "c=relaxed/simple",
        "d=a.example",
        "h=from",
        "h=from:to:from",
        "i=@a.example",
        "l=7",
        "q=dns/txt",
        "s=s",
        "t=1",
        "x=2",
        "v=DKIM1",
        "k=rsa",
        "k=ed25519",
        "p=",
        "t=y:s",
        "s=email",
        "h=sha256",
        "g=*",
        "n=x y",
        ";",
        ";",
        ";",
        ";",
        "; ",
        " ",
        "\r\n ",
        "=",
        ":",
        "@",
        "\u00e9",
        "\0",
        "\\",
        "9",
        "AAAA",
        "2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=",
        "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB"
    };

    private static void each(Consumer<String> parser) {
        int read = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(25); n > 0; n--) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
                text.append(random.nextInt(3) > 0 ? ";" : "");
            }
            try {
                parser.accept(text.toString());
                read++;
            } catch (SyntaxException expected) {
                assertThat(expected.getMessage()).isNotBlank();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + text, e);
            }
        }
        assertThat(read).as("some are good").isBetween(1, ROUNDS - 1);
    }

    @Test
    void tagLists() {
        each(TagList::parse);
    }

    @Test
    void keys() {
        String key = "k=ed25519;p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=;";
        each(text -> KeyRecord.parse(key + text, Crypto.jdk()));
    }

    @Test
    void signatures() {
        String good =
                "v=1;a=rsa-sha256;b=AAAA;bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8=;"
                        + "d=a.example;h=from;s=s;";
        each(text -> DkimSignature.parse(good + text));
        each(text -> DkimSignature.ofArc(TagList.parse(good + text)));
    }

    @Test
    void messages() {
        Samples samples = new Samples(FakeTime.START);
        KeyMaterial material = KeyMaterial.generate(SignatureAlgorithm.ED25519_SHA256);
        SigningKey key = material.signingKey(Domain.parse("a.example"), "s", Crypto.jdk());
        samples.publish(key, material.record());
        byte[] message = Samples.crlf("From: a@a.example\nTo: b\n c\n\nbody  text \n\n");
        byte[] signed = samples.sign(message, SigningOptions.DEFAULT, key);
        for (int seed = 0; seed < ROUNDS / 10; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] changed = signed.clone();
            for (int n = 1 + random.nextInt(8); n > 0; n--) {
                changed[random.nextInt(changed.length)] =
                        (byte) ";:=\r\n \t\0\u00ffbhd1".charAt(random.nextInt(13));
            }
            List<DkimResult> results = samples.verify(changed, List.of(1 + random.nextInt(50)));
            for (DkimResult result : results) {
                assertThat(result.reason().isEmpty()).isEqualTo(result.passes());
                assertThat(result.reason().chars()).allMatch(c -> c >= ' ' && c < 0x7f);
            }
        }
    }

    @Test
    @Timeout(300)
    void muchIsReadInLinearTime() {
        Samples samples = new Samples(FakeTime.START);
        String field = "DKIM-Signature: v=1; a=rsa-sha256; h=" + "from:".repeat(40_000) + "\r\n";
        String[] headers = {
            field,
            "DKIM-Signature:" + ";".repeat(250_000) + "\r\n",
            "DKIM-Signature: " + "b=".repeat(120_000) + "\r\n",
            ("DKIM-Signature: b" + "\r\n".repeat(9) + "\r\n").repeat(9_000),
            "DKIM-Signature: " + "\r\n ".repeat(80_000) + "\r\n",
            "a:\r\n".repeat(60_000) + field.substring(0, 200) + "\r\n"
        };
        for (String header : headers) {
            assertThat(samples.verify((header + "\r\n").getBytes(ISO_8859_1)))
                    .noneMatch(DkimResult::passes);
        }
        String[] bodies = {"\r\n", "\r", "\n", " ", " \r\n", "\r\r\n", "\t x"};
        for (String body : bodies) {
            byte[] message = ("From: a\r\n\r\n" + body.repeat(500_000)).getBytes(ISO_8859_1);
            for (Canonicalization form : Canonicalization.values()) {
                DkimSigning signing =
                        new DkimSigning(
                                Crypto.jdk(),
                                samples.time(),
                                List.of(),
                                SigningOptions.DEFAULT.with(form, form));
                Samples.pass(message, List.of(1, 5000), signing);
                assertThat(signing.fields()).isEmpty();
            }
        }
    }
}
