package mansio.testkit.dns;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.dns.Answer;
import mansio.net.dns.Answer.Failed;
import mansio.net.dns.Answer.Found;
import mansio.net.dns.Answer.NoData;
import mansio.net.dns.Answer.NoSuchName;
import mansio.net.dns.DnsName;
import mansio.net.dns.Exchange;
import mansio.net.dns.Question;
import mansio.net.dns.RecordType;
import mansio.net.dns.StubResolver;
import mansio.net.dns.TrustAnchors;
import mansio.net.dns.Upstream;
import mansio.net.dns.Upstreams;
import mansio.net.dns.Validator;
import mansio.net.dns.ValidatorIfPossible;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;

/** Signatures checked from the root down, over good and broken zones. */
class ValidatorTest {
    private static final TrustAnchors ANCHORS = SignedWorld.anchors("rsa");

    private final FakeTime time = new FakeTime();
    private final FakeDns dns = new FakeDns(time, new SplittableRandom(7));
    private volatile Upstreams upstreams = upstreams("192.0.2.53");
    private final Exchange exchange =
            new Exchange(() -> upstreams, dns, time, new SplittableRandom(5));
    private final Validator validator = new Validator(exchange, ANCHORS, time);
    private StubResolver resolver = new StubResolver(validator);

    ValidatorTest() {
        dns.signedWorld();
    }

    private static Upstreams upstreams(String server) {
        return new Upstreams(
                List.of(new InetSocketAddress(InetAddress.ofLiteral(server), 53)),
                Duration.ofSeconds(2),
                2,
                false);
    }

    private Answer ask(String name, RecordType type) {
        return resolver.lookup(DnsName.parse(name), type, time.deadline(Duration.ofSeconds(10)));
    }

    private String verdict(String name, RecordType type) {
        return switch (ask(name, type)) {
            case Found found -> "Found " + found.security();
            case NoData no -> "NoData " + no.security();
            case NoSuchName no -> "NoSuchName " + no.security();
            case Failed failed -> failed.kind().name();
        };
    }

    @ParameterizedTest
    @CsvSource({
        "., TXT, NoData SECURE",
        "nothing., A, NoSuchName SECURE",
        "test., TXT, Found SECURE",
        "test., DNSKEY, Found SECURE",
        "good.test., DS, Found SECURE",
        "plain.test., DS, NoData SECURE",
        "plain.nsec3., DS, NoData SECURE",
        // Signed with Ed25519 and NSEC, with ECDSA and NSEC3, with RSA.
        "good.test., MX, Found SECURE",
        "mx.good.test., A, Found SECURE",
        "mx.good.test., AAAA, NoData SECURE",
        "_25._tcp.mx.good.test., TLSA, Found SECURE",
        "_tcp.mx.good.test., A, NoData SECURE",
        "nothing.good.test., A, NoSuchName SECURE",
        "x.nothing.good.test., A, NoSuchName SECURE",
        "x.y.wild.good.test., TXT, Found SECURE",
        "x.wild.good.test., A, NoData SECURE",
        "alias.good.test., A, Found SECURE",
        "alias.good.test., AAAA, NoData SECURE",
        "tonothing.good.test., A, NoSuchName SECURE",
        "good.nsec3., MX, Found SECURE",
        "mx.good.nsec3., AAAA, NoData SECURE",
        "_tcp.mx.good.nsec3., A, NoData SECURE",
        "nothing.good.nsec3., A, NoSuchName SECURE",
        "x.nothing.good.nsec3., A, NoSuchName SECURE",
        "x.y.wild.good.nsec3., TXT, Found SECURE",
        "x.wild.good.nsec3., A, NoData SECURE",
        "tonothing.good.nsec3., A, NoSuchName SECURE",
        "mx.rsa.test., A, Found SECURE",
        "nothing.rsa.test., A, NoSuchName SECURE",
        // Proven not to be signed.
        "mx.plain.test., A, Found INSECURE",
        "mx.plain.test., AAAA, NoData INSECURE",
        "nothing.plain.test., A, NoSuchName INSECURE",
        "mx.plain.nsec3., A, Found INSECURE",
        "nothing.plain.nsec3., A, NoSuchName INSECURE",
        "out.good.test., A, Found INSECURE",
        "toplain.good.test., A, NoSuchName INSECURE",
        "mx.no-ds.test., A, Found INSECURE",
        // RFC 9276: too many iterations.
        "nothing.many.nsec3., A, NoSuchName INSECURE",
        "mx.many.nsec3., A, Found SECURE",
    })
    void good(String name, RecordType type, String expected) {
        assertThat(verdict(name, type)).as(ask(name, type).toString()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "mx.wrong-ds.test, A",
        "nothing.wrong-ds.test, A",
        "expired.broken.test, A",
        "expired.broken.test, MX",
        "notyet.broken.test, A",
        "wrong.broken.test, A",
        "wrong.broken.test, AAAA",
        "stripped.broken.test, A",
        "stripped.broken.test, AAAA",
        "unproven.broken.test, A",
        "halfwild.broken.test, AAAA",
        "x.wild.broken.test, TXT",
        "denied.broken.test, AAAA",
        "expired.broken.nsec3, A",
        "wrong.broken.nsec3, A",
        "stripped.broken.nsec3, A",
        "unproven.broken.nsec3, A",
        "halfwild.broken.nsec3, AAAA",
        "x.wild.broken.nsec3, TXT",
        "denied.broken.nsec3, AAAA",
    })
    void broken(String name, RecordType type) {
        Answer answer = ask(name, type);
        assertThat(verdict(name, type)).as(answer.toString()).isEqualTo("BOGUS");
        assertThat(((Failed) answer).reason()).isNotBlank().doesNotContain("\n");
    }

