package mansio.trust.dkim;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.dns.Answer;
import mansio.net.dns.DnsName;
import mansio.net.dns.DnsRecord;
import mansio.net.dns.Resolver;
import mansio.net.dns.Security;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/** Keys of one message are looked up together, and nobody waits longer than the deadline. */
class KeyFinderTest {
    private static final List<DnsName> NAMES =
            IntStream.range(0, 10).mapToObj(i -> DnsName.parse("k" + i + ".example")).toList();

    /** Answers after a time that depends on the name. */
    private static Resolver slow(Simulation simulation, Duration each) {
        return (question, deadlineNanos) -> {
            int nth = NAMES.indexOf(question.name()) + 1;
            long left = deadlineNanos - simulation.time().nanos();
            Duration needed = each.multipliedBy(nth);
            if (needed.toNanos() > left) {
                simulation.time().sleep(Duration.ofNanos(left));
                return new Answer.Failed(Answer.Kind.TIMEOUT, "too slow");
            }
            simulation.time().sleep(needed);
            DnsRecord record = new DnsRecord.Txt(question.name(), 60, List.of("p="));
            return new Answer.Found(List.of(record), question.name(), Security.UNCHECKED);
        };
    }

    private static KeyFinder finder(Simulation simulation, Resolver resolver) {
        return new KeyFinder(
                new Surroundings(resolver, simulation.time(), simulation.threads(), Crypto.jdk()));
    }

    @Test
    void allAreLookedUpAtOnce() {
        for (int seed = 0; seed < 20; seed++) {
            Simulation.run(
                    seed,
                    simulation -> {
                        KeyFinder keys =
                                finder(simulation, slow(simulation, Duration.ofSeconds(1)));
                        long start = simulation.time().nanos();
                        keys.find(NAMES, simulation.time().deadline(Duration.ofSeconds(20)));
                        assertThat(NAMES).allMatch(it -> keys.answer(it) instanceof Answer.Found);
                        assertThat(simulation.time().nanos() - start)
                                .isLessThan(Duration.ofSeconds(11).toNanos());
                    });
        }
    }

    @Test
    void theSlowestWaitForNobody() {
        for (int seed = 0; seed < 20; seed++) {
            Simulation.run(
                    seed,
                    simulation -> {
                        KeyFinder keys =
                                finder(simulation, slow(simulation, Duration.ofSeconds(3)));
                        long start = simulation.time().nanos();
                        keys.find(NAMES, simulation.time().deadline(Duration.ofSeconds(10)));
                        assertThat(simulation.time().nanos() - start)
                                .isLessThan(Duration.ofSeconds(11).toNanos());
                        assertThat(keys.answer(NAMES.get(2))).isInstanceOf(Answer.Found.class);
                        assertThat(keys.answer(NAMES.get(3))).isInstanceOf(Answer.Failed.class);
                        assertThat(keys.answer(NAMES.get(9))).isInstanceOf(Answer.Failed.class);
                    });
        }
    }
}
