package mansio.testkit.dns;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.dns.Answer;
import mansio.net.dns.Answer.Failed;
import mansio.net.dns.Answer.Found;
import mansio.net.dns.Answer.Kind;
import mansio.net.dns.Answer.NoData;
import mansio.net.dns.Answer.NoSuchName;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.DnsTransport;
import mansio.net.dns.Exchange;
import mansio.net.dns.Question;
import mansio.net.dns.RecordType;
import mansio.net.dns.Security;
import mansio.net.dns.StubResolver;
import mansio.net.dns.Upstream;
import mansio.net.dns.Upstreams;
import mansio.testkit.time.FakeTime;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The resolver against a DNS that lies, fails and is slow. */
class StubResolverTest {
    private static final String RECORDS =
            """
            example.org.        3600  MX     10 mx.example.org.
            example.org.        3600  MX     20 mx2.example.org.
            mx.example.org.     60    A      192.0.2.1
            mx.example.org.     60    AAAA   2001:db8::1
            mapped.example.org.       AAAA   ::ffff:192.0.2.1
            mixed.Example.ORG.        A      192.0.2.9
            txt.example.org.          TXT    "v=spf1 " "-all"
            txt.example.org.          TXT    "caf\\233"
            _25._tcp.mx.example.org.  TLSA   3 1 1 00ff10
            _imaps._tcp.example.org.  SRV    1 2 993 imap.example.org.
            caa.example.org.          CAA    128 issue "ca.example; a\\"b"
            null.example.org.         MX     0 .
            1.2.0.192.in-addr.arpa.   CNAME  1.0/25.2.0.192.in-addr.arpa.
            1.0/25.2.0.192.in-addr.arpa. PTR mx.example.org.
            alias.example.org.  30    CNAME  alias2.example.org.
            alias2.example.org. 20    CNAME  mx.example.org.
            toservfail.example.org.   CNAME  servfail.example.org.
            todrop.example.org.       CNAME  drop.example.org.
            tonothing.example.org.    CNAME  nothing.example.org.
            tonodata.example.org.     CNAME  example.org.
            torefused.example.org.    CNAME  refused.example.org.
            toloop.example.org.       CNAME  loop.example.org.
            self.example.org.         CNAME  self.example.org.
            *.wild.example.org.       A      192.0.2.2
            deny.example.org.         A      192.0.2.3
            apart.example.org.        CNAME  well.apart.example.org.
            well.apart.example.org.   A      192.0.2.4
            good.example.org.         A      192.0.2.5
            secure.example.org.       A      192.0.2.6
            s2i.example.org.          CNAME  good2.example.org.
            good2.example.org.        A      192.0.2.7
            c1.example.org. CNAME c2.example.org.
            c2.example.org. CNAME c3.example.org.
            c3.example.org. CNAME c4.example.org.
            c4.example.org. CNAME c5.example.org.
            c5.example.org. CNAME c6.example.org.
            c6.example.org. CNAME c7.example.org.
            c7.example.org. CNAME c8.example.org.
            c8.example.org. CNAME c9.example.org.
            c9.example.org. CNAME c10.example.org.
            c10.example.org. A 192.0.2.8
            ;! servfail.example.org. servfail
            ;! drop.example.org. drop
            ;! refused.example.org. refused
            ;! notimp.example.org. notimp
            ;! loop.example.org. loop
            ;! deny.example.org. deny
            ;! referral.example.org. referral
            ;! bogus.example.org. bogus
            ;! garbage.example.org. garbage
            ;! wrongid.example.org. wrong-id
            ;! wrongquestion.example.org. wrong-question
            ;! cut.example.org. always-truncate
            ;! hangup.example.org. truncate
            ;! hangup.example.org. hang-up
            ;! silentstream.example.org. truncate
            ;! silentstream.example.org. drop-stream
            ;! nostream.example.org. truncate
            ;! nostream.example.org. no-stream
            ;! toomany.example.org. oversize 1001
            ;! monster.example.org. oversize 6000
            ;! fit.example.org. oversize 999
            ;! slow.example.org. delay 20000
            ;! well.apart.example.org. delay 0
            ;! secure.example.org. secure
            ;! s2i.example.org. secure
            ;! good2.example.org. delay 0
            """;

    private final FakeTime time = new FakeTime();
    private final FakeDns dns = new FakeDns(time, new SplittableRandom(7));

    StubResolverTest() {
        dns.zone(".", RECORDS);
    }