    /** What the test would not see if the checks were never made. */
    @Test
    void otherAnchorsMakeEverythingBogus() {
        TrustAnchors world = TrustAnchors.ofTheWorld();
        assertThat(world.text()).contains("20326").contains("38696");
        resolver = new StubResolver(new Validator(exchange, world, time));
        assertThat(verdict("mx.good.test", RecordType.A)).isEqualTo("BOGUS");
        assertThat(verdict("mx.plain.test", RecordType.A)).isEqualTo("BOGUS");
    }

    /** That somebody on the way says it was checked makes nothing of it secure. */
    @Test
    void theBitOfTheResolverDoesNotCount() {
        dns.behave("*", Behaviour.of(Behaviour.Kind.SECURE));
        assertThat(verdict("mx.plain.test", RecordType.A)).isEqualTo("Found INSECURE");
        assertThat(verdict("nothing.plain.nsec3", RecordType.A)).isEqualTo("NoSuchName INSECURE");
        assertThat(verdict("wrong.broken.test", RecordType.A)).isEqualTo("BOGUS");
        assertThat(verdict("stripped.broken.nsec3", RecordType.A)).isEqualTo("BOGUS");
        assertThat(verdict("mx.good.test", RecordType.A)).isEqualTo("Found SECURE");
    }

    @Test
    void theClockOfTheCallerCounts() {
        time.setNow(Instant.parse("1989-12-31T23:59:59Z"));
        assertThat(verdict("mx.good.test", RecordType.A)).isEqualTo("BOGUS");
        time.setNow(Instant.parse("1991-01-01T00:00:00Z"));
        time.advance(Duration.ofHours(1));
        assertThat(verdict("mx.good.test", RecordType.A)).isEqualTo("Found SECURE");
        time.setNow(Instant.parse("2037-12-30T23:59:50Z"));
        Upstream.Outcome outcome =
                resolver.ask(
                        new Question(DnsName.parse("mx.good.test"), RecordType.A),
                        time.deadline(Duration.ofSeconds(5)));
        assertThat(outcome.ttlSeconds()).as("not beyond its signature").isEqualTo(10);
        time.setNow(Instant.parse("2037-12-31T00:00:01Z"));
        assertThat(verdict("mx.good.test", RecordType.A)).isEqualTo("BOGUS");
    }

    @Test
    void keysAreRemembered() {
        ask("mx.good.test", RecordType.A);
        int before = dns.datagrams();
        ask("nothing.good.test", RecordType.A);
        assertThat(dns.datagrams() - before).isEqualTo(1);
    }

