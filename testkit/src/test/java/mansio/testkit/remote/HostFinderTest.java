package mansio.testkit.remote;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Host;
import mansio.net.dns.Answer;
import mansio.net.dns.RecordType;
import mansio.net.dns.Resolver;
import mansio.net.dns.Security;
import mansio.net.smtpclient.AddressRules;
import mansio.net.smtpclient.Destination;
import mansio.net.smtpclient.HostFinder;
import mansio.net.smtpclient.HostFinder.Families;
import mansio.net.smtpclient.Hosts;
import mansio.net.smtpclient.MailHost;
import mansio.net.smtpclient.Ourselves;
import mansio.testkit.dns.Behaviour;
import mansio.testkit.dns.FakeDns;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** Who takes the mail of a domain: RFC 5321 section 5.1, RFC 7505. */
class HostFinderTest {
    private static final String ZONE =
            """
            two.test.        MX    20 b.two.test.
            two.test.        MX    10 a.two.test.
            a.two.test.      A     192.0.2.1
            b.two.test.      A     192.0.2.2
            b.two.test.      AAAA  2001:db8::2
            implicit.test.   A     192.0.2.3
            txt.test.        TXT   "no mail here"
            null.test.       MX    0 .
            half.test.       MX    0 .
            half.test.       MX    5 a.two.test.
            alias.test.      MX    10 cname.alias.test.
            cname.alias.test. CNAME a.two.test.
            www.test.        CNAME two.test.
            lost.test.       MX    10 nowhere.lost.test.
            part.test.       MX    10 nowhere.lost.test.
            part.test.       MX    20 a.two.test.
            ours.test.       MX    10 mx.our.test.
            mx.our.test.     A     198.51.100.1
            last.test.       MX    10 a.two.test.
            last.test.       MX    20 MX.Our.test.
            last.test.       MX    20 b.two.test.
            last.test.       MX    30 c.two.test.
            c.two.test.      A     192.0.2.4
            byname.test.     MX    10 other.our.test.
            other.our.test.  CNAME mx.our.test.
            byaddress.test.  MX    10 hidden.test.
            hidden.test.     A     198.51.100.1
            onlyus.test.     MX    10 nowhere.lost.test.
            onlyus.test.     MX    20 mx.our.test.
            inside.test.     MX    10 lo.inside.test.
            inside.test.     MX    10 ten.inside.test.
            lo.inside.test.  A     127.0.0.1
            ten.inside.test. A     10.1.2.3
            mixed.test.      A     192.168.1.1
            mixed.test.      A     192.0.2.5
            ill.test.        MX    10 servfail.ill.test.
            half-ill.test.   MX    10 servfail.ill.test.
            half-ill.test.   MX    20 a.two.test.
            number.test.     MX    10 192.0.2.1.
            ;! servfail.test servfail
            ;! silent.test drop
            ;! bogus.test bogus
            ;! servfail.ill.test servfail
            """;

    private final FakeTime time = new FakeTime();
    private final FakeDns dns = dns();

    private FakeDns dns() {
        FakeDns made = new FakeDns(time, new SplittableRandom(1));
        made.zone(".", ZONE);
        return made;
    }

    private static HostFinder finder(
            Resolver resolver, AddressRules rules, Families families, long seed) {
        return new HostFinder(
                new HostFinder.Around(resolver, new FakeTime(), new SplittableRandom(seed)),
                new HostFinder.Rules(
                        rules,
                        new Ourselves(
                                Set.of("mx.our.test"),
                                Set.of(InetAddress.ofLiteral("198.51.100.1"))),
                        families));
    }

    private HostFinder finder(AddressRules rules, Families families) {
        return finder(dns, rules, families, 1);
    }

    private static Host host(String text) {
        return Address.parse("x@" + text).host();
    }

    private static String line(Hosts hosts) {
        return switch (hosts) {
            case Hosts.Found(List<MailHost> found, String _, List<String> _) ->
                    found.stream().map(HostFinderTest::line).collect(Collectors.joining(", "));
            case Hosts.Never(String status, String _) -> "never " + status;
            case Hosts.Later(String status, String _) -> "later " + status;
        };
    }

