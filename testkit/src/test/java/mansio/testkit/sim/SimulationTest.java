package mansio.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.US_ASCII;

import mansio.codec.line.BareLf;
import mansio.codec.line.BufferPool;
import mansio.codec.line.ByteSink;
import mansio.codec.line.Line;
import mansio.codec.line.LineReader;
import mansio.net.dial.Target;
import mansio.net.listen.Connection;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

class SimulationTest {
    private static final InetSocketAddress SERVER =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 25);

    private static final Target TARGET = new Target(SERVER, "localhost", Target.Trust.ANY);

    private static LineReader lines(Connection connection) {
        return new LineReader(connection.in(), new BufferPool(64, 1), BareLf.REFUSED);
    }

    private static void send(Connection connection, String line) throws IOException {
        ByteSink out = connection.out();
        byte[] bytes = (line + "\r\n").getBytes(US_ASCII);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }

    /** Three clients at once talk with a server that counts its visitors. */
    private static void talk(Simulation sim, Faults faults) {
        FakeNetwork network = new FakeNetwork(sim, faults);
        ReentrantLock lock = new ReentrantLock();
        int[] visitors = new int[1];
        network.serve(
                SERVER,
                sim.node("server"),
                connection -> {
                    lock.lock();
                    int number = ++visitors[0];
                    lock.unlock();
                    LineReader in = lines(connection);
                    while (true) {
                        connection.deadline(sim.time().deadline(Duration.ofSeconds(30)));
                        if (!(in.readLine(500) instanceof Line.Text text)) {
                            return;
                        }
                        send(connection, number + " " + text.latin1());
                    }
                });
        CountDownLatch done = new CountDownLatch(3);
        for (int i = 0; i < 3; i++) {
            String client = "client-" + i;
            sim.threads()
                    .start(
                            client,
                            () -> {
                                try (Connection connection =
                                        network.dial(
                                                TARGET,
                                                sim.time().deadline(Duration.ofSeconds(60)))) {
                                    LineReader in = lines(connection);
                                    for (int k = 0; k < 3; k++) {
                                        send(connection, client + " asks " + "x".repeat(300));
                                        sim.trace(in.readLine(500).getClass().getSimpleName());
                                    }
                                } catch (IOException e) {
                                    sim.trace(String.valueOf(e.getMessage()));
                                } finally {
                                    done.countDown();
                                }
                            });
        }
        try {
            done.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        for (Faults faults : List.of(Faults.NONE, Faults.ROUGH)) {
            Set<Long> hashes = new HashSet<>();
            for (long seed : Seeds.of(1000).toArray()) {
                Trace first = Simulation.run(seed, sim -> talk(sim, faults));
                Trace second = Simulation.run(seed, sim -> talk(sim, faults));
                assertThat(second.hash()).as("seed %s", seed).isEqualTo(first.hash());
                hashes.add(first.hash());
            }
            assertThat(hashes).hasSize(Seeds.count(1000));
        }
    }

    @Test
    void roughWeatherShowsEveryFault() {
        Set<String> seen = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            String tail = Simulation.run(seed, sim -> talk(sim, Faults.ROUGH)).tail();
            tail.lines().map(line -> line.substring(line.indexOf(": ") + 2)).forEach(seen::add);
        }
        assertThat(seen).contains("Connection reset", "the deadline has passed", "Text");
    }

    @Test
    void theClockJumpsToTheNextTimer() {
        Simulation.run(
                1,
                sim -> {
                    long start = sim.time().nanos();
                    sim.time().sleep(Duration.ofDays(5));
                    assertThat(sim.time().nanos() - start)
                            .isBetween(
                                    Duration.ofDays(5).toNanos(),
                                    Duration.ofDays(5).plusMillis(1).toNanos());
                });
    }

    @Test
    void theWallClockMovesAlone() {
        Simulation.run(
                1,
                sim -> {
                    long nanos = sim.time().nanos();
                    sim.moveWallClock(Duration.ofHours(-2));
                    assertThat(sim.time().now()).isBefore(Simulation.START);
                    assertThat(sim.time().nanos()).isEqualTo(nanos);
                });
    }

    @Test
    void awaitEndsAtItsDeadlineOrBySignal() {
        Simulation.run(
                7,
                sim -> {
                    ReentrantLock lock = new ReentrantLock();
                    Condition condition = lock.newCondition();
                    lock.lock();
                    long deadline = sim.time().deadline(Duration.ofSeconds(5));
                    assertThat(sim.time().await(lock, condition, deadline)).isFalse();
                    assertThat(sim.time().nanos()).isGreaterThanOrEqualTo(deadline);
                    sim.threads()
                            .start(
                                    "signaller",
                                    () -> {
                                        lock.lock();
                                        condition.signalAll();
                                        lock.unlock();
                                    });
                    long later = sim.time().deadline(Duration.ofSeconds(5));
                    assertThat(sim.time().await(lock, condition, later)).isTrue();
                    assertThat(sim.time().nanos()).isLessThan(later);
                    lock.unlock();
                });
    }

    @Test
    void aRaceIsFoundAndItsSeedRepeatsIt() {
        List<Long> lost = new ArrayList<>();
        for (long seed = 0; seed < 50; seed++) {
            if (countsWithoutLock(seed) != 2) {
                lost.add(seed);
            }
        }
        assertThat(lost).isNotEmpty().hasSizeLessThan(50);
        assertThat(countsWithoutLock(lost.getFirst())).isNotEqualTo(2);
    }

    private static int countsWithoutLock(long seed) {
        int[] count = new int[1];
        Simulation.run(
                seed,
                sim -> {
                    Runnable add =
                            () -> {
                                int seen = count[0];
                                sim.maybeYield();
                                count[0] = seen + 1;
                            };
                    Thread one = sim.threads().start("one", add);
                    Thread two = sim.threads().start("two", add);
                    one.join();
                    two.join();
                });
        return count[0];
    }

    @Test
    void aDeadlockIsToldWithSeedAndStacks() {
        assertThatThrownBy(
                        () -> Simulation.run(42, sim -> new LinkedBlockingQueue<String>().take()))
                .isInstanceOf(SimulationFailure.class)
                .hasMessageContaining("seed 42: deadlock")
                .hasMessageContaining("LinkedBlockingQueue.take");
    }

    @Test
    void anErrorInAnyThreadFailsTheRun() {
        assertThatThrownBy(
                        () ->
                                Simulation.run(
                                        3,
                                        sim -> {
                                            sim.threads()
                                                    .start(
                                                            "bad",
                                                            () -> {
                                                                throw new IllegalStateException(
                                                                        "our bug");
                                                            });
                                            sim.time().sleep(Duration.ofSeconds(1));
                                        }))
                .isInstanceOf(SimulationFailure.class)
                .hasMessageContaining("seed 3")
                .hasRootCauseMessage("our bug");
    }

    @Test
    void aKilledNodeFallsSilentAndItsConnectionsAreReset() {
        Simulation.run(
                5,
                sim -> {
                    FakeNetwork network = new FakeNetwork(sim, Faults.NONE);
                    Simulation.Node server = sim.node("server");
                    network.serve(
                            SERVER,
                            server,
                            connection -> {
                                LineReader in = lines(connection);
                                while (in.readLine(100) instanceof Line.Text) {
                                    send(connection, "ok");
                                }
                            });
                    try (Connection connection =
                            network.dial(TARGET, sim.time().deadline(Duration.ofHours(1)))) {
                        LineReader in = lines(connection);
                        send(connection, "one");
                        assertThat(in.readLine(100)).isInstanceOf(Line.Text.class);
                        server.kill();
                        assertThatThrownBy(() -> in.readLine(100)).hasMessage("Connection reset");
                    }
                    assertThatThrownBy(
                                    () ->
                                            network.dial(
                                                    TARGET,
                                                    sim.time().deadline(Duration.ofHours(1))))
                            .hasMessage("Connection refused");
                });
    }

    @Test
    void plainBytesBeforeTheHandshakeBreakIt() {
        Simulation.run(
                6,
                sim -> {
                    FakeNetwork network = new FakeNetwork(sim, Faults.NONE);
                    network.serve(SERVER, sim.node("server"), Connection::startTls);
                    try (Connection connection =
                            network.dial(TARGET, sim.time().deadline(Duration.ofHours(1)))) {
                        send(connection, "EHLO early");
                        sim.time().sleep(Duration.ofSeconds(1));
                        assertThatThrownBy(connection::startTls).isInstanceOf(IOException.class);
                    }
                });
    }
}
