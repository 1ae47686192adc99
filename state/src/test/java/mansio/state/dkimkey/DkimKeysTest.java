package mansio.state.dkimkey;

import static mansio.state.dkimkey.KeyRing.OWN;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;
import mansio.state.dkimkey.DkimKey.Pace;
import mansio.state.dkimkey.DkimKeys.Publication;
import mansio.state.dkimkey.DkimKeys.Wish;
import mansio.state.store.Key;
import mansio.state.store.Range;
import mansio.state.store.Reads;
import mansio.trust.dkim.Canonicalization;
import mansio.trust.dkim.Crypto;
import mansio.trust.dkim.KeyRecord;
import mansio.trust.dkim.SigningKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Keys are made, chosen, bound to senders, changed by hand, and kept so that nobody reads them. */
class DkimKeysTest {
    @TempDir Path folder;
    private KeyRing ring;

    @BeforeEach
    void open() throws IOException {
        ring = new KeyRing(folder, Publication.REQUIRED);
    }

    @AfterEach
    void close() {
        ring.close();
    }

    private static Wish wish(String selector, String... senders) {
        return new Wish(
                Optional.of(selector),
                KeyAlgorithm.ED25519,
                List.of(senders).stream()
                        .map(it -> SenderPattern.parse(it).orElseThrow())
                        .toList());
    }

    private static String sentence(Outcome<?> outcome) {
        return outcome instanceof Outcome.Refused<?> refused ? refused.sentence() : "done";
    }

    private String selectors(String from) {
        return ring.keys.signers(Address.parse(from)).keys().stream()
                .map(it -> it.selector())
                .reduce((a, b) -> a + " " + b)
                .orElse("");
    }

    private void active(String selector, String... senders) throws IOException {
        assertThat(sentence(ring.keys.add(OWN, wish(selector, senders)))).isEqualTo("done");
        assertThat(sentence(ring.keys.activate(ring.name(selector)))).isEqualTo("done");
    }

    @Test
    void theFirstKeysAreMadeOnceAndWait() throws IOException {
        assertThat(ring.keys.makeFirst(OWN)).hasSize(2);
        assertThat(ring.keys.makeFirst(OWN)).isEmpty();
        assertThat(ring.states()).isEqualTo("m199711e made, m199711r made");
        assertThat(ring.keys.of(OWN).getLast().record())
                .startsWith("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A");
        assertThat(ring.keys.of(OWN).getFirst().record())
                .matches("v=DKIM1; k=ed25519; p=[A-Za-z0-9+/]{43}=");
        Signers none = ring.keys.signers(Address.parse("ann@own.example"));
        assertThat(none.keys()).isEmpty();
        assertThat(none.troubles())
                .containsExactly("no key of own.example is active for ann@own.example");
    }

    @Test
    void withoutPublicationTheySignAtOnce() throws IOException {
        ring.close();
        ring = new KeyRing(folder, Publication.NOT_REQUIRED);
        ring.keys.makeFirst(OWN);
        assertThat(ring.states()).isEqualTo("m199711e active, m199711r active");
        assertThat(sentence(ring.keys.rotate(OWN, Pace.PATIENT))).isEqualTo("done");
        assertThat(ring.states())
                .isEqualTo(
                        "m199711e retiring, m199711e2 active,"
                                + " m199711r retiring, m199711r2 active");
    }

    @Test
    void aKeySignsWhatItsPublicHalfVerifiesAlsoAfterANewStart()
            throws IOException, GeneralSecurityException {
        ring.keys.makeFirst(OWN);
        ring.keys.activate(ring.name("m199711e"));
        ring.reopen();
        SigningKey signer = ring.keys.signers(Address.parse("ann@own.example")).keys().getFirst();
        Signature signature = Signature.getInstance("Ed25519");
        signature.initSign(signer.key());
        signature.update((byte) 1);
        byte[] made = signature.sign();
        Signature check = Signature.getInstance("Ed25519");
        KeyRecord published =
                KeyRecord.parse(
                        ring.keys.key(ring.name("m199711e")).orElseThrow().record(), Crypto.jdk());
        check.initVerify(published.key());
        check.update((byte) 1);
        assertThat(check.verify(made)).isTrue();
    }

    @Test
    void nothingOfAPrivateKeyIsOnDiskOrShown() throws IOException {
        ring.keys.makeFirst(OWN);
        ring.keys.activate(ring.name("m199711r"));
        Signers signers = ring.keys.signers(Address.parse("ann@own.example"));
        byte[] encoded = signers.keys().getFirst().key().getEncoded();
        String secret = new String(encoded, encoded.length - 64, 64, StandardCharsets.ISO_8859_1);
        for (int table = 1; table < 60; table++) {
            var page =
                    ring.partition.scan(
                            Range.prefix(Key.table(table)),
                            Reads.Direction.FORWARD,
                            100,
                            Reads.MAX_SCAN_BYTES);
            for (var entry : page.entries()) {
                assertThat(new String(entry.value(), StandardCharsets.ISO_8859_1))
                        .doesNotContain(secret);
            }
        }
        assertThat(signers.toString()).contains("m199711r").doesNotContain("rivate");
    }

    @Test
    void aKeyThatCannotBeUnsealedIsATrouble() throws IOException {
        active("a");
        active("b");
        Files.delete(folder.resolve("data.key"));
        ring.reopen();
        Signers signers = ring.keys.signers(Address.parse("ann@own.example"));
        assertThat(signers.keys()).isEmpty();
        assertThat(signers.troubles()).hasSize(2);
        assertThat(signers.troubles().getFirst())
                .contains("a._domainkey.own.example cannot be used", "data.key is missing");
    }

