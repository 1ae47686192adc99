package mansio.serve.dnspublish;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Domain;
import mansio.net.dial.Dialer;
import mansio.net.dns.Answer;
import mansio.net.dns.Authorities;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.DnsTransport;
import mansio.net.dns.RecordType;
import mansio.net.dns.TsigAlgorithm;
import mansio.net.dns.TsigKey;
import mansio.net.dns.UpdateClient;
import mansio.serve.dnscheck.DnsCheck;
import mansio.serve.dnscheck.Verdict;
import mansio.serve.dnshelp.DnsAdvice;
import mansio.serve.dnshelp.Mailing;
import mansio.serve.dnshelp.Presence;
import mansio.serve.dnspublish.Published.State;
import mansio.state.dkimkey.DkimKey;
import mansio.state.dkimkey.KeyAlgorithm;
import mansio.state.dkimkey.KeyName;
import mansio.state.dkimkey.KeyState;
import mansio.testkit.dns.Behaviour;
import mansio.testkit.dns.FakeDns;
import mansio.testkit.dns.Updates;
import mansio.testkit.dns.Updates.Fault;
import mansio.testkit.time.FakeTime;
import mansio.trust.dkim.KeyMaterial;
import mansio.trust.dkim.SignatureAlgorithm;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** What is published, what others keep, and what is said of it. */
class PublisherTest {
    private static final String SECRET = "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IDMyIG8=";
    private static final Domain OWN = Domain.parse("example.org");
    private static final KeyMaterial RSA = KeyMaterial.generate(SignatureAlgorithm.RSA_SHA256);
    private static final String KEY_AT = "now._domainkey.example.org";
    private static final InetSocketAddress SERVER =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 53);
    private static final Dialer NO_WAY =
            (_, _) -> {
                throw new ConnectException("timed out");
            };
    private static final Set<Permission> NONE = Set.of();
    private static final Set<Permission> REPLACE = EnumSet.of(Permission.REPLACE_OTHERS);

    private final FakeTime time = new FakeTime();
    private final FakeDns dns = new FakeDns(time, new SplittableRandom(1));

    /** Done once, just before the next update comes in. */
    private Runnable before = () -> {};

    /** The server, with somebody else who changes it. */
    private final DnsTransport wire =
            new DnsTransport() {
                @Override
                public byte[] datagram(
                        InetSocketAddress server,
                        byte[] query,
                        Predicate<byte[]> wanted,
                        long deadlineNanos)
                        throws IOException {
                    return dns.datagram(server, query, wanted, deadlineNanos);
                }

                @Override
                public byte[] stream(InetSocketAddress server, byte[] query, long deadlineNanos)
                        throws IOException {
                    before.run();
                    return dns.stream(server, query, deadlineNanos);
                }
            };

    private void zone(String records) {
        dns.zone("example.org.", records);
        dns.updates(Updates.of("mansio", SECRET));
    }

    private static Presence presence(String hostname) {
        return new Presence(
                Domain.parse(hostname),
                List.of(InetAddress.ofLiteral("192.0.2.25")),
                Map.of("imaps", 993));
    }

    private Publisher.Request request(Presence server, Set<Permission> permissions) {
        DkimKey key =
                new DkimKey(
                        new KeyName(OWN, "now"),
                        KeyAlgorithm.RSA_2048,
                        RSA.record(),
                        List.of(),
                        Optional.empty(),
                        new DkimKey.Life(
                                KeyState.ACTIVE,
                                Instant.EPOCH,
                                Instant.EPOCH,
                                Duration.ZERO,
                                DkimKey.Pace.PATIENT));
        return new Publisher.Request(
                new DnsCheck.Expected(
                        server,
                        DnsAdvice.all(
                                server,
                                List.of(new DnsAdvice.Subject(OWN, List.of(key), Mailing.DIRECT))),
                        List.of(),
                        Optional.empty()),
                permissions);
    }

    private Publisher publisher() {
        SplittableRandom random = new SplittableRandom(3);
        return new Publisher(
                new DnsCheck.World(
                        dns, Authorities.at(SERVER, wire, time, random.split()), NO_WAY, time),
                new UpdateClient(SERVER, wire, time, random.split()));
    }

    private Published publish(Set<Permission> permissions) {
        return publish(presence("mail.example.org"), permissions);
    }

    private Published publish(Presence server, Set<Permission> permissions) {
        TsigKey key = TsigKey.ofBase64(DnsName.parse("mansio"), TsigAlgorithm.HMAC_SHA256, SECRET);
        return publisher().publish(request(server, permissions), key);
    }

    private List<String> data(String name, RecordType type) {
        return dns.lookup(DnsName.parse(name), type, Long.MAX_VALUE) instanceof Answer.Found found
                ? found.records().stream().map(ZoneText::data).sorted().toList()
                : List.of();
    }

    private List<String> texts(String name) {
        return dns.lookup(DnsName.parse(name), RecordType.TXT, Long.MAX_VALUE)
                        instanceof Answer.Found found
                ? found.of(DnsRecord.Txt.class).stream().map(DnsRecord.Txt::text).sorted().toList()
                : List.of();
    }

    private static Left left(Published published, String name, String type) {
        return published.left().stream()
                .filter(it -> it.name().equals(name) && it.type().equals(type))
                .findFirst()
                .orElseThrow(() -> new AssertionError(published.left().toString()));
    }

    private static void assertAllGood(Published published) {
        assertThat(published.items()).allMatch(it -> it.verdict().compareTo(Verdict.OPTIONAL) <= 0);
        assertThat(published.left()).allMatch(it -> it.why() == Left.Why.ELSEWHERE);
    }

    @Test
    void anEmptyZoneGetsAllAndOnce() {
        zone("");
        Published first = publish(NONE);
        assertThat(first.zones())
                .extracting(Published.Zone::state)
                .containsExactly(State.PUBLISHED);
        assertAllGood(first);
        assertThat(data("example.org", RecordType.MX)).containsExactly("10 mail.example.org.");
        assertThat(data("mail.example.org", RecordType.A)).containsExactly("192.0.2.25");
        assertThat(texts("mail.example.org")).containsExactly("v=spf1 a -all");
        assertThat(texts("example.org")).containsExactly("v=spf1 mx -all");
        assertThat(texts("_dmarc.example.org"))
                .containsExactly("v=DMARC1; p=none; rua=mailto:dmarc-reports@example.org");
        assertThat(texts(KEY_AT)).containsExactly(RSA.record());
        assertThat(data("_imaps._tcp.example.org", RecordType.SRV)).isEmpty();
        assertThat(data("example.org", RecordType.CAA)).isEmpty();
        int streams = dns.streams();
        Published second = publish(NONE);
        assertThat(second.zones()).isEmpty();
        assertThat(dns.streams()).isEqualTo(streams);
        assertAllGood(second);
        publish(EnumSet.of(Permission.ADD_OPTIONAL));
        assertThat(data("_imaps._tcp.example.org", RecordType.SRV))
                .containsExactly("0 1 993 mail.example.org.");
    }

    @Test
    void aPlanChangesNothing() {
        zone("@ TXT \"other\"");
        Published plan = publisher().plan(request(presence("mail.example.org"), NONE));
        assertThat(plan.zones()).hasSize(1);
        assertThat(plan.zones().getFirst().state()).isEqualTo(State.PLANNED);
        assertThat(plan.zones().getFirst().changes().stream().flatMap(it -> it.added().stream()))
                .map(ZoneText::line)
                .contains("example.org. 300 IN TXT \"v=spf1 mx -all\"")
                .contains("example.org. 3600 IN MX 10 mail.example.org.");
        assertThat(dns.streams()).isZero();
        assertThat(texts("example.org")).containsExactly("other");
    }

    @Test
    void textsOfOthersStay() {
        zone(
                """
                @ TXT "google-site-verification=x"
                @ TXT "v=spf1 include:spf.example.net ~all"
                @ TXT "v=spf1 ip4:192.0.2.1 -all"
                @ TXT "\\"v=spf1 ip4:192.0.2.2 -all\\""
                _dmarc TXT "note"
                """);
        dns.zone("spf.example.net.", "@ TXT \"v=spf1 ip4:192.0.2.9 -all\"");
        Published published = publish(NONE);
        assertAllGood(published);
        assertThat(texts("example.org"))
                .containsExactly(
                        "google-site-verification=x",
                        "v=spf1 mx include:spf.example.net ip4:192.0.2.1 ip4:192.0.2.2 ~all");
        assertThat(texts("_dmarc.example.org")).contains("note").hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"10 mx.other.example.", "0 ."})
    void mailIsMovedOnlyWithLeave(String mx) {
        zone("@ MX " + mx);
        dns.zone("other.example.", "mx A 192.0.2.77");
        Published published = publish(NONE);
        Left left = left(published, "example.org", "MX");
        assertThat(left.why()).isEqualTo(Left.Why.NEEDS_REPLACE);
        assertThat(left.there()).hasSize(1);
        assertThat(data("example.org", RecordType.MX)).containsExactly(mx);
        assertThat(texts(KEY_AT)).as("the rest is published").hasSize(1);
        assertAllGood(publish(REPLACE));
        assertThat(data("example.org", RecordType.MX)).containsExactly("10 mail.example.org.");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v=spf1 ip4:192.0.2.1 +all",
                "v=spf1 -all",
                "v=spf1 ip4:192.0.2.1 ?all include:gone.example",
                "v=spf1 ip4:192.0.2.1 incldue:example.net -all"
            })
    void whoMaySendIsTakenAwayOnlyWithLeave(String spf) {
        zone("@ TXT \"" + spf + "\"");
        assertThat(left(publish(NONE), "example.org", "TXT").why())
                .isEqualTo(Left.Why.NEEDS_REPLACE);
        assertThat(texts("example.org")).containsExactly(spf);
        publish(REPLACE);
        assertThat(texts("example.org")).hasSize(1).doesNotContain(spf);
    }

    @Test
    void aPolicyStays() {
        zone("_dmarc TXT \"\\\"v=DMARC1; p=reject; rua=mailto:x@example.org\\\"\"");
        assertAllGood(publish(NONE));
        assertThat(texts("_dmarc.example.org"))
                .containsExactly("v=DMARC1; p=reject; rua=mailto:x@example.org");
        zone("_dmarc TXT \"v=DMARC1; p=reject\"\n_dmarc TXT \"v=DMARC1; p=none\"");
        assertThat(left(publish(NONE), "_dmarc.example.org", "TXT").why())
                .isEqualTo(Left.Why.NEEDS_REPLACE);
        publish(REPLACE);
        assertThat(texts("_dmarc.example.org")).hasSize(1);
    }

    @Test
    void aKeyOfSomebodyElseStays() {
        String other = KeyMaterial.generate(SignatureAlgorithm.ED25519_SHA256).record();
        zone("now._domainkey TXT \"" + other + "\"");
        assertThat(left(publish(NONE), KEY_AT, "TXT").why()).isEqualTo(Left.Why.NEEDS_REPLACE);
        assertThat(texts(KEY_AT)).containsExactly(other);
        assertAllGood(publish(REPLACE));
        assertThat(texts(KEY_AT)).containsExactly(RSA.record());
    }

    @Test
    void ourOwnKeyIsMended() {
        String record = RSA.record();
        zone(
                "now._domainkey TXT \"%s\"\nnow._domainkey TXT \"%s\""
                        .formatted(record.substring(0, 250), record.substring(250)));
        assertAllGood(publish(NONE));
        assertThat(data(KEY_AT, RecordType.TXT))
                .containsExactly(
                        "\"%s\" \"%s\"".formatted(record.substring(0, 255), record.substring(255)));
    }

    @Test
    void addressesOfOthersStay() {
        zone("mail A 192.0.2.99");
        assertThat(left(publish(NONE), "mail.example.org", "A").why())
                .isEqualTo(Left.Why.NEEDS_REPLACE);
        publish(REPLACE);
        assertThat(data("mail.example.org", RecordType.A)).containsExactly("192.0.2.25");
    }

    @Test
    void anAliasStays() {
        zone("now._domainkey CNAME key.other.example.\nkey TXT x");
        Left left = left(publish(REPLACE), KEY_AT, "TXT");
        assertThat(left.why()).isEqualTo(Left.Why.ALIAS);
        assertThat(left.reason()).contains("is an alias (CNAME) of key.other.example");
        assertThat(data("example.org", RecordType.MX)).hasSize(1);
    }

    /** A wildcard is no record of the name: it stays, and ours stands before it. */
    @ParameterizedTest
    @ValueSource(strings = {"* TXT \"hello\"", "* CNAME www\nwww TXT \"x\"", "* MX 5 other"})
    void wildcards(String wildcard) {
        zone(wildcard + "\nother A 192.0.2.3\nmail A 192.0.2.25\nmail TXT \"v=spf1 a -all\"");
        Published published = publish(NONE);
        assertAllGood(published);
        assertThat(texts(KEY_AT)).containsExactly(RSA.record());
        assertThat(texts("_dmarc.example.org")).hasSize(1);
    }

    /** A record of its own would take the address away that a wildcard gives to the server. */
    @Test
    void whatAWildcardGivesStays() {
        zone("* A 192.0.2.25");
        Published published = publish(NONE);
        Left left = left(published, "mail.example.org", "TXT");
        assertThat(left.why()).isEqualTo(Left.Why.WILDCARD);
        assertThat(data("mail.example.org", RecordType.A)).containsExactly("192.0.2.25");
        assertThat(texts("mail.example.org")).isEmpty();
        assertThat(texts(KEY_AT)).as("the rest is published").hasSize(1);
        zone("* A 192.0.2.25\nmail A 192.0.2.25");
        assertAllGood(publish(NONE));
    }

    /** What looks like a wildcard's is the name's own. */
    @Test
    void recordsAsThoseOfAWildcard() {
        zone("*._domainkey TXT \"same\"\nnow._domainkey TXT \"same\"");
        assertThat(left(publish(NONE), KEY_AT, "TXT").why()).isEqualTo(Left.Why.NEEDS_REPLACE);
        assertThat(texts(KEY_AT)).containsExactly("same");
        assertAllGood(publish(REPLACE));
    }

    @Test
    void whatSomebodyAddsMeanwhileStays() {
        zone("@ TXT \"one\"");
        before =
                () -> {
                    before = () -> {};
                    zone("@ TXT \"two\"\n@ TXT \"v=spf1 ip4:192.0.2.1 -all\"");
                };
        assertAllGood(publish(NONE));
        assertThat(texts("example.org"))
                .containsExactly("one", "two", "v=spf1 mx ip4:192.0.2.1 -all");
    }

    @Test
    void aZoneThatNeverHoldsStill() {
        int[] count = {0};
        before = () -> zone("@ TXT \"" + count[0]++ + "\"");
        zone("@ TXT \"first\"");
        Published published = publish(NONE);
        assertThat(published.zones()).hasSize(1);
        assertThat(published.zones().getFirst().state()).isEqualTo(State.OUTDATED);
        assertThat(published.zones().getFirst().reason()).startsWith("NXRRSET: ");
        assertThat(texts(KEY_AT)).isEmpty();
        assertThat(count[0]).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"REFUSED, REFUSED", "SERVFAIL, UNKNOWN", "UNSIGNED, UNKNOWN"})
    void theServerSaysNo(Fault fault, State state) {
        zone("");
        dns.updates(Updates.of("mansio", SECRET).with(fault));
        Published published = publish(NONE);
        assertThat(published.zones()).extracting(Published.Zone::state).containsExactly(state);
        assertThat(published.zones().getFirst().reason()).isNotEmpty();
        boolean done = fault == Fault.UNSIGNED; // It is looked at all the same.
        assertThat(texts(KEY_AT)).hasSize(done ? 1 : 0);
        assertThat(published.items())
                .filteredOn(it -> it.name().equals(KEY_AT))
                .allMatch(it -> it.verdict() == (done ? Verdict.GOOD : Verdict.MISSING));
    }

    @Test
    void aSilentServerIsNotWaitedForLong() {
        zone("");
        dns.behave("*", Behaviour.of(Behaviour.Kind.DROP));
        long begin = time.nanos();
        Published published = publish(NONE);
        assertThat(published.zones()).isEmpty();
        assertThat(published.left()).allMatch(it -> it.why() == Left.Why.UNKNOWN).isNotEmpty();
        assertThat(published.items()).isEmpty();
        assertThat(Duration.ofNanos(time.nanos() - begin)).isLessThan(Duration.ofMinutes(4));
    }

    /** One update for each zone, none for those of others, and reverse names are the provider's. */
    @Test
    void zonesOfTheServer() {
        zone("");
        dns.zone("mail.example.net.", "");
        dns.zone("_domainkey.example.org.", "");
        dns.zone("2.0.192.in-addr.arpa.", "");
        Published published = publish(presence("mail.example.net"), NONE);
        assertThat(published.zones())
                .extracting(it -> it.zone().text())
                .containsExactly("mail.example.net", "example.org", "_domainkey.example.org");
        assertAllGood(published);
        assertThat(data("25.2.0.192.in-addr.arpa", RecordType.PTR)).isEmpty();
        Published elsewhere = publish(presence("mail.example.com"), NONE);
        assertThat(left(elsewhere, "mail.example.com", "A").why()).isEqualTo(Left.Why.ELSEWHERE);
    }
}