    private Answer ask(String name, RecordType type) {
        return dns.lookup(DnsName.parse(name), type, time.deadline(Duration.ofSeconds(10)));
    }

    private List<DnsRecord> records(String name, RecordType type) {
        assertThat(ask(name, type)).isInstanceOf(Found.class);
        return ((Found) ask(name, type)).records();
    }

    @Test
    void readsTheRecordsOfMail() {
        DnsName org = DnsName.parse("example.org");
        assertThat(records("example.org", RecordType.MX))
                .containsExactlyInAnyOrder(
                        new DnsRecord.Mx(org, 3600, 10, DnsName.parse("mx.example.org")),
                        new DnsRecord.Mx(org, 3600, 20, DnsName.parse("mx2.example.org")));
        DnsRecord.Aaaa aaaa =
                (DnsRecord.Aaaa) records("mx.example.org", RecordType.AAAA).getFirst();
        assertThat(aaaa.address()).isEqualTo(InetAddress.ofLiteral("2001:db8::1"));
        assertThat(aaaa.address()).hasToString("/2001:db8:0:0:0:0:0:1");
        assertThat(records("null.example.org", RecordType.MX))
                .extracting(record -> ((DnsRecord.Mx) record).exchange())
                .containsExactly(DnsName.ROOT);
        assertThat(records("txt.example.org", RecordType.TXT))
                .extracting(record -> ((DnsRecord.Txt) record).text())
                .containsExactlyInAnyOrder("v=spf1 -all", "caf\u00e9");
        DnsRecord.Tlsa tlsa =
                (DnsRecord.Tlsa) records("_25._tcp.mx.example.org", RecordType.TLSA).getFirst();
        assertThat(tlsa.association())
                .isEqualTo(
                        new DnsRecord.Tlsa.Association(3, 1, 1, new byte[] {0, (byte) 0xff, 16}));
        DnsRecord.Srv srv =
                (DnsRecord.Srv) records("_imaps._tcp.example.org", RecordType.SRV).getFirst();
        assertThat(srv.service())
                .isEqualTo(new DnsRecord.Srv.Service(1, 2, 993, DnsName.parse("imap.example.org")));
        assertThat(records("caa.example.org", RecordType.CAA))
                .containsExactly(
                        new DnsRecord.Caa(
                                DnsName.parse("caa.example.org"),
                                300,
                                128,
                                "issue",
                                "ca.example; a\"b"));
        assertThat(records("mapped.example.org", RecordType.AAAA).getFirst())
                .isInstanceOf(DnsRecord.Other.class);
    }

    @Test
    void followsAliases() {
        Found found = (Found) ask("alias.example.org", RecordType.A);
        assertThat(found.canonicalName()).hasToString("mx.example.org");
        assertThat(found.records()).extracting(DnsRecord::ttlSeconds).containsExactly(20);
        assertThat(ask("alias.example.org", RecordType.CNAME)).isInstanceOf(Found.class);
        // RFC 2317: a reverse name that is delegated by an alias no host may have.
        DnsName reverse = DnsName.reverse(InetAddress.ofLiteral("192.0.2.1"));
        assertThat(((Found) ask(reverse.text(), RecordType.PTR)).of(DnsRecord.Ptr.class))
                .extracting(ptr -> ptr.target().text())
                .containsExactly("mx.example.org");
        assertThat(((Found) ask("apart.example.org", RecordType.A)).canonicalName())
                .hasToString("well.apart.example.org");
        assertThat(ask("x.y.wild.example.org", RecordType.A)).isInstanceOf(Found.class);
        assertThat(ask("MIXED.example.org", RecordType.A)).isInstanceOf(Found.class);
        assertThat(ask("c3.example.org", RecordType.A)).isInstanceOf(Found.class);
    }

    @Test
    void tellsNoNameFromNoRecords() {
        assertThat(ask("nothing.example.org", RecordType.A))
                .isEqualTo(new NoSuchName(DnsName.parse("nothing.example.org"), Security.INSECURE));
        assertThat(ask("example.org", RecordType.TXT))
                .isEqualTo(new NoData(DnsName.parse("example.org"), Security.INSECURE));
        // Nothing at the name itself, but below it.
        assertThat(ask("_tcp.mx.example.org", RecordType.A)).isInstanceOf(NoData.class);
        assertThat(ask("tonothing.example.org", RecordType.A))
                .isEqualTo(new NoSuchName(DnsName.parse("nothing.example.org"), Security.INSECURE));
        assertThat(ask("tonodata.example.org", RecordType.TXT))
                .isEqualTo(new NoData(DnsName.parse("example.org"), Security.INSECURE));
    }

