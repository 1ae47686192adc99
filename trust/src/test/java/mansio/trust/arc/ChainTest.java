package mansio.trust.arc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.codec.text.Domain;
import mansio.net.dns.Answer;
import mansio.testkit.time.FakeTime;
import mansio.trust.dkim.Crypto;
import mansio.trust.dkim.DkimVerification;
import mansio.trust.dkim.KeyMaterial;
import mansio.trust.dkim.Samples;
import mansio.trust.dkim.SignatureAlgorithm;
import mansio.trust.dkim.SigningKey;
import mansio.trust.dkim.SigningOptions;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;

/** Chains that we make ourselves, and what becomes of them. */
class ChainTest {
    private static final KeyMaterial KEY = KeyMaterial.generate(SignatureAlgorithm.RSA_SHA256);

    private final Samples samples = new Samples(FakeTime.START);
    private final byte[] message =
            Samples.crlf("From: anna@first.example\nTo: list@one.example\nSubject: x\n\nbody\n");

    private SigningKey key(String domain) {
        SigningKey key = KEY.signingKey(Domain.parse(domain), "s", Crypto.jdk());
        samples.clear("s._domainkey." + domain).publish(key, KEY.record());
        return key;
    }

    private byte[] seal(byte[] whole, String domain) {
        return seal(whole, domain, validate(whole).state());
    }

    private byte[] seal(byte[] whole, String domain, ArcState chain) {
        ArcSealing sealing =
                new ArcSealing(
                        Crypto.jdk(),
                        samples.time(),
                        SigningOptions.DEFAULT,
                        new ArcSealing.Seal(key(domain), domain + "; spf=pass", chain));
        Samples.pass(whole, List.of(50), sealing);
        return Samples.joined(sealing.fields(), whole);
    }

    private ArcResult validate(byte[] whole) {
        ArcValidation arc = new ArcValidation(samples.surroundings());
        Samples.pass(whole, List.of(33), arc);
        return arc.result(samples.deadline());
    }

    private static String text(byte[] whole) {
        return new String(whole, StandardCharsets.UTF_8);
    }

    @Test
    void aChainGrowsAndNamesItsSealers() {
        byte[] whole = seal(seal(seal(message, "one.example"), "two.example"), "three.example");
        ArcResult result = validate(whole);
        assertThat(result.reason()).isEmpty();
        assertThat(result.sealers())
                .extracting(Domain::text)
                .containsExactly("three.example", "two.example", "one.example");
        assertThat(result.hops().getLast().results()).isEqualTo("one.example; spf=pass");
        assertThat(result.hops()).allMatch(ArcResult.Hop::signsFrom);
        assertThat(result.oldestPass()).isZero();
        assertThat(text(whole).lines()).allMatch(line -> line.length() <= 78);
    }

    @Test
    void aListThatChangesTheBodyIsTheOldestThatPasses() {
        byte[] one = seal(message, "one.example");
        ArcState found = validate(one).state();
        byte[] changed = Samples.joined(one, Samples.crlf("-- \nfooter of the list\n"));
        byte[] whole = seal(seal(changed, "two.example", found), "three.example");
        ArcResult result = validate(whole);
        assertThat(result.state()).as(result.reason()).isEqualTo(ArcState.PASS);
        assertThat(result.oldestPass()).isEqualTo(2);
    }

    @Test
    void aChangeAfterTheLastSealFailsAndStaysFailed() {
        byte[] changed = Samples.joined(seal(message, "one.example"), Samples.crlf("more\n"));
        assertThat(validate(changed).reason())
                .isEqualTo("message signature 1: the body was changed");
        assertThat(samples.asked()).isEmpty();
        byte[] sealed = seal(changed, "two.example");
        assertThat(text(sealed)).contains("cv=fail");
        assertThat(validate(sealed).reason()).contains("the chain is broken");
        assertThat(seal(sealed, "three.example")).isEqualTo(sealed);
    }

    @Test
    void aSealThatClaimsMoreThanThereIsFails() {
        byte[] forged = seal(message, "one.example", ArcState.PASS);
        assertThat(validate(forged).state()).as("the first is cv=none").isEqualTo(ArcState.PASS);
        String text = text(forged).replace("cv=none", "cv=pass");
        assertThat(validate(Samples.crlf(text)).reason()).isEqualTo("set 1 has not cv=none");
    }