    private static String line(MailHost host) {
        return host.preference()
                + " "
                + host.name()
                + host.peers().stream()
                        .map(it -> ((InetSocketAddress) it).getAddress().getHostAddress())
                        .collect(Collectors.joining(" ", " [", "]"));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    two.test       ; 10 a.two.test [192.0.2.1], 20 b.two.test [2001:db8:0:0:0:0:0:2 192.0.2.2]
                    implicit.test  ; 0 implicit.test [192.0.2.3]
                    txt.test       ; never 5.1.2
                    nowhere.test   ; never 5.1.2
                    null.test      ; never 5.1.10
                    half.test      ; 5 a.two.test [192.0.2.1]
                    alias.test     ; 10 cname.alias.test [192.0.2.1]
                    www.test       ; 10 a.two.test [192.0.2.1], 20 b.two.test [2001:db8:0:0:0:0:0:2 192.0.2.2]
                    lost.test      ; never 5.1.2
                    part.test      ; 20 a.two.test [192.0.2.1]
                    number.test    ; never 5.1.2
                    # RFC 5321 section 5.1: nothing as good as our own record, or worse.
                    ours.test      ; never 5.4.6
                    last.test      ; 10 a.two.test [192.0.2.1]
                    byname.test    ; never 5.4.6
                    byaddress.test ; never 5.4.6
                    onlyus.test    ; never 5.4.6
                    mx.our.test    ; never 5.4.6
                    # What strangers say about our network.
                    inside.test    ; never 5.4.4
                    mixed.test     ; 0 mixed.test [192.0.2.5]
                    # Cannot tell is never for good.
                    servfail.test  ; later 4.4.3
                    silent.test    ; later 4.4.3
                    bogus.test     ; later 4.7.5
                    ill.test       ; later 4.4.3
                    half-ill.test  ; 20 a.two.test [192.0.2.1]
                    # Address literals.
                    [192.0.2.9]          ; 0 192.0.2.9 [192.0.2.9]
                    [IPv6:2001:db8::9]   ; 0 2001:db8:0:0:0:0:0:9 [2001:db8:0:0:0:0:0:9]
                    [127.0.0.1]          ; never 5.4.4
                    [IPv6:::1]           ; never 5.4.4
                    [IPv6:::ffff:127.0.0.1] ; never 5.4.4
                    [198.51.100.1]       ; never 5.4.6
                    """)
    void mail(String destination, String expected) {
        HostFinder finder = finder(AddressRules.PUBLIC_ONLY, Families.IPV6_FIRST);
        assertThat(line(finder.find(new Destination.Mail(host(destination))))).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            textBlock =
                    """
                    # By its address, not by MX, and wherever it is.
                    two.test         ; later 4.4.4
                    b.two.test       ; 0 b.two.test [2001:db8:0:0:0:0:0:2 192.0.2.2]
                    lo.inside.test   ; 0 lo.inside.test [127.0.0.1]
                    [127.0.0.1]      ; 0 127.0.0.1 [127.0.0.1]
                    # A mistake in the configuration returns no mail.
                    nowhere.test     ; later 4.4.4
                    servfail.test    ; later 4.4.3
                    """)
    void relay(String destination, String expected) {
        HostFinder finder = finder(AddressRules.PUBLIC_ONLY, Families.IPV6_FIRST);
        Hosts hosts = finder.find(new Destination.Relay(host(destination), 587));
        assertThat(line(hosts)).isEqualTo(expected);
        if (hosts instanceof Hosts.Found(List<MailHost> found, String key, List<String> _)) {
            assertThat(((InetSocketAddress) found.getFirst().peers().getFirst()).getPort())
                    .isEqualTo(587);
            assertThat(key).endsWith(":587");
        }
    }

    @Test
    void familiesArePreferredOrLeftOut() {
        Destination b = new Destination.Relay(host("b.two.test"), 25);
        AddressRules rules = AddressRules.PUBLIC_ONLY;
        assertThat(line(finder(rules, Families.IPV4_FIRST).find(b)))
                .isEqualTo("0 b.two.test [192.0.2.2 2001:db8:0:0:0:0:0:2]");
        assertThat(line(finder(rules, Families.IPV4_ONLY).find(b)))
                .isEqualTo("0 b.two.test [192.0.2.2]");
        assertThat(line(finder(rules, Families.IPV6_ONLY).find(b)))
                .isEqualTo("0 b.two.test [2001:db8:0:0:0:0:0:2]");
        Destination two = new Destination.Mail(host("two.test"));
        assertThat(line(finder(rules, Families.IPV6_ONLY).find(two)))
                .isEqualTo("20 b.two.test [2001:db8:0:0:0:0:0:2]");
    }

    @Test
    void whoHasTheOtherFamilyOnlyIsNotReachedNow() {
        dns.zone(
                "one.test.",
                "six.one.test. MX 1 mx6.one.test.\nmx6.one.test. AAAA 2001:db8::6\n"
                        + "four.one.test. A 192.0.2.4\nnone.one.test. MX 1 gone.one.test.\n");
        Destination six = new Destination.Mail(host("six.one.test"));
        Destination four = new Destination.Mail(host("four.one.test"));
        Destination none = new Destination.Mail(host("none.one.test"));
        AddressRules rules = AddressRules.PUBLIC_ONLY;
        assertThat(finder(rules, Families.IPV4_ONLY).find(six))
                .isEqualTo(
                        new Hosts.Later(
                                "4.4.4",
                                "the mail hosts of six.one.test have no address that is used here:"
                                        + " IPv4 only"));
        assertThat(line(finder(rules, Families.IPV6_ONLY).find(four))).isEqualTo("later 4.4.4");
        assertThat(line(finder(rules, Families.IPV6_FIRST).find(six)))
                .isEqualTo("1 mx6.one.test [2001:db8:0:0:0:0:0:6]");
        assertThat(line(finder(rules, Families.IPV4_ONLY).find(none))).isEqualTo("never 5.1.2");
    }

    @Test
    void whoDeniesANameForOneFamilyHasTheOther() {
        Resolver denying =
                (question, deadline) ->
                        question.type().equals(RecordType.AAAA)
                                ? new Answer.NoSuchName(question.name(), Security.UNCHECKED)
                                : dns.lookup(question, deadline);
        HostFinder finder = finder(denying, AddressRules.PUBLIC_ONLY, Families.IPV6_FIRST, 1);
        assertThat(line(finder.find(new Destination.Mail(host("implicit.test")))))
                .isEqualTo("0 implicit.test [192.0.2.3]");
    }

    @Test
    void addressesMayBeAllowed() {
        InetAddress ten = InetAddress.ofLiteral("10.1.2.3");
        HostFinder finder = finder(new AddressRules(ten::equals), Families.IPV6_FIRST);
        Hosts hosts = finder.find(new Destination.Mail(host("inside.test")));
        assertThat(line(hosts)).isEqualTo("10 ten.inside.test [10.1.2.3]");
        assertThat(((Hosts.Found) hosts).notes())
                .containsExactly("lo.inside.test leads to 127.0.0.1, which is loopback: not used");
    }

    @Test
    void odditiesAreNoted() {
        HostFinder finder = finder(AddressRules.PUBLIC_ONLY, Families.IPV6_FIRST);
        Hosts.Found alias = (Hosts.Found) finder.find(new Destination.Mail(host("alias.test")));
        assertThat(alias.notes()).containsExactly("cname.alias.test is an alias of a.two.test");
        Hosts.Found ours = (Hosts.Found) finder.find(new Destination.Mail(host("last.test")));
        assertThat(ours.notes())
                .containsExactly("this server is one of the MX hosts: only better ones are used");
    }

    @Test
    void equalsAreShuffledAndTheSiteStaysTheSame() {
        StringBuilder zone = new StringBuilder();
        for (int i = 0; i < 30; i++) {
            zone.append("many.test. MX %d h%02d.many.test.\n".formatted(i < 25 ? 10 : 5, i));
            zone.append("h%02d.many.test. A 192.0.2.%d\n".formatted(i, i + 1));
        }
        FakeDns many = FakeDns.of(zone.toString());
        Set<String> orders = new HashSet<>();
        Set<String> keys = new HashSet<>();
        for (long seed = 0; seed < 20; seed++) {
            HostFinder finder = finder(many, AddressRules.PUBLIC_ONLY, Families.IPV4_ONLY, seed);
            Hosts.Found found = (Hosts.Found) finder.find(new Destination.Mail(host("many.test")));
            assertThat(found.hosts()).hasSize(HostFinder.MAX_HOSTS);
            assertThat(found.hosts().subList(0, 5)).allMatch(it -> it.preference() == 5);
            assertThat(found.hosts().subList(5, 20)).allMatch(it -> it.preference() == 10);
            orders.add(line(found));
            keys.add(found.siteKey());
        }
        assertThat(orders).hasSize(20);
        assertThat(keys).hasSize(1);
    }

    @Test
    void theSearchEndsInTime() {
        dns.behave("*", Behaviour.of(Behaviour.Kind.DROP));
        long before = time.nanos();
        HostFinder finder =
                new HostFinder(
                        new HostFinder.Around(dns, time, new SplittableRandom(1)),
                        new HostFinder.Rules(
                                AddressRules.PUBLIC_ONLY,
                                new Ourselves(Set.of(), Set.of()),
                                Families.IPV6_FIRST));
        assertThat(line(finder.find(new Destination.Mail(host("two.test"))))).startsWith("later");
        assertThat(Duration.ofNanos(time.nanos() - before)).isLessThan(Duration.ofSeconds(61));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "0.1.2.3, never",
        "10.0.0.1, never",
        "100.64.0.1, never",
        "127.9.9.9, never",
        "169.254.169.254, never",
        "172.16.0.1, never",
        "172.31.255.255, never",
        "172.32.0.1, goes",
        "192.168.0.1, never",
        "198.18.0.1, never",
        "224.0.0.1, never",
        "255.255.255.255, never",
        "8.8.8.8, goes",
        "IPv6:::, never",
        "IPv6:::1, never",
        "IPv6:::7f00:1, never",
        "IPv6:::ffff:10.0.0.1, never",
        "IPv6:::ffff:8.8.8.8, goes",
        "IPv6:64:ff9b::7f00:1, never",
        "IPv6:64:ff9b::808:808, goes",
        "IPv6:2002:7f00:1::1, never",
        "IPv6:2002:808:808::1, goes",
        "IPv6:fc00::1, never",
        "IPv6:fd12::1, never",
        "IPv6:fe80::1, never",
        "IPv6:fec0::1, never",
        "IPv6:ff02::1, never",
        "IPv6:100::1, never",
        "IPv6:2001::1, never",
        "IPv6:2a00:1450::1, goes"
    })
    void privateAddressesAreRefused(String literal, String expected) {
        HostFinder finder = finder(AddressRules.PUBLIC_ONLY, Families.IPV6_FIRST);
        Hosts hosts = finder.find(new Destination.Mail(host("[" + literal + "]")));
        assertThat(hosts)
                .isInstanceOf(expected.equals("goes") ? Hosts.Found.class : Hosts.Never.class);
    }
}
