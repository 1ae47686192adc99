package mansio.testkit.dns;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.dns.Answer;
import mansio.net.dns.Authorities;
import mansio.net.dns.DnsName;
import mansio.net.dns.Question;
import mansio.net.dns.RecordType;
import mansio.net.time.Time;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;

import java.util.SplittableRandom;

/** Which servers answer for a name, and that silent ones are not waited for twice. */
class AuthoritiesTest {
    private static final String ZONE =
            """
            example.org. NS ns1.example.net.
            example.org. NS ns2.example.net.
            ns1.example.net. A 192.0.2.1
            """;

    private final Time time = new FakeTime();
    private final FakeDns world = FakeDns.of(ZONE + "example.org. TXT \"old\"");
    private final FakeDns servers = new FakeDns(time, new SplittableRandom(2));
    private final Authorities authorities =
            new Authorities(world, servers, time, new SplittableRandom(3));

    private Answer ask(String name) {
        return authorities.lookup(DnsName.parse(name), RecordType.TXT, Long.MAX_VALUE);
    }

    @Test
    void theNameServersAreAskedAndNotTheResolver() {
        servers.zone("example.org.", "example.org. TXT \"new\"\na.b.example.org. TXT \"below\"");
        assertThat(ask("example.org").toString()).contains("new").doesNotContain("old");
        assertThat(ask("a.b.example.org").toString()).contains("below");
        assertThat(ask("none.example.org")).isInstanceOf(Answer.NoSuchName.class);
        assertThat(world.asked())
                .noneMatch(it -> it.type() == RecordType.TXT)
                .filteredOn(it -> it.type() == RecordType.A)
                .hasSize(2); // Once for each of the two servers.
    }

    @Test
    void anAliasIntoAnotherZoneIsFollowedToItsServers() {
        world.zone("key.example.", "key.example. NS ns1.example.net.\nk.key.example. TXT \"old\"");
        servers.zone(
                "example.org.",
                "example.org. SOA ns. h. 1 1 1 1 300\n" + "s.example.org. CNAME k.key.example.");
        servers.zone("key.example.", "k.key.example. TXT \"new\"");
        assertThat(ask("s.example.org").toString()).contains("new");
    }

    @Test
    void everyServerIsAsked() {
        world.zone(
                "example.org.",
                "example.org. NS ns1.example.net.\nexample.org. NS ns2.example.net.\n");
        world.zone("example.net.", "ns1.example.net. A 192.0.2.1\nns2.example.net. A 192.0.2.2");
        servers.zone("example.org.", "example.org. TXT \"new\"");
        Authorities.Each each =
                authorities
                        .each(
                                new Question(DnsName.parse("example.org"), RecordType.TXT),
                                Long.MAX_VALUE)
                        .orElseThrow();
        assertThat(each.zone()).hasToString("example.org");
        assertThat(each.told())
                .extracting(it -> it.address().getHostAddress())
                .containsExactly("192.0.2.1", "192.0.2.2");
        assertThat(each.told())
                .allSatisfy(it -> assertThat(it.answer().toString()).contains("new"));
    }

    @Test
    void aNameWithoutServers() {
        assertThat(ask("example.com").toString()).contains("example.com is in no zone");
        world.zone("example.net.", "example.net. NS gone.example.net.");
        assertThat(ask("x.example.net").toString()).contains("no addresses");
        world.behave("example.edu", Behaviour.of(Behaviour.Kind.SERVFAIL));
        assertThat(ask("x.example.edu").toString()).contains("NS of example.edu");
    }

    @Test
    void silenceIsWaitedForOnce() {
        servers.zone("example.org.", "example.org. TXT \"new\"");
        servers.behave("*", Behaviour.of(Behaviour.Kind.DROP));
        long before = time.nanos();
        assertThat(ask("example.org"))
                .isInstanceOfSatisfying(
                        Answer.Failed.class,
                        it -> assertThat(it.kind()).isEqualTo(Answer.Kind.TIMEOUT));
        long once = time.nanos() - before;
        assertThat(once).isPositive();
        assertThat(ask("example.org")).isInstanceOf(Answer.Failed.class);
        assertThat(ask("other.example.org")).isInstanceOf(Answer.Failed.class);
        assertThat(time.nanos() - before).isEqualTo(once);
    }
}