    @ParameterizedTest
    @CsvSource({
        "servfail, SERVFAIL",
        "toservfail, SERVFAIL",
        "refused, REFUSED",
        "torefused, REFUSED",
        "referral, REFUSED",
        "notimp, MALFORMED",
        "bogus, BOGUS",
        "drop, TIMEOUT",
        "todrop, TIMEOUT",
        "slow, TIMEOUT",
        "wrongid, TIMEOUT",
        "wrongquestion, TIMEOUT",
        "garbage, MALFORMED",
        "deny, MALFORMED",
        "cut, MALFORMED",
        "hangup, NETWORK",
        "silentstream, TIMEOUT",
        "nostream, NETWORK",
        "toomany, MALFORMED",
        "monster, MALFORMED",
        "loop, CNAME_LOOP",
        "toloop, CNAME_LOOP",
        "self, CNAME_LOOP",
        "c1, CNAME_LOOP",
    })
    void whatCannotBeToldIsAFailure(String label, Kind kind) {
        long before = time.nanos();
        Answer answer = ask(label + ".example.org", RecordType.A);
        assertThat(answer).isInstanceOf(Failed.class);
        assertThat(((Failed) answer).kind()).as(answer.toString()).isEqualTo(kind);
        assertThat(((Failed) answer).reason()).isNotBlank().doesNotContain("\n");
        assertThat(Duration.ofNanos(time.nanos() - before)).isLessThan(Duration.ofSeconds(11));
    }

    /** A resolver's own "no" is believed without an SOA record; everything less is none. */
    @ParameterizedTest
    @CsvSource({
        "no-soa, , NoData",
        "no-soa, nxdomain, NoSuchName",
        "no-recursion, , NoData",
        "no-soa, no-recursion, REFUSED",
        "foreign-soa, , REFUSED",
        "foreign-soa, no-recursion, REFUSED",
        "referral, no-recursion, REFUSED",
        "unrelated, , MALFORMED",
        "unrelated, no-recursion, MALFORMED",
        "nxdomain, no-recursion, REFUSED",
        "nxdomain, no-question, TIMEOUT",
        "no-question, , TIMEOUT",
    })
    void noIsTakenOnlyFromWhoCanSayIt(String one, @Nullable String other, String expected) {
        dns.behave("example.org", Behaviour.parse(one));
        if (other != null) {
            dns.behave("example.org", Behaviour.parse(other));
        }
        Answer answer = ask("example.org", RecordType.TXT);
        String said =
                answer instanceof Failed failed
                        ? failed.kind().name()
                        : answer.getClass().getSimpleName();
        assertThat(said).as(answer.toString()).isEqualTo(expected);
    }

    /** The code of a reply may be about the first name of a chain when no zone is shown. */
    @Test
    void theEndOfAChainIsAskedForUnlessItsZoneIsShown() {
        dns.behave("tonothing.example.org", Behaviour.of(Behaviour.Kind.NO_SOA));
        dns.behave("toservfail.example.org", Behaviour.of(Behaviour.Kind.NO_SOA));
        assertThat(ask("tonothing.example.org", RecordType.A)).isInstanceOf(NoSuchName.class);
        assertThat(dns.datagrams()).isEqualTo(2);
    }

    @Test
    void asksAgainOverAStreamWhatADatagramCannotHold() {
        assertThat(records("fit.example.org", RecordType.A)).hasSize(999);
        assertThat(dns.streams()).isEqualTo(2);
        dns.behave("good.example.org", Behaviour.of(Behaviour.Kind.TRUNCATE));
        assertThat(records("good.example.org", RecordType.A)).hasSize(1);
    }

    @Test
    void passesOverWhatOthersThrowIn() {
        dns.behave("good.example.org", Behaviour.of(Behaviour.Kind.RACE));
        assertThat(records("good.example.org", RecordType.A)).hasSize(1);
        assertThat(dns.streams()).isZero();
    }

