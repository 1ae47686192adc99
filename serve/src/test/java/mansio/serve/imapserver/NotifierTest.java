package mansio.serve.imapserver;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/** A client in IDLE hears of every change, or its connection ends. */
class NotifierTest {
    /** Fails as often as it is told to. */
    private static final class Client implements Notifier.Client {
        final Deque<Throwable> troubles = new ArrayDeque<>();
        Runnable meanwhile = () -> {};
        boolean whole = true;
        int told;
        int attempts;
        int ended;

        @Override
        public void tell() throws IOException {
            attempts++;
            meanwhile.run();
            meanwhile = () -> {};
            Throwable trouble = troubles.poll();
            if (trouble instanceof IOException io) throw io;
            if (trouble instanceof RuntimeException ours) throw ours;
            if (trouble instanceof Error ours) throw ours;
            told++;
        }

        @Override
        public boolean isWhole() {
            return whole;
        }

        @Override
        public void end() {
            ended++;
        }
    }

    private final Client client = new Client();

    private interface Body {
        void with(Notifier notifier, Simulation simulation) throws Exception;
    }

    private void run(Body body) {
        Simulation.run(
                1,
                simulation -> {
                    Environment environment = ImapHouse.environment(simulation);
                    body.with(new Notifier(client, environment, "c1"), simulation);
                });
    }

    private static void sleep(Simulation simulation, int seconds) {
        simulation.time().sleep(Duration.ofSeconds(seconds));
    }

    @Test
    void whatCannotBeToldNowIsToldLater() {
        client.troubles.add(new IOException("the disk is on fire"));
        run(
                (notifier, simulation) -> {
                    notifier.wake();
                    sleep(simulation, 5);
                    assertThat(client.told).isEqualTo(1);
                    notifier.wake();
                    sleep(simulation, 5);
                    assertThat(client.told).isEqualTo(2);
                });
        assertThat(client.ended).isZero();
    }

    @Test
    void aChangeWhileTellingFailsIsNotLost() {
        client.troubles.add(new IOException("the disk is on fire"));
        client.troubles.add(new IOException("still"));
        run(
                (notifier, simulation) -> {
                    client.meanwhile = notifier::wake;
                    notifier.wake();
                    sleep(simulation, 10);
                });
        assertThat(client.told).isEqualTo(1);
        assertThat(client.attempts).isEqualTo(3);
    }

    @Test
    void aChangeWhileTellingIsToldAfterwards() {
        run(
                (notifier, simulation) -> {
                    client.meanwhile = notifier::wake;
                    notifier.wake();
                    sleep(simulation, 5);
                });
        assertThat(client.told).isEqualTo(2);
    }

    @Test
    void afterHalfAResponseTheConnectionEnds() {
        client.troubles.add(new IOException("in the middle"));
        client.whole = false;
        run(
                (notifier, simulation) -> {
                    notifier.wake();
                    sleep(simulation, 100);
                });
        assertThat(client.ended).isEqualTo(1);
        assertThat(client.attempts).isEqualTo(1);
    }

    @Test
    void withTooLittleMemoryTheConnectionEnds() {
        client.troubles.add(new OutOfMemoryError("for the test"));
        run(
                (notifier, simulation) -> {
                    notifier.wake();
                    sleep(simulation, 100);
                });
        assertThat(client.ended).isEqualTo(1);
    }

    @Test
    void afterABugOfOursTheConnectionEnds() {
        client.troubles.add(new IllegalStateException("a bug, for the test"));
        run(
                (notifier, simulation) -> {
                    notifier.wake();
                    sleep(simulation, 100);
                });
        assertThat(client.ended).isEqualTo(1);
    }

    @Test
    void afterDoneNothingIsTriedAgain() {
        for (int i = 0; i < 100; i++) {
            client.troubles.add(new IOException("the disk is on fire"));
        }
        run(
                (notifier, simulation) -> {
                    notifier.wake();
                    sleep(simulation, 100);
                    notifier.stop();
                    int tried = client.attempts;
                    assertThat(tried).isBetween(5, 8); // 1, 2, 4, ... 60 seconds apart
                    sleep(simulation, 1_000);
                    assertThat(client.attempts).isEqualTo(tried);
                });
    }
}
