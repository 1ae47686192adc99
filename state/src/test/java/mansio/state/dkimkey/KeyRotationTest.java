package mansio.state.dkimkey;

import static mansio.state.dkimkey.KeyRing.OWN;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;
import mansio.state.dkimkey.DkimKey.Pace;
import mansio.state.dkimkey.DkimKeys.Publication;
import mansio.testkit.dns.Behaviour;
import mansio.testkit.time.FakeTime;
import mansio.trust.dkim.KeyMaterial;
import mansio.trust.dkim.SignatureAlgorithm;
import mansio.trust.dkim.SigningKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The life of keys by rounds: what the DNS says, what the clock says, and what they do not. */
class KeyRotationTest {
    private static final Duration HOUR = Duration.ofHours(1);

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

    /** Both first keys sign. */
    private void begin() throws IOException {
        ring.rounds.round();
        ring.publish(ring.keys.of(OWN));
        ring.pass(HOUR);
        assertThat(ring.states()).isEqualTo("m199711e active, m199711r active");
    }

    private static List<DkimKey> done(Outcome<List<DkimKey>> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done<List<DkimKey>>) outcome).value();
    }

    @Test
    void aRoundMakesTheFirstKeysAndActivatesWhatIsPublished() throws IOException {
        ring.rounds.round();
        assertThat(ring.states()).isEqualTo("m199711e made, m199711r made");
        ring.pass(Duration.ofHours(5));
        assertThat(ring.states()).isEqualTo("m199711e made, m199711r made");
        assertThat(ring.keys.sighting(ring.name("m199711r")).orElseThrow().sentence())
                .isEqualTo("the DNS has no TXT record at m199711r._domainkey.own.example");
        ring.publish(List.of(ring.keys.key(ring.name("m199711r")).orElseThrow()));
        ring.pass(HOUR);
        assertThat(ring.states()).isEqualTo("m199711e made, m199711r active");
    }

    @Test
    void aWholeRotation() throws IOException {
        begin();
        List<DkimKey> made = done(ring.keys.rotate(OWN, Pace.PATIENT));
        assertThat(made)
                .extracting(it -> it.name().selector())
                .containsExactly("m199711e2", "m199711r2");
        ring.pass(Duration.ofHours(30));
        assertThat(ring.states())
                .isEqualTo("m199711e active, m199711e2 made, m199711r active, m199711r2 made");
        ring.publish(ring.keys.of(OWN));
        ring.pass(HOUR);
        assertThat(ring.states())
                .isEqualTo(
                        "m199711e active, m199711e2 published,"
                                + " m199711r active, m199711r2 published");
        ring.reopen(); // What was seen is on disk.
        ring.pass(HOUR); // The TTL is two hours.
        assertThat(ring.states()).contains("m199711r2 published");
        ring.pass(HOUR);
        assertThat(ring.states())
                .isEqualTo(
                        "m199711e retiring, m199711e2 active,"
                                + " m199711r retiring, m199711r2 active");
        assertThat(ring.keys.signers(Address.parse("ann@own.example")).keys())
                .extracting(SigningKey::selector)
                .containsExactly("m199711e2", "m199711r2");
        ring.pass(Duration.ofDays(7).minusHours(1));
        assertThat(ring.states()).contains("m199711r retiring");
        ring.pass(HOUR);
        assertThat(ring.states()).contains("m199711r retired", "m199711e retired");
        assertThat(ring.partition.get(KeyRows.secret(ring.name("m199711r")))).isEmpty();
        ring.pass(Duration.ofDays(30));
        assertThat(ring.states()).isEqualTo("m199711e2 active, m199711r2 active");
    }

    @Test
    void inHasteItTakesOverWhenItIsSeen() throws IOException {
        begin();
        done(ring.keys.rotate(OWN, Pace.PATIENT));
        assertThat(ring.keys.rotate(OWN, Pace.PATIENT)).isInstanceOf(Outcome.Refused.class);
        ring.publish(ring.keys.of(OWN));
        ring.pass(HOUR);
        assertThat(ring.states()).contains("m199711r2 published");
        assertThat(done(ring.keys.rotate(OWN, Pace.HURRIED))).hasSize(2);
        assertThat(ring.states()).contains("m199711r2 published", "m199711r active");
        ring.rounds.wake();
        ring.rounds.round();
        assertThat(ring.states()).contains("m199711r2 active", "m199711r retiring");
    }

    @Test
    void aFailingDnsChangesNothing() throws IOException {
        begin();
        done(ring.keys.rotate(OWN, Pace.PATIENT));
        ring.publish(ring.keys.of(OWN));
        ring.dns.behave("*", Behaviour.of(Behaviour.Kind.SERVFAIL));
        ring.pass(Duration.ofDays(2));
        assertThat(ring.states()).contains("m199711r active", "m199711r2 made");
        ring.dns.behaveWell("*");
        ring.pass(HOUR);
        assertThat(ring.states()).contains("m199711r active", "m199711r2 published");
        ring.dns.behave("*", Behaviour.of(Behaviour.Kind.DROP));
        ring.pass(Duration.ofDays(2));
        assertThat(ring.states()).contains("m199711r active", "m199711r2 published");
        ring.dns.behaveWell("*");
        ring.pass(HOUR);
        assertThat(ring.states()).contains("m199711r retiring", "m199711r2 active");
    }

    @Test
    void aRecordThatGoesAgainBeginsAnew() throws IOException {
        begin();
        List<DkimKey> old = ring.keys.of(OWN);
        done(ring.keys.rotate(OWN, Pace.PATIENT));
        ring.publish(ring.keys.of(OWN));
        ring.pass(HOUR);
        ring.publish(old);
        ring.pass(HOUR);
        assertThat(ring.states()).contains("m199711r active", "m199711r2 made");
        ring.pass(Duration.ofDays(3));
        assertThat(ring.states()).contains("m199711r active", "m199711r2 made");
    }

    @Test
    void anotherKeyAtTheSelectorIsNotOurs() throws IOException {
        ring.rounds.round();
        String other = KeyMaterial.generate(SignatureAlgorithm.RSA_SHA256).record();
        ring.dns.replace(
                ".",
                """
                m199711r._domainkey.own.example. TXT %s
                m199711e._domainkey.own.example. TXT "v=DKIM1; k=ed25519; p="
                """
                        .formatted(KeyRing.quoted(other)));
        ring.pass(HOUR);
        assertThat(ring.states()).isEqualTo("m199711e made, m199711r made");
        assertThat(ring.keys.sighting(ring.name("m199711r")).orElseThrow().sentence())
                .contains("another key");
        assertThat(ring.keys.sighting(ring.name("m199711e")).orElseThrow().sentence())
                .contains("revoked");
        String good = ring.keys.key(ring.name("m199711e")).orElseThrow().record();
        ring.dns.replace(
                ".",
                "m199711e._domainkey.own.example. TXT \"%s\"\nm199711e._domainkey.own.example. TXT \"x\""
                        .formatted(good));
        ring.pass(HOUR);
        assertThat(ring.keys.sighting(ring.name("m199711e")).orElseThrow().sentence())
                .contains("2 TXT records");
    }

    @Test
    void aClockSetBackBeginsTheWaitAnew() throws IOException {
        begin();
        done(ring.keys.rotate(OWN, Pace.PATIENT));
        ring.publish(ring.keys.of(OWN));
        ring.pass(HOUR);
        ring.time.setNow(FakeTime.START.minus(Duration.ofDays(400)));
        ring.pass(HOUR);
        assertThat(ring.states()).contains("m199711r active", "m199711r2 published");
        ring.pass(Duration.ofHours(3));
        assertThat(ring.states()).contains("m199711r retiring", "m199711r2 active");
        ring.pass(Duration.ofDays(8));
        assertThat(ring.states()).contains("m199711r retired");
    }

    @Test
    void aClockSetForwardActivatesNothingThatWasNotSeen() throws IOException {
        begin();
        done(ring.keys.rotate(OWN, Pace.PATIENT));
        ring.time.setNow(FakeTime.START.plus(Duration.ofDays(4_000)));
        ring.pass(Duration.ofHours(3));
        assertThat(ring.states()).contains("m199711r active", "m199711r2 made");
    }

    @Test
    void oldKeysAreReplacedByThemselvesWhenThatIsWanted() throws IOException {
        ring.rotateAfter = Optional.of(Duration.ofDays(30));
        ring.reopen();
        begin();
        ring.pass(Duration.ofDays(29));
        assertThat(ring.states()).isEqualTo("m199711e active, m199711r active");
        ring.pass(Duration.ofDays(2));
        assertThat(ring.states())
                .isEqualTo("m199711e active, m199711r active, m199712e made, m199712r made");
        ring.pass(Duration.ofDays(60));
        assertThat(ring.states())
                .isEqualTo("m199711e active, m199711r active, m199712e made, m199712r made");
    }

    @Test
    void domainsWhoseDnsFailsHoldUpNobody() throws IOException {
        for (int i = 1; i <= 3; i++) {
            Domain broken = Domain.parse("broken" + i + ".example");
            assertThat(ring.editor.addDomain(broken)).isInstanceOf(Outcome.Done.class);
        }
        ring.rounds.round();
        ring.publish(ring.keys.of(OWN));
        for (DkimKey key : ring.keys.all()) {
            if (!key.name().domain().equals(OWN)) {
                ring.dns.behave(key.name() + ".", Behaviour.of(Behaviour.Kind.SERVFAIL));
            }
        }
        ring.pass(Duration.ofHours(2));
        assertThat(ring.states()).isEqualTo("m199711e active, m199711r active");
    }

    @Test
    void keysOfADomainThatIsNotOursAnyMoreAreForgotten() throws IOException {
        begin();
        // As after a crash: the command forgets them after it has removed the domain.
        assertThat(ring.editor.removeDomain(OWN)).isInstanceOf(Outcome.Done.class);
        ring.reopen();
        ring.rounds.round();
        assertThat(ring.keys.all()).isEmpty();
        assertThat(ring.partition.get(KeyRows.secret(ring.name("m199711r")))).isEmpty();
        assertThat(ring.keys.signers(Address.parse("ann@own.example")).keys()).isEmpty();
    }

    @Test
    void keysThatWaitAreActiveWhenTheyNeedNotWaitAnyMore() throws IOException {
        begin();
        done(ring.keys.rotate(OWN, Pace.PATIENT));
        ring.pass(HOUR);
        assertThat(ring.states()).contains("m199711r active", "m199711r2 made");
        ring.publication = Publication.NOT_REQUIRED;
        ring.reopen();
        ring.rounds.round();
        assertThat(ring.states()).contains("m199711r retiring", "m199711r2 active");
    }
}
