package mansio.trust.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.management.ThreadMXBean;

import mansio.codec.text.Domain;
import mansio.net.dns.Answer;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/** The rules of RFC 6376 sections 3.5, 3.6.1 and 6.1, and what attackers make of them. */
class RulesTest {
    private static final KeyMaterial RSA = KeyMaterial.generate(SignatureAlgorithm.RSA_SHA256);
    private static final KeyMaterial ED25519 =
            KeyMaterial.generate(SignatureAlgorithm.ED25519_SHA256);
    private static final Domain DOMAIN = Domain.parse("signer.example");

    private final SigningKey key = ED25519.signingKey(DOMAIN, "s1", Crypto.jdk());
    private final Samples samples = new Samples(FakeTime.START).publish(key, ED25519.record());
    private final byte[] message =
            Samples.crlf(
                    """
                    From: anna@signer.example
                    To: bert@there.example
                    Subject: hello

                    first line
                    second line
                    """);

    private String verified(byte[] signed) {
        List<DkimResult> results = samples.verify(signed);
        assertThat(results).hasSize(1);
        return said(results.getFirst());
    }

    private static String said(DkimResult result) {
        return (result.state() + " " + result.reason()).strip();
    }

    private static String p(KeyMaterial key) {
        return key.record().substring(key.record().indexOf("p="));
    }

