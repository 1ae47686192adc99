package mansio.trust.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import mansio.codec.text.Domain;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;

/** What we sign verifies, however it is cut; what was changed after that does not. */
class RoundTripTest {
    private static final int MESSAGES = Integer.getInteger("mansio.seeds", 100);

    private static final Domain DOMAIN = Domain.parse("signer.example");
    private static final KeyMaterial RSA = KeyMaterial.generate(SignatureAlgorithm.RSA_SHA256);
    private static final KeyMaterial ED25519 =
            KeyMaterial.generate(SignatureAlgorithm.ED25519_SHA256);

    private final SigningKey rsa = RSA.signingKey(DOMAIN, "r1", Crypto.jdk());
    private final SigningKey ed25519 = ED25519.signingKey(DOMAIN, "e1", Crypto.jdk());
    private final Samples samples =
            new Samples(FakeTime.START)
                    .publish(rsa, RSA.record())
                    .publish(ed25519, ED25519.record());

    private static SigningOptions options(SplittableRandom random) {
        Canonicalization[] forms = Canonicalization.values();
        return SigningOptions.DEFAULT.with(forms[random.nextInt(2)], forms[random.nextInt(2)]);
    }

    private static byte[] message(SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        String[] names = {"From", "To", "Subject", "Received", "subject", "X-Odd", "List-Id"};
        for (int n = random.nextInt(12); n > 0; n--) {
            text.append(names[random.nextInt(names.length)]);
            text.append(random.nextInt(9) == 0 ? " :" : ":");
            noise(random, text, "abc;=:   \t\u00e9", 30);
            while (random.nextInt(4) == 0) {
                text.append("\r\n").append(random.nextBoolean() ? " " : "\t");
                noise(random, text, "abc;=:   \t", 20);
            }
            text.append("\r\n");
        }
        if (random.nextInt(20) > 0) {
            text.append("\r\n");
            String[] pieces = {"\r\n", " ", "\t", "a", "word", "\r", "\n", "\r\n\r\n", "=20 "};
            for (int n = random.nextInt(200); n > 0; n--) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
        }
        return text.toString().getBytes(ISO_8859_1);
    }

    private static void noise(
            SplittableRandom random, StringBuilder text, String letters, int max) {
        for (int n = random.nextInt(max); n > 0; n--) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
    }

    private static List<Integer> sizes(SplittableRandom random) {
        List<Integer> sizes = new ArrayList<>();
        for (int n = 1 + random.nextInt(5); n > 0; n--) {
            sizes.add(1 + random.nextInt(random.nextBoolean() ? 3 : 100));
        }
        return sizes;
    }

    @Test
    void whatWeSignVerifies() {
        for (int seed = 0; seed < MESSAGES; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] signed = samples.sign(message(random), options(random), rsa, ed25519);
            List<DkimResult> results = samples.verify(signed, sizes(random));
            assertThat(results).as("seed " + seed).hasSize(2).allMatch(DkimResult::passes);
            assertThat(new String(signed, ISO_8859_1).lines().limit(12))
                    .filteredOn(line -> line.startsWith("DKIM") || line.startsWith(" "))
                    .as("seed " + seed)
                    .allMatch(line -> line.length() <= 78 || !line.startsWith(" b"));
        }
    }

    @Test
    void whatWasChangedFails() {
        String text =
                """
                From: anna@signer.example
                To: bert@there.example
                Subject: hello  there
                Date: Fri, 21 Nov 1997 09:55:06 -0600

                One  line.
                Another.
                """;
        for (Canonicalization form : Canonicalization.values()) {
            SigningOptions options = SigningOptions.DEFAULT.with(form, form);
            byte[] signed = samples.sign(Samples.crlf(text), options, ed25519);
            // The char before "==" has bits that belong to no octet.
            int spare = new String(signed, ISO_8859_1).indexOf("==") - 1;
            for (int at = 0; at < signed.length; at++) {
                if (at == spare) {
                    continue;
                }
                byte[] changed = signed.clone();
                changed[at] = (byte) (changed[at] == 'x' ? 'y' : 'x');
                List<DkimResult> results = samples.verify(changed);
                assertThat(results)
                        .as("at " + at + " of " + new String(changed, ISO_8859_1))
                        .noneMatch(DkimResult::passes);
            }
        }
    }

    @Test
    void relaxedBearsWhatRelaysDo() {
        byte[] signed =
                samples.sign(
                        Samples.crlf("From: a@signer.example\nSubject: a  b\n\nx  y\n\nz\n"),
                        SigningOptions.DEFAULT,
                        rsa);
        String relayed =
                new String(signed, ISO_8859_1)
                                .replace("From: ", "FROM:\t")
                                .replace("a  b", "a\r\n b  ")
                                .replace("x  y\r\n", "x \t y  \r\n")
                        + "\r\n \r\n";
        List<DkimResult> results = samples.verify(relayed.getBytes(ISO_8859_1));
        assertThat(results).allMatch(DkimResult::passes).hasSize(1);
    }

    @Test
    void aLateOneAndAnEarlyOneFail() {
        SigningOptions week = SigningOptions.DEFAULT.lasting(Duration.ofDays(7));
        byte[] signed = samples.sign(Samples.crlf("From: a@signer.example\n\nx\n"), week, rsa);
        assertThat(samples.verify(signed)).allMatch(DkimResult::passes);
        samples.time().setNow(FakeTime.START.plus(week.lifetime().orElseThrow()));
        assertThat(samples.verify(signed)).allMatch(DkimResult::passes);
        samples.time().setNow(FakeTime.START.plusSeconds(7 * 86_400 + 301));
        assertThat(samples.verify(signed).getFirst().reason()).contains("expired");
        samples.time().setNow(FakeTime.START.minusSeconds(301));
        assertThat(samples.verify(signed).getFirst().reason()).contains("of the future");
    }

    @Test
    void piecesMakeNoDifference() {
        SplittableRandom random = new SplittableRandom(5);
        for (int round = 0; round < MESSAGES * 10; round++) {
            byte[] body = message(random);
            for (Canonicalization form : Canonicalization.values()) {
                byte[] whole = canonical(body, form, List.of(body.length + 1));
                byte[] pieces = canonical(body, form, sizes(random));
                assertThat(pieces).isEqualTo(whole);
                assertThat(whole).as("twice").isEqualTo(canonical(whole, form, sizes(random)));
            }
        }
    }

    private static byte[] canonical(byte[] body, Canonicalization form, List<Integer> sizes) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        MessageDigest heard =
                new MessageDigest("none") {
                    @Override
                    protected void engineUpdate(byte octet) {
                        out.write(octet);
                    }

                    @Override
                    protected void engineUpdate(byte[] bytes, int offset, int length) {
                        out.write(bytes, offset, length);
                    }

                    @Override
                    protected byte[] engineDigest() {
                        return new byte[0];
                    }

                    @Override
                    protected void engineReset() {
                        out.reset();
                    }
                };
        CanonicalBody canonical = CanonicalBody.of(form);
        canonical.add(new BodyHash(heard, OptionalLong.empty()));
        int at = 0;
        for (int i = 0; at < body.length; i++) {
            int n = Math.min(sizes.get(i % sizes.size()), body.length - at);
            canonical.feed(body, at, at + n);
            at += n;
        }
        canonical.end();
        return out.toByteArray();
    }
}