    @Test
    void livesWithServersWithoutEdns() {
        dns.behave("good.example.org", Behaviour.of(Behaviour.Kind.NO_EDNS));
        assertThat(ask("good.example.org", RecordType.A)).isInstanceOf(Found.class);
        assertThat(dns.datagrams()).isEqualTo(2);
        assertThat(ask("good.example.org", RecordType.A)).isInstanceOf(Found.class);
        assertThat(dns.datagrams()).as("remembered").isEqualTo(3);
        time.advance(Duration.ofMinutes(11));
        assertThat(ask("good.example.org", RecordType.A)).isInstanceOf(Found.class);
        assertThat(dns.datagrams()).as("tried again after a while").isEqualTo(5);
    }

    /** A changed case is believed over a stream only, where the peer is known. */
    @Test
    void livesWithServersThatLoseTheCase() {
        dns.behave("good.example.org", Behaviour.of(Behaviour.Kind.LOWER_CASE));
        assertThat(ask("good.example.org", RecordType.A)).isInstanceOf(Found.class);
        assertThat(dns.streams()).isEqualTo(1);
        assertThat(ask("good.example.org", RecordType.A)).isInstanceOf(Found.class);
        assertThat(dns.streams()).as("remembered").isEqualTo(1);
    }

    @Test
    void livesWithServersThatLoseTheCaseAndTakeNoStreams() {
        dns.behave("good.example.org", Behaviour.of(Behaviour.Kind.LOWER_CASE));
        dns.behave("good.example.org", Behaviour.of(Behaviour.Kind.NO_STREAM));
        assertThat(ask("good.example.org", RecordType.A)).isInstanceOf(Found.class);
        assertThat(dns.datagrams()).isEqualTo(2);
    }

    /** The stream is given up while there is time left for the datagram. */
    @ParameterizedTest
    @CsvSource({"drop-stream, 10", "hang-up, 10", "drop-stream, 1"})
    void livesWithServersThatLoseTheCaseAndTheStream(String stream, int seconds) {
        dns.behave("good.example.org", Behaviour.of(Behaviour.Kind.LOWER_CASE));
        dns.behave("good.example.org", Behaviour.parse(stream));
        long deadline = time.deadline(Duration.ofSeconds(seconds));
        assertThat(dns.lookup(DnsName.parse("good.example.org"), RecordType.A, deadline))
                .isInstanceOf(Found.class);
        assertThat(dns.datagrams()).isEqualTo(2);
        assertThat(dns.streams()).isEqualTo(1);
    }

    @Test
    void anAnswerIsAsSecureAsItsWeakestStep() {
        assertThat(((Found) ask("secure.example.org", RecordType.A)).security())
                .isEqualTo(Security.SECURE);
        assertThat(((Found) ask("s2i.example.org", RecordType.A)).security())
                .isEqualTo(Security.INSECURE);
        assertThat(((NoData) ask("secure.example.org", RecordType.MX)).security())
                .isEqualTo(Security.SECURE);
        StubResolver distrusting = resolver(dns, false, "192.0.2.53");
        assertThat(distrusting.lookup(DnsName.parse("secure.example.org"), RecordType.A, later()))
                .extracting(answer -> ((Found) answer).security())
                .isEqualTo(Security.UNCHECKED);
    }

    @Test
    void tellsHowLongAnAnswerHolds() {
        assertThat(ttl("mx.example.org")).isEqualTo(60);
        assertThat(ttl("alias.example.org")).isEqualTo(20);
        assertThat(ttl("nothing.example.org")).isEqualTo(60); // The minimum of the SOA record.
        assertThat(ttl("servfail.example.org")).isZero();
        dns.behave("denied.example.org", Behaviour.of(Behaviour.Kind.NXDOMAIN));
        assertThat(ttl("denied.example.org")).as("no SOA record").isZero();
    }

    private int ttl(String name) {
        Upstream.Outcome outcome =
                resolver(dns, false, "192.0.2.53")
                        .ask(new Question(DnsName.parse(name), RecordType.A), later());
        return outcome.ttlSeconds();
    }

    @Test
    void withoutServersEverythingFails() {
        assertThat(resolver(dns, false).lookup(DnsName.parse("a"), RecordType.A, later()))
                .isEqualTo(new Failed(Kind.NETWORK, "no name server is known"));
    }

    /** One server each: what they do, and who is asked in which order. */
    private static final class Several implements DnsTransport {
        private final Map<String, FakeDns> servers;
        private final List<String> log = new ArrayList<>();

        Several(Map<String, FakeDns> servers) {
            this.servers = servers;
        }

