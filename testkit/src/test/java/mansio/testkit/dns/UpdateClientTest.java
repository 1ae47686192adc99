package mansio.testkit.dns;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Ascii;
import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.DnsTransport;
import mansio.net.dns.RecordType;
import mansio.net.dns.TsigAlgorithm;
import mansio.net.dns.TsigKey;
import mansio.net.dns.UpdateClient;
import mansio.net.dns.UpdateClient.Place;
import mansio.net.dns.UpdateResult;
import mansio.net.dns.UpdateResult.Broken;
import mansio.net.dns.UpdateResult.Done;
import mansio.net.dns.UpdateResult.Outdated;
import mansio.net.dns.UpdateResult.Reason;
import mansio.net.dns.UpdateResult.Refused;
import mansio.net.dns.UpdateResult.Unknown;
import mansio.net.dns.ZoneUpdate;
import mansio.net.dns.ZoneUpdate.Condition;
import mansio.net.dns.ZoneUpdate.Edit;
import mansio.testkit.dns.Updates.Fault;
import mansio.testkit.sim.Seeds;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Updates of zones, signed, and every way in which a server says no. */
class UpdateClientTest {
    private static final String SECRET = "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IDMyIG8=";
    private static final DnsName ZONE = DnsName.parse("example.org");
    private static final DnsName NAME = DnsName.parse("a.example.org");
    private static final InetSocketAddress SERVER =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 53);

    private final FakeTime time = new FakeTime();
    private final FakeDns dns = new FakeDns(time, new SplittableRandom(1));
    private final UpdateClient client = client(dns);

    private UpdateClient client(DnsTransport transport) {
        return new UpdateClient(SERVER, transport, time, new SplittableRandom(2));
    }

    private static TsigKey key(String secret) {
        return TsigKey.ofBase64(DnsName.parse("Mansio"), TsigAlgorithm.HMAC_SHA256, secret);
    }

    private static DnsRecord.Txt txt(DnsName name, String... strings) {
        return new DnsRecord.Txt(name, 60, List.of(strings));
    }

    private static ZoneUpdate add(DnsRecord record, Condition... conditions) {
        return new ZoneUpdate(ZONE, List.of(conditions), List.of(new Edit.Add(record)));
    }

    private UpdateResult send(ZoneUpdate update) {
        return client.send(update, key(SECRET), time.deadline(Duration.ofSeconds(5)));
    }

    private void zone(String records) {
        dns.zone("example.org.", records);
        dns.updates(Updates.of("mansio", SECRET));
    }

    private List<String> texts(DnsName name) {
        return dns.lookup(name, RecordType.TXT, Long.MAX_VALUE) instanceof Answer.Found found
                ? found.of(DnsRecord.Txt.class).stream().map(DnsRecord.Txt::text).toList()
                : List.of();
    }

    @ParameterizedTest
    @EnumSource(TsigAlgorithm.class)
    void recordsAreAddedAndRemoved(TsigAlgorithm algorithm) {
        zone("a TXT \"old\"\na TXT \"kept\"");
        dns.updates(new Updates("mansio", algorithm.text(), SECRET, Fault.NONE));
        ZoneUpdate update =
                new ZoneUpdate(
                        ZONE,
                        List.of(
                                new Condition.SetIs(List.of(txt(NAME, "kept"), txt(NAME, "old"))),
                                new Condition.NoSet(NAME, RecordType.MX),
                                new Condition.InUse(NAME)),
                        List.of(
                                new Edit.Remove(txt(NAME, "old")),
                                new Edit.Add(txt(NAME, "new", "\"er\\", "\u00fc"))));
        TsigKey key = TsigKey.ofBase64(DnsName.parse("mansio"), algorithm, SECRET);
        assertThat(client.send(update, key, Long.MAX_VALUE)).isEqualTo(new Done());
        assertThat(texts(NAME)).containsExactlyInAnyOrder("kept", "new\"er\\\u00fc");
    }

    /** What is written is what is read, of each type. */
    @Test
    void everyTypeOfRecord() {
        String records =
                """
                all MX 10 mx.example.org.
                all A 192.0.2.1
                all AAAA 2001:db8::1
                all TXT "one" "" "two"
                all CAA 128 issue "ca.example; x=y"
                all TLSA 3 1 1 00ff
                all SRV 1 2 3 mx.example.org.
                all PTR mx.example.org.
                all NS ns.example.org.
                all DS 1 8 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff
                """;
        zone(records);
        DnsName all = DnsName.parse("all.example.org");
        for (RecordType type : RecordType.values()) {
            if (!(dns.lookup(all, type, Long.MAX_VALUE) instanceof Answer.Found found)) continue;
            DnsRecord record = found.records().getFirst();
            Condition there = new Condition.SetIs(found.records());
            ZoneUpdate remove =
                    new ZoneUpdate(ZONE, List.of(there), List.of(new Edit.Remove(record)));
            assertThat(send(remove)).as(type.name()).isEqualTo(new Done());
            assertThat(dns.lookup(all, type, Long.MAX_VALUE)).isNotInstanceOf(Answer.Found.class);
            assertThat(send(add(record))).isEqualTo(new Done());
            assertThat(dns.lookup(all, type, Long.MAX_VALUE)).isEqualTo(found);
        }
    }

    @Test
    void nothingIsChangedWhenAConditionDoesNotHold() {
        zone("a TXT \"other\"\n* TXT \"wild\"");
        DnsRecord.Txt record = txt(NAME, "new");
        Condition other = new Condition.SetIs(List.of(txt(NAME, "read")));
        assertThat(send(add(record, other))).isEqualTo(new Outdated(Broken.SET_DIFFERS));
        Condition part = new Condition.SetIs(List.of(txt(NAME, "other"), txt(NAME, "and another")));
        assertThat(send(add(record, part))).isEqualTo(new Outdated(Broken.SET_DIFFERS));
        Condition none = new Condition.NoSet(NAME, RecordType.TXT);
        assertThat(send(add(record, none))).isEqualTo(new Outdated(Broken.SET_IS_THERE));
        DnsName wild = DnsName.parse("b.example.org");
        assertThat(send(add(txt(wild, "new"), new Condition.InUse(wild))))
                .isEqualTo(new Outdated(Broken.NAME_NOT_IN_USE));
        assertThat(texts(NAME)).containsExactly("other");
        assertThat(texts(wild)).containsExactly("wild");
    }

    @ParameterizedTest
    @CsvSource({
        "REFUSED, NOT_PERMITTED, REFUSED: the server does not let the key mansio change the zone",
        "NOTIMP, NOT_SUPPORTED, NOTIMP: the server does not take dynamic updates",
        "NOTAUTH, NOT_THE_SERVER, NOTAUTH: the server is not the one where the zone example.org is",
        "CLOCK, CLOCKS_DIFFER, BADTIME: the clocks differ too much: it is "
    })
    void theServerSaysNo(Fault fault, Reason reason, String sentence) {
        zone("");
        dns.updates(Updates.of("mansio", SECRET).with(fault));
        assertThat(send(add(txt(NAME, "new"))))
                .isInstanceOfSatisfying(
                        Refused.class,
                        it -> {
                            assertThat(it.reason()).isEqualTo(reason);
                            assertThat(it.sentence()).startsWith(sentence);
                        });
        assertThat(texts(NAME)).isEmpty();
    }

    @Test
    void aKeyThatTheServerDoesNotHave() {
        zone("");
        dns.updates(Updates.of("other", SECRET));
        assertThat(send(add(txt(NAME, "new"))))
                .isEqualTo(
                        new Refused(
                                Reason.UNKNOWN_KEY,
                                "BADKEY: the server knows no key mansio with hmac-sha256, or"
                                        + " lets it change nothing in this zone"));
        dns.updates(Updates.of("mansio", "b3RoZXI="));
        assertThat(send(add(txt(NAME, "new"))))
                .isEqualTo(
                        new Refused(
                                Reason.WRONG_SECRET,
                                "BADSIG: the secret is not the one that the server has for the key"
                                        + " mansio"));
        assertThat(texts(NAME)).isEmpty();
    }

    @Test
    void aNameOutsideTheZone() {
        zone("");
        DnsName other = DnsName.parse("example.com");
        assertThat(send(add(txt(other, "x"))))
                .isInstanceOfSatisfying(
                        Refused.class, it -> assertThat(it.reason()).isEqualTo(Reason.NOT_IN_ZONE));
    }

    @ParameterizedTest
    @CsvSource({
        "UNSIGNED, 'it says NOERROR, and not with the signature of the key mansio'",
        "WRONG_SIGNATURE, 'it says NOERROR, and not with the signature of the key mansio'",
        "SERVFAIL, 'it says SERVFAIL: it cannot change the zone now; see its log'",
        "SILENT, no answer in time"
    })
    void whatCannotBeToldIsNotDone(Fault fault, String reason) {
        zone("");
        dns.updates(Updates.of("mansio", SECRET).with(fault));
        assertThat(send(add(txt(NAME, "new")))).isEqualTo(new Unknown(reason));
    }

    /** A condition that fails is a reason to look again: nobody else may say so. */
    @Test
    void anOutdatedConditionMustBeSigned() {
        zone("");
        Condition.InUse condition = new Condition.InUse(NAME);
        dns.updates(Updates.of("mansio", SECRET).with(Fault.UNSIGNED));
        assertThat(send(add(txt(NAME, "new"), condition))).isInstanceOf(Unknown.class);
        dns.updates(Updates.of("mansio", SECRET));
        assertThat(send(add(txt(NAME, "new"), condition))).isInstanceOf(Outdated.class);
    }

    @Test
    void tooMuchForOneMessage() {
        zone("");
        String long255 = "x".repeat(255);
        DnsRecord.Txt large = txt(NAME, long255, long255, long255, long255);
        List<Edit> edits =
                IntStream.range(0, 70)
                        .<Edit>mapToObj(
                                it ->
                                        new Edit.Add(
                                                new DnsRecord.Txt(
                                                        DnsName.parse("n" + it + ".example.org"),
                                                        60,
                                                        large.strings())))
                        .toList();
        assertThat(send(new ZoneUpdate(ZONE, List.of(), edits)))
                .isInstanceOfSatisfying(
                        Refused.class, it -> assertThat(it.reason()).isEqualTo(Reason.TOO_LARGE));
        assertThat(dns.streams()).isZero();
    }

    @Test
    void theZoneOfAName() {
        dns.zone("example.org.", "alias CNAME x.example.net.\n_domainkey NS ns.elsewhere.");
        dns.zone("deep.example.org.", "");
        dns.zone("example.net.", "");
        assertThat(place("example.org")).isEqualTo(new Place.In(ZONE));
        assertThat(place("a.b.example.org")).isEqualTo(new Place.In(ZONE));
        assertThat(place("alias.example.org")).isEqualTo(new Place.In(ZONE));
        assertThat(place("x.deep.example.org"))
                .isEqualTo(new Place.In(DnsName.parse("deep.example.org")));
        assertThat(place("example.com")).isInstanceOf(Place.Elsewhere.class);
        dns.behave("sub.example.org", Behaviour.of(Behaviour.Kind.REFERRAL));
        assertThat(place("sub.example.org")).isInstanceOf(Place.Elsewhere.class);
        dns.behave("late.example.org", Behaviour.of(Behaviour.Kind.DROP));
        assertThat(place("late.example.org")).isInstanceOf(Place.Unknown.class);
    }

    private Place place(String name) {
        return client.zoneOf(DnsName.parse(name), time.deadline(Duration.ofSeconds(30)));
    }

    /** Nothing but the whole and right answer says that it is done, and nothing is thrown. */
    @Test
    void damagedAnswers() {
        zone("");
        SplittableRandom random = new SplittableRandom(Seeds.first(21));
        UpdateClient damaging = client(new Damaging(dns, random));
        for (int run = 0; run < Seeds.count(5_000); run++) {
            UpdateResult result = damaging.send(add(txt(NAME, "new")), key(SECRET), Long.MAX_VALUE);
            assertThat(result).isNotInstanceOf(Done.class).isNotInstanceOf(Outdated.class);
        }
    }

    private record Damaging(FakeDns dns, SplittableRandom random) implements DnsTransport {
        /** Behind the header, the question, and name, type and class of the signature. */
        private static final int TSIG_TTL = 12 + 17 + 12;

        @Override
        public byte[] datagram(
                InetSocketAddress server,
                byte[] query,
                Predicate<byte[]> wanted,
                long deadlineNanos) {
            throw new AssertionError("an update by datagram");
        }

        @Override
        public byte[] stream(InetSocketAddress server, byte[] query, long deadlineNanos)
                throws IOException {
            byte[] message = dns.stream(server, query, deadlineNanos);
            byte[] out = message.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                out[random.nextInt(out.length)] ^= (byte) (1 << random.nextInt(8));
            }
            // The name of the key, and of the algorithm, may come in any case.
            // A TTL with its first bit set counts as 0 (RFC 2181 section 8).
            out[TSIG_TTL] &= 0x7f;
            if (lower(out).equals(lower(message))) out[3] ^= 1;
            return random.nextInt(8) == 0 ? Arrays.copyOf(out, random.nextInt(out.length)) : out;
        }

        private static String lower(byte[] message) {
            return Ascii.lower(new String(message, StandardCharsets.ISO_8859_1));
        }
    }
}