    // ---- tags of the signature ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=1;D                 | PASS",
                "v=1 ; D ; unknown=x;  | PASS",
                "D                     | PERMERROR v= is missing",
                "v=2; D                | PERMERROR v= is not 1",
                "v=1; D; v=1           | PERMERROR a tag is there twice",
                "v=1; D; i=x@signer.example | PASS",
                "v=1; D; i=@a.signer.example | PASS",
                "v=1; D; i=@Signer.EXAMPLE | PASS",
                "v=1; D; i=@example    | PERMERROR i= is not within d=",
                "v=1; D; i=@xsigner.example | PERMERROR i= is not within d=",
                "v=1; D; i=signer.example | PERMERROR i= is no identity",
                "v=1; D; q=dns/txt     | PASS",
                "v=1; D; q=x:dns/txt   | PASS",
                "v=1; D; q=carrier/pigeon | PERMERROR q= has no way to the key that we know",
                "v=1; D; t=880127706; x=880127706 | PERMERROR x= is not after t=",
                "v=1; D; t=soon        | PERMERROR t= is no number",
                "v=1; D; x=880127000   | FAIL the signature expired at 1997-11-21T15:43:20Z",
                "v=1; D; t=9999999999999 | PERMERROR t= is no number",
                "v=1; D; l=-1          | PERMERROR l= is no number",
                "v=1; D; l=99999999999999999999999 | PERMERROR l= is larger than the body",
                "v=1; D;; x=1          | PERMERROR expected the name of a tag",
                "v=1; D; 1=1           | PERMERROR expected the name of a tag"
            })
    void signatureTags(String tags, String wanted) {
        String d = "a=ed25519-sha256; c=relaxed/relaxed; d=signer.example; s=s1";
        // Made signs what it is told, tag for tag, but the last semicolon is its own.
        String all = tags.replace("D", d).replaceAll(";$", "");
        assertThat(verified(new Made(key).tags(all).on(message))).isEqualTo(wanted);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a=rsa-sha1; d=signer.example; s=s1 | rsa-sha1 is not to be believed (RFC 8301)",
                "a=rsa-sha512; d=signer.example; s=s1 | a= is no algorithm we know",
                "d=signer.example; s=s1 | a= is missing",
                "a=ed25519-sha256; d=; s=s1 | d= is no domain",
                "a=ed25519-sha256; s=s1 | d= is missing",
                "a=ed25519-sha256; d=signer.example | s= is missing",
                "a=ed25519-sha256; d=signer.example; s=a\\b | s= is no selector",
                "a=ed25519-sha256; d=signer.example; s=a..b | s= and d= make no name of the DNS",
                "a=ed25519-sha256; d=signer.example; s=s1; c=nonsense | c= is no canonicalization"
                        + " we know",
                "a=rsa-sha256; d=signer.example; s=s1; c=relaxed/relaxed | the key is of another"
                        + " algorithm"
            })
    void claims(String tags, String wanted) {
        assertThat(verified(new Made(key).tags("v=1; " + tags).on(message)))
                .isEqualTo("PERMERROR " + wanted);
    }

    @Test
    void withoutCItIsSimple() {
        Made made = new Made(key).simple();
        byte[] signed = made.tags("v=1; a=ed25519-sha256; d=signer.example; s=s1").on(message);
        assertThat(verified(signed)).isEqualTo("PASS");
        String changed = new String(signed, UTF_8).replace("From: anna", "From:  anna");
        assertThat(verified(Samples.crlf(changed)))
                .isEqualTo("FAIL the signature does not match the header");
    }

    @Test
    void fromHasToBeSigned() {
        assertThat(verified(new Made(key).names("to:subject").on(message)))
                .isEqualTo("PERMERROR From is not signed");
        assertThat(verified(new Made(key).names("FROM").on(message))).isEqualTo("PASS");
    }

    @Test
    void internationalNames() {
        // RFC 8616: U-labels in d=, i= and s=.
        Domain domain = Domain.parse("b\u00fccher.example");
        SigningKey own = ED25519.signingKey(domain, "caf\u00e9", Crypto.jdk());
        samples.publish("xn--caf-dma._domainkey.xn--bcher-kva.example", ED25519.record());
        String tags =
                "v=1; a=ed25519-sha256; c=relaxed/relaxed; d=b\u00fccher.example;"
                        + " i=j\u00f6rg@sub.b\u00fccher.example; s=caf\u00e9";
        assertThat(verified(new Made(own).tags(tags).on(message))).isEqualTo("PASS");
    }

    // ---- l= ----

    @Test
    void whatIsBehindLIsNotSigned() {
        byte[] whole = new Made(key).length(25).on(message);
        assertThat(verified(whole)).isEqualTo("PASS");
        byte[] longer = Samples.joined(whole, Samples.crlf("added\n"));
        DkimResult result = samples.verify(longer).getFirst();
        assertThat(said(result)).isEqualTo("POLICY signed only the first 25 octets of the body");
        assertThat(result.passes()).isFalse();
        assertThat(result.unsignedTail()).isEqualTo(7);
        assertThat(verified(new Made(key).length(0).on(message)))
                .isEqualTo("POLICY signed only the first 0 octets of the body");
        assertThat(verified(new Made(key).length(26).on(message)))
                .isEqualTo("PERMERROR l= is larger than the body");
    }

    // ---- fields that are added ----

    @Test
    void aSecondFromBreaksAnOversignedSignature() {
        byte[] ours = samples.sign(message, SigningOptions.DEFAULT, key);
        for (String name : List.of("From", "Subject", "To", "Date", "Reply-To", "Content-Type")) {
            byte[] added = Samples.joined(Samples.crlf(name + ": evil\n"), ours);
            assertThat(verified(added)).as(name).startsWith("FAIL");
            String below = new String(ours, UTF_8).replace("To: bert", name + ": evil\r\nTo: bert");
            assertThat(verified(Samples.crlf(below))).as(name).startsWith("FAIL");
        }
    }

    @Test
    void fieldsAreTakenFromTheBottom() {
        byte[] signed = new Made(key).names("from:subject").on(message);
        byte[] above = Samples.joined(Samples.crlf("Subject: evil\n"), signed);
        assertThat(verified(above)).as("not oversigned: RFC 6376 8.15").isEqualTo("PASS");
        String below = new String(signed, UTF_8).replace("\r\n\r\n", "\r\nSubject: evil\r\n\r\n");
        assertThat(verified(Samples.crlf(below))).startsWith("FAIL");
    }

    @Test
    void aFieldHiddenBehindABareLfIsAField() {
        byte[] ours = samples.sign(message, SigningOptions.DEFAULT, key);
        byte[] added = Samples.joined("X: a\nFrom: evil\r\n".getBytes(UTF_8), ours);
        assertThat(verified(added)).startsWith("FAIL");
    }

    @Test
    void aMalformedLineIsNotSignedAndHidesNothing() {
        byte[] ours = samples.sign(message, SigningOptions.DEFAULT, key);
        byte[] added = Samples.joined("no field at all\r\n".getBytes(UTF_8), ours);
        assertThat(verified(added)).isEqualTo("PASS");
        byte[] spaced = Samples.joined("From : evil\r\n".getBytes(UTF_8), ours);
        assertThat(verified(spaced)).startsWith("FAIL");
    }

    // ---- many, and much ----

    @Test
    void tenSignaturesAreLookedAt() {
        byte[] many = message;
        for (int i = 0; i < 100; i++) {
            SigningKey other =
                    ED25519.signingKey(Domain.parse("d" + i + ".example"), "s1", Crypto.jdk());
            samples.publish(other, ED25519.record());
            many = Samples.joined(new Made(other).field(message), many);
        }
        List<DkimResult> results = samples.verify(many);
        assertThat(results).hasSize(11);
        assertThat(results.subList(0, 10)).allMatch(DkimResult::passes);
        assertThat(said(results.getLast()))
                .isEqualTo("NEUTRAL 90 more signatures were not looked at");
        assertThat(samples.asked()).hasSize(10);
    }

    @Test
    void whatFailsWithoutAKeyAsksForNone() {
        byte[] signed = new Made(key).on(message);
        signed[signed.length - 5] ^= 1;
        assertThat(verified(signed)).isEqualTo("FAIL the body was changed");
        assertThat(samples.asked()).isEmpty();
    }

    @Test
    void aGiantHeaderIsNotLookedAt() {
        byte[] signed = new Made(key).on(message);
        int room = ContentPass.MAX_HEADER - signed.length + message.length;
        byte[] much = Samples.crlf("X: " + "x".repeat(room) + "\n");
        byte[] giant = Samples.joined(signed, new byte[0]);
        assertThat(verified(giant)).isEqualTo("PASS");
        String text =
                new String(signed, UTF_8).replace("To: bert", new String(much, UTF_8) + "To: bert");
        assertThat(verified(text.getBytes(UTF_8)))
                .isEqualTo("PERMERROR the header is larger than 262144 octets");
        byte[] manyFields = Samples.joined(Samples.crlf("A:\n".repeat(60_000)), signed);
        assertThat(verified(manyFields)).isEqualTo("PASS");
        assertThat(samples.sign(text.getBytes(UTF_8), SigningOptions.DEFAULT, key))
                .as("and not signed")
                .isEqualTo(text.getBytes(UTF_8));
    }

    /** Many sessions can hold such a header while their bodies trickle in. */
    @Test
    void aHeaderOfManyNamesTakesLittleMemory() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < ContentPass.MAX_HEADER - 10; i++) {
            text.append(Integer.toString(i, 36)).append(":\r\n");
        }
        byte[] bytes = text.toString().getBytes(UTF_8);
        RawHeader.parse(bytes);
        ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = bean.getCurrentThreadAllocatedBytes();
        RawHeader header = RawHeader.parse(bytes);
        assertThat(bean.getCurrentThreadAllocatedBytes() - before).isLessThan(2 << 20);
        assertThat(header.count("1z")).isEqualTo(1);
    }

    @Test
    void aListOfNamesIsBounded() {
        assertThat(verified(new Made(key).names("from" + ":x".repeat(999)).on(message)))
                .isEqualTo("PASS");
        assertThat(verified(new Made(key).names("from" + ":x".repeat(1000)).on(message)))
                .isEqualTo("PERMERROR h= has too many names");
    }

    // ---- keys ----

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "v=DKIM1; k=ed25519; P | PASS",
                "k=ed25519; P; n=a note | PASS",
                "v=DKIM1; k=ed25519; t=y; P | PASS",
                "v=DKIM1; k=ed25519; t=s; P | PASS",
                "v=DKIM1; k=ed25519; s=email; h=sha256; P | PASS",
                "v=DKIM1; k=ed25519; s=*; h=sha1:sha256; P | PASS",
                "k=ed25519; P; v=DKIM1 | PERMERROR the key: v= of the key is not DKIM1",
                "v=DKIM2; k=ed25519; P | PERMERROR the key: v= of the key is not DKIM1",
                "v=DKIM1; k=ed25519; s=tlsrpt; P | PERMERROR the key: the key is not for mail",
                "v=DKIM1; k=ed25519; h=sha1; P | PERMERROR the key: the key is not for SHA-256",
                "v=DKIM1; k=dsa; P | PERMERROR the key: k= is no kind of key we know",
                "v=DKIM1; P | PERMERROR the key: p= is no RSA key",
                "v=DKIM1; k=ed25519; p= | PERMERROR the key was revoked",
                "v=DKIM1; k=ed25519 | PERMERROR the key: the key has no p=",
                "v=DKIM1; k=ed25519; p=AAAA | PERMERROR the key: p= is no Ed25519 key",
                "v=DKIM1; k=ed25519; p=!! | PERMERROR the key: p= is not base64",
                "v=spf1 -all | PERMERROR the key: v= of the key is not DKIM1",
                "'' | PERMERROR the key: expected the name of a tag"
            })
    void keyRecords(String record, String wanted) {
        samples.clear("s1._domainkey.signer.example");
        samples.publish(key, record.replace("P", p(ED25519)));
        byte[] signed = new Made(key).on(message);
        DkimResult result = samples.verify(signed).getFirst();
        assertThat(said(result)).isEqualTo(wanted);
        assertThat(result.testing()).isEqualTo(record.contains("t=y"));
    }

    @Test
    void aKeyForTheVeryDomainIsNotForThoseBelow() {
        samples.clear("s1._domainkey.signer.example");
        samples.publish(key, "v=DKIM1; k=ed25519; t=y:s; " + p(ED25519));
        assertThat(verified(new Made(key).and("i=@a.signer.example").on(message)))
                .isEqualTo("PERMERROR the key is not for subdomains (t=s)");
        assertThat(verified(new Made(key).and("i=a@signer.example").on(message))).isEqualTo("PASS");
    }

    @Test
    void oneOfSeveralRecordsIsEnough() {
        String name = "s1._domainkey.signer.example";
        byte[] signed = new Made(key).on(message);
        samples.clear(name).publish(name, "v=spf1 -all").publish(name, ED25519.record());
        assertThat(verified(signed)).isEqualTo("PASS");
        KeyMaterial other = KeyMaterial.generate(SignatureAlgorithm.ED25519_SHA256);
        samples.clear(name).publish(name, "nonsense").publish(name, other.record());
        assertThat(verified(signed)).isEqualTo("FAIL the signature does not match the header");
        samples.clear(name);
        for (int i = 0; i < 4; i++) {
            samples.publish(name, other.record());
        }
        samples.publish(name, ED25519.record());
        assertThat(verified(signed)).as("the fifth is not tried").startsWith("FAIL");
    }

    @Test
    void aKeyThatChangesDuringRotation() {
        byte[] signed = new Made(key).on(message);
        String name = "s1._domainkey.signer.example";
        samples.clear(name);
        assertThat(verified(signed)).isEqualTo("PERMERROR there is no key at the selector");
        KeyMaterial next = KeyMaterial.generate(SignatureAlgorithm.ED25519_SHA256);
        SigningKey newer = next.signingKey(Domain.parse("signer.example"), "s1", Crypto.jdk());
        samples.publish(newer, next.record());
        assertThat(verified(signed)).startsWith("FAIL ");
        samples.publish(key, ED25519.record());
        assertThat(verified(signed)).as("both are there for a while").isEqualTo("PASS");
        samples.answer(name, new Answer.Failed(Answer.Kind.SERVFAIL, "the server fails"));
        assertThat(verified(signed)).isEqualTo("TEMPERROR the key: the server fails");
    }

    private byte[] signedByRsa(int bits, boolean bare) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(bits);
        KeyPair pair = generator.generateKeyPair();
        SigningKey rsa =
                new SigningKey(DOMAIN, "r", SignatureAlgorithm.RSA_SHA256, pair.getPrivate());
        byte[] info = pair.getPublic().getEncoded();
        // SubjectPublicKeyInfo is 22 or 24 octets longer than what it wraps at these sizes.
        int wrapper = bits < 1024 ? 19 : bits < 2000 ? 22 : 24;
        byte[] octets = bare ? Arrays.copyOfRange(info, wrapper, info.length) : info;
        samples.clear("r._domainkey.signer.example");
        samples.publish(rsa, "v=DKIM1; p=" + Base64.getEncoder().encodeToString(octets));
        return new Made(rsa).on(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "512  | PERMERROR the RSA key has 512 bits, under 1024 (RFC 8301)",
                "1016 | PERMERROR the RSA key has 1016 bits, under 1024 (RFC 8301)",
                "1024 | PASS",
                "2048 | PASS"
            })
    void sizesOfRsaKeys(int bits, String wanted) throws Exception {
        byte[] signed = signedByRsa(bits, false);
        assertThat(verified(signed)).isEqualTo(wanted);
        assertThat(samples.verify(signed).getFirst().keyBits()).isEqualTo(bits);
    }

    @ParameterizedTest
    @CsvSource({"1024", "2048"})
    void aBareRsaKeyIsTakenToo(int bits) throws Exception {
        assertThat(verified(signedByRsa(bits, true))).isEqualTo("PASS");
    }

    @Test
    void aKeyThatIsTooLargeIsNotComputedWith() {
        BigInteger modulus = BigInteger.TWO.pow(5000).add(BigInteger.ONE);
        samples.clear("s1._domainkey.signer.example");
        samples.publish(key, "v=DKIM1; p=" + rsa(modulus, BigInteger.valueOf(65537)));
        String tags = "v=1; a=rsa-sha256; d=signer.example; s=s1; c=relaxed/relaxed";
        assertThat(verified(new Made(key).tags(tags).on(message)))
                .isEqualTo("PERMERROR the RSA key has 5001 bits, over 4096");
        BigInteger usual = BigInteger.TWO.pow(2047).add(BigInteger.ONE);
        samples.clear("s1._domainkey.signer.example");
        samples.publish(key, "v=DKIM1; p=" + rsa(usual, usual.subtract(BigInteger.TWO)));
        assertThat(verified(new Made(key).tags(tags).on(message)))
                .startsWith("PERMERROR the key: p= is no RSA key");
    }

    private static String rsa(BigInteger modulus, BigInteger exponent) {
        try {
            byte[] bare =
                    new org.bouncycastle.asn1.pkcs.RSAPublicKey(modulus, exponent).getEncoded();
            return Base64.getEncoder().encodeToString(bare);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void bothSignaturesOfAMessage() {
        SigningKey rsa = RSA.signingKey(DOMAIN, "r1", Crypto.jdk());
        samples.publish(rsa, RSA.record());
        List<DkimResult> results =
                samples.verify(samples.sign(message, SigningOptions.DEFAULT, rsa, key));
        assertThat(results).extracting(DkimResult::keyBits).containsExactly(2048, 256);
        assertThat(results).allMatch(DkimResult::passes);
        Claim claim = results.getFirst().signature().orElseThrow().claim();
        assertThat(claim.start()).hasSize(8);
        assertThat(claim.keyName().text()).isEqualTo("r1._domainkey.signer.example");
    }
}