        @Override
        public byte[] datagram(
                InetSocketAddress server,
                byte[] query,
                Predicate<byte[]> wanted,
                long deadlineNanos)
                throws IOException {
            String address = server.getAddress().getHostAddress();
            log.add(address.substring(address.lastIndexOf('.') + 1));
            FakeDns there = servers.get(address);
            if (there == null) {
                throw new ConnectException("nobody there");
            }
            return there.datagram(server, query, wanted, deadlineNanos);
        }

        @Override
        public byte[] stream(InetSocketAddress server, byte[] query, long deadlineNanos)
                throws IOException {
            throw new ConnectException("no streams");
        }
    }

    private FakeDns one(String behaviour) {
        FakeDns one = new FakeDns(time, new SplittableRandom(3));
        one.zone(".", "name. A 192.0.2.1\n" + behaviour);
        return one;
    }

    @Test
    void goesOnToTheNextServer() {
        Several several =
                new Several(
                        Map.of(
                                "192.0.2.1", one(";! * drop"),
                                "192.0.2.2", one(";! * servfail"),
                                "192.0.2.4", one("")));
        StubResolver resolver =
                resolver(several, false, "192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4");
        assertThat(resolver.lookup(DnsName.parse("name"), RecordType.A, later()))
                .isInstanceOf(Found.class);
        assertThat(several.log).containsExactly("1", "2", "3", "4");
        several.log.clear();
        // Who kept silent comes last for a while.
        assertThat(resolver.lookup(DnsName.parse("name"), RecordType.A, later()))
                .isInstanceOf(Found.class);
        assertThat(several.log).containsExactly("2", "4");
        several.log.clear();
        time.advance(Duration.ofSeconds(31));
        assertThat(resolver.lookup(DnsName.parse("name"), RecordType.A, later()))
                .isInstanceOf(Found.class);
        assertThat(several.log).containsExactly("1", "2", "3", "4");
    }

    @Test
    void asksAgainWhoIsSilentAndNotWhoHasSpoken() {
        Several several =
                new Several(
                        Map.of(
                                "192.0.2.1", one(";! * drop"),
                                "192.0.2.2", one(";! * servfail")));
        Answer answer =
                resolver(several, false, "192.0.2.1", "192.0.2.2")
                        .lookup(DnsName.parse("name"), RecordType.A, later());
        assertThat(several.log).containsExactly("1", "2", "1");
        assertThat(answer)
                .isEqualTo(
                        new Failed(
                                Kind.SERVFAIL,
                                "192.0.2.1: no answer in time; 192.0.2.2: SERVFAIL"));
    }

    @Test
    void noServerIsAskedPastWrongSignatures() {
        Several several = new Several(Map.of("192.0.2.1", one(";! * bogus"), "192.0.2.2", one("")));
        Answer answer =
                resolver(several, true, "192.0.2.1", "192.0.2.2")
                        .lookup(DnsName.parse("name"), RecordType.A, later());
        assertThat(((Failed) answer).kind()).isEqualTo(Kind.BOGUS);
        assertThat(several.log).containsExactly("1");
    }

    @Test
    void keepsTheDeadlineOfItsCaller() {
        Several several =
                new Several(
                        IntStream.rangeClosed(1, 9)
                                .boxed()
                                .collect(
                                        Collectors.toMap(
                                                i -> "192.0.2." + i, _ -> one(";! * drop"))));
        long deadline = time.deadline(Duration.ofSeconds(5));
        String[] all = several.servers.keySet().stream().sorted().toArray(String[]::new);
        Answer answer =
                resolver(several, false, all).lookup(DnsName.parse("name"), RecordType.A, deadline);
        assertThat(((Failed) answer).kind()).isEqualTo(Kind.TIMEOUT);
        assertThat(time.nanos()).isEqualTo(deadline);
        assertThat(several.log).containsExactly("1", "2", "3");
    }

    private long later() {
        return time.deadline(Duration.ofSeconds(60));
    }

    private StubResolver resolver(DnsTransport transport, boolean trustAd, String... servers) {
        List<InetSocketAddress> addresses =
                java.util.Arrays.stream(servers)
                        .map(server -> new InetSocketAddress(InetAddress.ofLiteral(server), 53))
                        .toList();
        Upstreams upstreams = new Upstreams(addresses, Duration.ofSeconds(2), 2, trustAd);
        return new StubResolver(
                new Exchange(() -> upstreams, transport, time, new SplittableRandom(5)));
    }
}
