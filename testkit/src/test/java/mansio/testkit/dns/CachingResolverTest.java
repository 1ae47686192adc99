package mansio.testkit.dns;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.dns.Answer;
import mansio.net.dns.Answer.Failed;
import mansio.net.dns.Answer.Found;
import mansio.net.dns.Answer.Kind;
import mansio.net.dns.Answer.NoData;
import mansio.net.dns.Answer.NoSuchName;
import mansio.net.dns.CachingResolver;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.Exchange;
import mansio.net.dns.Question;
import mansio.net.dns.RecordType;
import mansio.net.dns.Security;
import mansio.net.dns.StubResolver;
import mansio.net.dns.Upstream;
import mansio.net.dns.Upstreams;
import mansio.net.time.Threads;
import mansio.testkit.sim.Simulation;
import mansio.testkit.sim.Trace;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

class CachingResolverTest {
    /** Runs at once what is to be started: for tests of one thread. */
    private static final Threads AT_ONCE =
            (_, task) -> {
                task.run();
                return Thread.currentThread();
            };

    private static final DnsName NAME = DnsName.parse("example.org");
    private static final Security UNCHECKED = Security.UNCHECKED;

    private final FakeTime time = new FakeTime();
    private final List<Question> asked = new ArrayList<>();
    private Upstream.Outcome next = found(100);
    private final CachingResolver resolver = resolver(1_000_000);

    private CachingResolver resolver(long maxBytes) {
        Upstream upstream =
                (question, _) -> {
                    asked.add(question);
                    return next;
                };
        return new CachingResolver(
                upstream, CachingResolver.Limits.ofSize(maxBytes), time, AT_ONCE);
    }

    private static Upstream.Outcome found(int ttl) {
        DnsRecord record =
                new DnsRecord.A(NAME, ttl, (Inet4Address) InetAddress.ofLiteral("192.0.2.1"));
        return new Upstream.Outcome(new Found(List.of(record), NAME, UNCHECKED), ttl);
    }

    private Answer ask() {
        return resolver.lookup(NAME, RecordType.A, time.deadline(Duration.ofSeconds(10)));
    }

    private void keptFor(Duration length) {
        asked.clear();
        ask();
        assertThat(asked).hasSize(1);
        time.advance(length.minusNanos(1));
        ask();
        assertThat(asked).as("just before its end").hasSize(1);
        time.advance(Duration.ofNanos(1));
        ask();
        assertThat(asked).as("at its end").hasSize(2);
    }

    @Test
    void keepsRecordsForTheirTime() {
        keptFor(Duration.ofSeconds(100));
    }

    @Test
    void aFreshOneRemembersNothingAndLeavesTheOtherAlone() {
        ask();
        next = new Upstream.Outcome(new NoData(NAME, UNCHECKED), 600);
        long deadline = time.deadline(Duration.ofSeconds(10));
        assertThat(resolver.fresh().lookup(NAME, RecordType.A, deadline))
                .isInstanceOf(NoData.class);
        assertThat(ask()).isInstanceOf(Found.class);
        assertThat(asked).hasSize(2);
    }

    @Test
    void recordsGetOlder() {
        ask();
        time.advance(Duration.ofSeconds(40));
        assertThat(((Found) ask()).records()).extracting(DnsRecord::ttlSeconds).containsExactly(60);
    }

    @Test
    void veryShortAndVeryLongTimesAreBounded() {
        next = found(0);
        keptFor(Duration.ofSeconds(5));
        time.advance(Duration.ofDays(1));
        next = found(Integer.MAX_VALUE);
        keptFor(Duration.ofDays(1));
    }

    @Test
    void keepsNo() {
        next = new Upstream.Outcome(new NoData(NAME, UNCHECKED), 600);
        keptFor(Duration.ofSeconds(600));
        time.advance(Duration.ofDays(1));
        next = new Upstream.Outcome(new NoSuchName(NAME, UNCHECKED), 86_400);
        keptFor(Duration.ofHours(1));
        time.advance(Duration.ofDays(1));
        next = new Upstream.Outcome(new NoSuchName(NAME, UNCHECKED), 0);
        keptFor(Duration.ofSeconds(5));
    }

    @Test
    void keepsFailuresForSeconds() {
        next = new Upstream.Outcome(new Failed(Kind.SERVFAIL, "SERVFAIL"), 0);
        keptFor(Duration.ofSeconds(5));
    }

    @Test
    void aFailureMakesRoomForAnAnswer() {
        next = new Upstream.Outcome(new Failed(Kind.SERVFAIL, "SERVFAIL"), 0);
        ask();
        time.advance(Duration.ofSeconds(6));
        next = found(100);
        assertThat(ask()).isInstanceOf(Found.class);
        assertThat(resolver.size()).isEqualTo(1);
    }