    @Test
    void noSetCanBeTakenAwayOrChanged() {
        byte[] whole = seal(seal(message, "one.example"), "two.example");
        String text = text(whole);
        int first = text.indexOf("ARC-Seal:", 10);
        assertThat(
                        validate(
                                        Samples.crlf(
                                                text.substring(0, first)
                                                        + text.substring(text.indexOf("From:"))))
                                .state())
                .isEqualTo(ArcState.FAIL);
        assertThat(validate(Samples.crlf(text.substring(first))).state()).isEqualTo(ArcState.PASS);
        String changed = text.replace("i=1; one.example; spf=pass", "i=1; one.example; spf=fail");
        assertThat(validate(Samples.crlf(changed)).reason())
                .isEqualTo("seal 1: the signature does not match the header");
    }

    @Test
    void fiftySetsPassAndNoMoreAreAdded() {
        byte[] whole = message;
        for (int i = 0; i < 50; i++) {
            whole = seal(whole, "s" + i + ".example", ArcState.PASS);
        }
        ArcResult result = validate(whole);
        assertThat(result.state()).as(result.reason()).isEqualTo(ArcState.PASS);
        assertThat(result.hops()).hasSize(50);
        assertThat(seal(whole, "more.example", ArcState.PASS)).isEqualTo(whole);
        byte[] twice = Samples.joined(whole, new byte[0]);
        String text = text(twice);
        String oneMore = text.substring(0, text.indexOf("ARC-Seal:", 10)) + text;
        int asked = samples.asked().size();
        assertThat(validate(Samples.crlf(oneMore)).reason()).isEqualTo("more than 50 sets");
        assertThat(samples.asked()).hasSize(asked);
    }

    @Test
    void aKeyThatCannotBeHadNowIsSaidToBe() {
        byte[] whole = seal(message, "one.example");
        samples.answer(
                "s._domainkey.one.example", new Answer.Failed(Answer.Kind.TIMEOUT, "no answer"));
        ArcResult result = validate(whole);
        assertThat(result.state()).isEqualTo(ArcState.FAIL);
        assertThat(result.temporary()).isTrue();
    }

    @Test
    void aMessageSignatureOfHalfTheBodyFails() {
        byte[] whole = seal(message, "one.example");
        String text =
                text(whole).replace("t=880127706\r\nARC-Auth", "t=880127706; l=2\r\nARC-Auth");
        assertThat(validate(Samples.crlf(text)).reason())
                .isEqualTo("message signature 1: it does not sign the whole body");
    }

    @Test
    void dkimAndArcShareTheirHashes() {
        byte[] whole = seal(message, "one.example");
        byte[] signed = samples.sign(whole, SigningOptions.DEFAULT, key("first.example"));
        DkimVerification dkim = new DkimVerification(samples.surroundings());
        ArcValidation arc = new ArcValidation(samples.surroundings());
        Samples.pass(signed, List.of(10), dkim, arc);
        assertThat(dkim.results(samples.deadline())).hasSize(1).allMatch(it -> it.passes());
        assertThat(arc.result(samples.deadline()).state()).isEqualTo(ArcState.PASS);
    }

    @Test
    void resultsBringNoFieldOfTheirOwn() {
        SigningKey key = key("one.example");
        for (String results : List.of("x\r\nFrom: me", "x\ny", "x\ry", "\u0000", "x\r\n\r\n y")) {
            assertThatThrownBy(() -> new ArcSealing.Seal(key, results, ArcState.NONE))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void anythingCanBeRead() {
        byte[] whole = seal(seal(message, "one.example"), "two.example");
        for (int seed = 0; seed < Integer.getInteger("mansio.seeds", 2000); seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] changed = whole.clone();
            for (int n = 1 + random.nextInt(6); n > 0; n--) {
                byte with = (byte) ";=:i1a \r\n(\"@\u00ff".charAt(random.nextInt(13));
                changed[random.nextInt(changed.length)] = with;
            }
            assertThat(validate(changed)).as("seed " + seed).isNotNull();
        }
    }
}