    @Test
    void whatCannotBeHadIsNotBogus() {
        dns.behave("good.test", Behaviour.of(Behaviour.Kind.SERVFAIL));
        assertThat(verdict("mx.good.test", RecordType.A)).isEqualTo("SERVFAIL");
        dns.behave("rsa.test", Behaviour.of(Behaviour.Kind.DROP));
        long deadline = time.deadline(Duration.ofSeconds(3));
        Answer answer = resolver.lookup(DnsName.parse("mx.rsa.test"), RecordType.A, deadline);
        assertThat(((Failed) answer).kind()).isEqualTo(Answer.Kind.TIMEOUT);
        assertThat(time.nanos()).isLessThanOrEqualTo(deadline);
        dns.behaveWell("good.test");
        time.advance(Duration.ofMinutes(2));
        assertThat(verdict("mx.good.test", RecordType.A)).isEqualTo("Found SECURE");
    }

    /** CVE-2023-50387 and its like: replies that cost much to check. */
    @Test
    void bombsAreNotChecked() {
        dns.behave("mx.good.test", Behaviour.parse("many-signatures 5"));
        assertThat(verdict("mx.good.test", RecordType.A)).isEqualTo("Found SECURE");
        dns.behaveWell("mx.good.test");
        dns.behave("mx.good.test", Behaviour.parse("many-signatures 50"));
        assertThat(verdict("mx.good.test", RecordType.A)).isEqualTo("BOGUS");
        dns.behaveWell("mx.good.test");
        dns.behave("mx.good.test", Behaviour.parse("many-signatures 400"));
        assertThat(verdict("mx.good.test", RecordType.A)).isEqualTo("MALFORMED");
        dns.behave("good.nsec3", Behaviour.parse("many-signatures 400"));
        assertThat(verdict("mx.good.nsec3", RecordType.A)).isEqualTo("MALFORMED");
    }

    @Test
    void aLongChainOfZonesEnds() {
        StringBuilder name = new StringBuilder("test.");
        for (int i = 0; i < 60; i++) {
            name.insert(0, "z.");
            dns.zone(name.toString(), ";+ signed ed25519\n@ A 192.0.2.1\n");
        }
        assertThat(verdict(name.toString(), RecordType.A)).isEqualTo("MALFORMED");
        assertThat(dns.datagrams()).isLessThan(110);
    }

    @Test
    void resolversThatKeepSignaturesBackAreLivedWith() {
        resolver = new StubResolver(new ValidatorIfPossible(exchange, validator, time));
        dns.behave("*", Behaviour.of(Behaviour.Kind.STRIP));
        assertThat(verdict("mx.good.test", RecordType.A)).isEqualTo("Found UNCHECKED");
        dns.behaveWell("*");
        assertThat(verdict("mx.good.test", RecordType.A)).isEqualTo("Found UNCHECKED");
        time.advance(Duration.ofMinutes(11));
        assertThat(verdict("mx.good.test", RecordType.A)).isEqualTo("Found SECURE");
        // From now on nobody can take them away.
        dns.behave("*", Behaviour.of(Behaviour.Kind.STRIP));
        time.advance(Duration.ofMinutes(20));
        assertThat(verdict("mx.good.test", RecordType.A)).isEqualTo("BOGUS");
        upstreams = upstreams("192.0.2.54");
        assertThat(verdict("mx.good.test", RecordType.A))
                .as("another resolver")
                .isEqualTo("Found UNCHECKED");
    }

    @ParameterizedTest
    @CsvSource({"no-edns", "servfail", "refused", "no-denial", "wrong-signature"})
    void whatARootCannotShowIsNotAsked(String behaviour) {
        resolver = new StubResolver(new ValidatorIfPossible(exchange, validator, time));
        dns.behave(".", Behaviour.parse(behaviour));
        assertThat(verdict("mx.good.test", RecordType.A)).isEqualTo("Found UNCHECKED");
    }

    @Test
    void silenceIsLookedAtAgainSoon() {
        resolver = new StubResolver(new ValidatorIfPossible(exchange, validator, time));
        dns.behave(".", Behaviour.of(Behaviour.Kind.DROP));
        assertThat(verdict("mx.good.test", RecordType.A)).isEqualTo("Found UNCHECKED");
        dns.behaveWell(".");
        time.advance(Duration.ofSeconds(31));
        assertThat(verdict("mx.good.test", RecordType.A)).isEqualTo("Found SECURE");
    }
}