    @Test
    void typesAndNamesAreKeptApart() {
        ask();
        next = new Upstream.Outcome(new NoData(NAME, UNCHECKED), 600);
        assertThat(resolver.lookup(NAME, RecordType.MX, time.deadline(Duration.ofSeconds(1))))
                .isInstanceOf(NoData.class);
        assertThat(ask()).isInstanceOf(Found.class);
        assertThat(resolver.size()).isEqualTo(2);
    }

    @Test
    void whatWasNotUsedForLongestGoesFirst() {
        CachingResolver small = resolver(5_000); // About eleven such answers.
        for (int i = 0; i < 1000; i++) {
            small.lookup(name(i), RecordType.A, time.deadline(Duration.ofSeconds(1)));
            small.lookup(name(0), RecordType.A, time.deadline(Duration.ofSeconds(1)));
        }
        assertThat(small.size()).isBetween(5, 20);
        assertThat(asked).as("the one in use was never dropped").hasSize(1000);
    }

    @Test
    void anAnswerLargerThanTheCacheIsGivenAndNotKept() {
        CachingResolver tiny = resolver(100);
        assertThat(tiny.lookup(NAME, RecordType.A, time.deadline(Duration.ofSeconds(1))))
                .isInstanceOf(Found.class);
        assertThat(tiny.size()).isZero();
    }

    private static DnsName name(int i) {
        return DnsName.parse("n" + i + ".example.org");
    }

    /** A whole resolver in a simulation. */
    private record Site(FakeDns dns, CachingResolver resolver) {
        static Site of(Simulation simulation, String records) {
            FakeDns dns = new FakeDns(simulation.time(), simulation.random());
            dns.zone(".", records);
            Upstreams upstreams =
                    new Upstreams(
                            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 53)),
                            Duration.ofSeconds(2),
                            2,
                            false);
            Exchange exchange =
                    new Exchange(() -> upstreams, dns, simulation.time(), simulation.random());
            return new Site(
                    dns,
                    new CachingResolver(
                            new StubResolver(exchange),
                            CachingResolver.Limits.ofSize(100_000),
                            simulation.time(),
                            simulation.threads()));
        }
    }

    @Test
    void manyWhoAskTheSameShareOneQuery() {
        for (long seed = 0; seed < 100; seed++) {
            Trace once = Simulation.run(seed, CachingResolverTest::manyAsk);
            Trace twice = Simulation.run(seed, CachingResolverTest::manyAsk);
            assertThat(once.hash()).isEqualTo(twice.hash());
        }
    }

    private static void manyAsk(Simulation simulation) throws InterruptedException {
        Site site = Site.of(simulation, "slow. A 192.0.2.1\n;! slow. delay 1500");
        List<Thread> threads = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            // The first has little time: that he gives up is nothing to the others.
            Duration patience = i == 0 ? Duration.ofMillis(700) : Duration.ofSeconds(20);
            threads.add(
                    simulation
                            .threads()
                            .start(
                                    "caller-" + i,
                                    () -> {
                                        simulation.maybeYield();
                                        answers.add(
                                                site.resolver()
                                                        .lookup(
                                                                DnsName.parse("slow"),
                                                                RecordType.A,
                                                                simulation
                                                                        .time()
                                                                        .deadline(patience)));
                                    }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(answers).hasSize(30);
        assertThat(answers).filteredOn(Found.class::isInstance).hasSize(29);
        assertThat(answers.getFirst())
                .isEqualTo(new Failed(Kind.TIMEOUT, "no answer before the deadline"));
        assertThat(site.dns().datagrams()).isEqualTo(1);
        simulation.trace("answers " + answers.size());
    }

    @Test
    void questionsUnderWayAreBounded() {
        Simulation.run(
                1,
                simulation -> {
                    Site site = Site.of(simulation, ";! * drop");
                    List<Thread> threads = new ArrayList<>();
                    int[] overload = new int[1];
                    for (int i = 0; i < 2010; i++) {
                        DnsName name = name(i);
                        threads.add(
                                simulation
                                        .threads()
                                        .start(
                                                "caller",
                                                () -> {
                                                    Answer answer =
                                                            site.resolver()
                                                                    .lookup(
                                                                            name,
                                                                            RecordType.A,
                                                                            simulation
                                                                                    .time()
                                                                                    .deadline(
                                                                                            Duration
                                                                                                    .ofSeconds(
                                                                                                            9)));
                                                    if (((Failed) answer).kind() == Kind.OVERLOAD) {
                                                        overload[0]++;
                                                    }
                                                }));
                    }
                    for (Thread thread : threads) {
                        thread.join();
                    }
                    assertThat(overload[0]).isEqualTo(10);
                });
    }
}