    @ParameterizedTest
    @CsvSource({
        "ann@own.example, all",
        "Ann@Sub.own.example, all",
        "news-12@own.example, news",
        "NEWS-@own.example, news",
        "anews-1@own.example, all",
        "x@lists.own.example, lists news2",
        "x@a.lists.own.example, below",
        "x@other.example, ''",
    })
    void keysForSomeSendersGoBeforeThoseForAll(String from, String expected) throws IOException {
        active("all");
        active("news", "news-*@own.example");
        active("lists", "@lists.own.example");
        active("news2", "*@lists.own.example", "zed@own.example");
        active("below", "*@*.lists.own.example");
        assertThat(selectors(from)).isEqualTo(expected);
    }

    @Test
    void aSubdomainOfOursHasItsOwnKeysOrThoseAbove() throws IOException {
        Domain sub = Domain.parse("sub.own.example");
        ring.editor.addDomain(sub);
        active("above");
        ring.keys.add(sub, wish("own"));
        Signers before = ring.keys.signers(Address.parse("ann@sub.own.example"));
        assertThat(before.domain()).contains(OWN);
        ring.keys.activate(KeyName.of(sub, "own").orElseThrow());
        Signers after = ring.keys.signers(Address.parse("ann@sub.own.example"));
        assertThat(after.domain()).contains(sub);
    }

    @Test
    void refusals() throws IOException {
        assertThat(sentence(ring.keys.add(Domain.parse("foreign.example"), wish("a"))))
                .startsWith("foreign.example is no domain of this server");
        assertThat(sentence(ring.keys.add(OWN, wish("a b")))).contains("no selector");
        assertThat(sentence(ring.keys.add(OWN, wish("a", "ann@else.example"))))
                .isEqualTo("ann@else.example is not in own.example, whose key it is");
        active("a");
        assertThat(sentence(ring.keys.add(OWN, wish("A")))).contains("already");
        assertThat(sentence(ring.keys.activate(ring.name("a")))).endsWith("is active");
        assertThat(sentence(ring.keys.remove(ring.name("a")))).contains("retire it first");
        assertThat(sentence(ring.keys.remove(ring.name("b")))).startsWith("there is no key b");
    }

    @Test
    void retiredByHand() throws IOException {
        active("a");
        ring.keys.add(OWN, wish("b"));
        ring.keys.retire(ring.name("a"));
        ring.keys.retire(ring.name("b"));
        assertThat(ring.states()).isEqualTo("a retiring, b retired");
        assertThat(selectors("ann@own.example")).isEmpty();
        assertThat(sentence(ring.keys.remove(ring.name("a")))).isEqualTo("done");
        ring.reopen();
        assertThat(ring.states()).isEqualTo("b retired");
        assertThat(ring.partition.get(KeyRows.secret(ring.name("a")))).isEmpty();
        assertThat(ring.partition.get(KeyRows.secret(ring.name("b")))).isEmpty();
    }

    @Test
    void settingsOfADomainAndSendersAreKept() throws IOException {
        DomainSigning strict =
                new DomainSigning(
                        Canonicalization.SIMPLE,
                        Canonicalization.RELAXED,
                        Optional.of(Duration.ofDays(14)));
        ring.keys.setSigning(OWN, strict);
        active("a");
        ring.keys.setSenders(
                ring.name("a"), List.of(SenderPattern.parse("ann@own.example").orElseThrow()));
        ring.reopen();
        assertThat(ring.keys.signing(OWN)).isEqualTo(strict);
        assertThat(selectors("ann@own.example")).isEqualTo("a");
        assertThat(selectors("bob@own.example")).isEmpty();
        ring.keys.forget(OWN);
        ring.reopen();
        assertThat(ring.keys.of(OWN)).isEmpty();
        assertThat(ring.keys.signing(OWN)).isEqualTo(DomainSigning.USUAL);
    }

    @Test
    void aDomainHasAtMostSoManyKeys() throws IOException {
        for (int i = 0; i < DkimKeys.MAX_PER_DOMAIN; i++) {
            assertThat(sentence(ring.keys.add(OWN, wish("s" + i)))).isEqualTo("done");
        }
        assertThat(sentence(ring.keys.add(OWN, wish("more")))).contains("100 keys already");
    }

    @ParameterizedTest
    @CsvSource({
        "a*c@own.example, abc@own.example, true",
        "a*c@own.example, ac@own.example, true",
        "a*c@own.example, acd@own.example, false",
        "*a*b*@own.example, xxaxxbxx@own.example, true",
        "*a*b*@own.example, xxbxxaxx@own.example, false",
        "*@*.own.example, x@own.example, false",
        "*@*, x@own.example, true",
        "@OWN.example, x@own.example, true",
    })
    void patterns(String pattern, String address, boolean fits) {
        assertThat(SenderPattern.parse(pattern).orElseThrow().fits(Address.parse(address)))
                .isEqualTo(fits);
    }

    @ParameterizedTest
    @CsvSource({
        "ann",
        "ann@",
        "a nn@own.example",
        "ann@own..example",
        "a@b@own.example",
        "ann@*own"
    })
    void noPatterns(String text) {
        assertThat(SenderPattern.parse(text)).isEmpty();
    }
}
