package mansio.state.queue;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.state.queue.QueueSettings.Capacity;
import mansio.state.store.MemoryDisk;
import mansio.state.story.Stories;
import mansio.state.story.StoryTables;
import mansio.testkit.sim.Seeds;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * Mail for other servers that are slow, dead, full or moody, in programs that are killed at any
 * moment, with clocks that jump, administrators who hold, release and remove, and a domain that is
 * ours at times. What was accepted is delivered, or its failure reported once; it is delivered
 * twice only where the program died with the final dot under way.
 */
class RemoteSimulationTest {
    private static final int LIVES = 5;

    static LongStream seeds() {
        return Seeds.of(30);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void nothingIsLostAndNothingToldTwice(long seed) {
        Simulation.run(seed, simulation -> new Story(simulation).live());
    }

    /** One run. */
    private static final class Story {
        final Simulation simulation;
        final World world;
        final MemoryDisk disk = new MemoryDisk();
        final Map<QueueId, QueueEntry> accepted = new HashMap<>();
        final Set<QueueId> removed = new HashSet<>();

        Story(Simulation simulation) {
            this.simulation = simulation;
            this.world = new World(simulation);
            world.rough = true;
        }

        void live() throws Exception {
            for (int life = 0; life < LIVES; life++) {
                Simulation.Node node = simulation.node("life" + life);
                node.start("program", () -> program(node));
                int minutes = simulation.random().nextInt(1, 90);
                simulation.time().sleep(Duration.ofMinutes(minutes));
                world.kill(node);
                disk.crash(simulation.random());
                if (simulation.random().nextInt(3) == 0) {
                    int hours = simulation.random().nextInt(-48, 48);
                    simulation.moveWallClock(Duration.ofHours(hours));
                }
            }
            settle();
        }

        private void program(Simulation.Node node) {
            try {
                House house = new House(simulation, node, disk, world);
                house.queue.start();
                while (true) {
                    int seconds = simulation.random().nextInt(240);
                    simulation.time().sleep(Duration.ofSeconds(seconds));
                    if (simulation.random().nextInt(3) == 0) interfere(house);
                    QueueEntry entry = house.accept(recipients());
                    accepted.put(entry.id(), entry);
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        private List<String> recipients() {
            List<String> to = new ArrayList<>();
            int count =
                    simulation.random().nextInt(20) == 0 ? 130 : simulation.random().nextInt(1, 4);
            for (int i = 0; i < count; i++) {
                String host = World.HOSTS.get(simulation.random().nextInt(World.HOSTS.size()));
                String user = simulation.random().nextInt(9) == 0 ? "nobody" : "user";
                to.add(user + i + "@" + host);
            }
            return to;
        }

        private void interfere(House house) {
            if (accepted.isEmpty()) return;
            List<QueueId> ids = accepted.keySet().stream().sorted().toList();
            QueueId id = ids.get(simulation.random().nextInt(ids.size()));
            try {
                interfere(house, id);
            } catch (IOException e) {
                simulation.trace("not done: " + e.getMessage()); // No report could be made.
            }
        }

        private void interfere(House house, QueueId id) throws IOException {
            QueueOperations operations = house.queue.operations();
            switch (simulation.random().nextInt(9)) {
                case 0 -> operations.hold(id, "in a test");
                case 1 -> operations.release(id);
                case 2 -> {
                    removed.add(id); // Before: the program may die with it half done.
                    operations.remove(id, "in a test");
                }
                case 3 -> operations.retry(id);
                case 4 -> operations.retryAll();
                case 5 -> operations.bounce(id, "a test");
                case 6, 7 -> {
                    world.ours = !world.ours;
                    house.queue.reroute();
                }
                default -> house.queue.reroute();
            }
        }

        /** A last life without trouble, long enough for all to end. */
        private void settle() throws IOException {
            House house = new House(simulation, simulation.node("last"), disk, world);
            house.queue.start();
            for (QueueId id : accepted.keySet()) house.queue.operations().release(id);
            simulation.time().sleep(Duration.ofDays(30));
            house.queue.close();
            assertThat(house.queue.list(Queue.FIRST, 100))
                    .as("what is left, with the lanes %s", house.queue.operations().summary(10))
                    .isEmpty();
            assertThat(accepted).isNotEmpty();
            for (QueueEntry entry : accepted.values()) check(entry);
            assertThat(world.doubled()).isLessThanOrEqualTo(world.dotsCutOff);
            assertThat(house.queue.operations().summary(10).waiting()).isZero();
            checkStories(house);
        }

        private void check(QueueEntry entry) {
            for (Recipient recipient : entry.recipients()) {
                String key = entry.id() + " " + recipient.forwardPath();
                int delivered = world.delivered.getOrDefault(key, 0);
                int told = world.told.getOrDefault(key, 0);
                assertThat(told).as("reports of " + key).isLessThanOrEqualTo(1);
                if (removed.contains(entry.id())) continue;
                assertThat(delivered + told).as("fates of " + key).isGreaterThanOrEqualTo(1);
                boolean unknown = world.cutOff.contains(key);
                if (!unknown) assertThat(delivered + told).as("fates of " + key).isEqualTo(1);
            }
        }

        private void checkStories(House house) throws IOException {
            Stories stories =
                    new Stories(
                            Queue.shardPartitions(house.store, 2),
                            simulation.time(),
                            Duration.ofDays(30));
            for (QueueEntry entry : accepted.values()) {
                var story = stories.byQueueId(entry.id().value(), entry.received());
                assertThat(story).isPresent();
                assertThat(story.get().lines()).hasSizeLessThan(StoryTables.MAX_LINES + 60);
            }
        }
    }

    @Test
    void fiveDaysOfRetriesEndInOneReport() {
        House.alone(
                1,
                (simulation, house) -> {
                    World world = house.world;
                    QueueEntry entry = house.accept(List.of("ann@busy.example"));
                    simulation.time().sleep(Duration.ofDays(6));
                    assertThat(world.attempts).hasSizeBetween(30, 60);
                    assertThat(world.told).containsOnlyKeys(entry.id() + " ann@busy.example");
                    assertThat(world.delays).hasSize(2);
                    assertThat(house.queue.list(Queue.FIRST, 10)).isEmpty();
                    var stories =
                            new Stories(
                                    Queue.shardPartitions(house.store, 2),
                                    simulation.time(),
                                    Duration.ofDays(30));
                    var lines = stories.byTerm("ann@busy.example", 1).getFirst().lines();
                    assertThat(lines).hasSizeLessThanOrEqualTo(StoryTables.MAX_LINES + 2);
                    assertThat(lines.getLast().outcome()).isEqualTo("given up");
                    assertThat(lines.getLast().reason())
                            .contains("busy.example", "try later", "delays");
                });
    }

    @Test
    void whoNeverGotATryIsToldToo() {
        House.alone(
                2,
                (simulation, house) -> {
                    World world = house.world;
                    for (int i = 0; i < 400; i++) house.accept(List.of("u" + i + "@dead.example"));
                    simulation.time().sleep(Duration.ofHours(5));
                    assertThat(world.opened).isLessThan(40); // One message probes, the others wait.
                    assertThat(world.delays).hasSize(400);
                    simulation.time().sleep(Duration.ofDays(6));
                    assertThat(world.delays).hasSize(800);
                    assertThat(world.told).hasSize(400);
                    assertThat(house.queue.list(Queue.FIRST, 10)).isEmpty();
                });
    }

    @Test
    void aDeadSiteDelaysNobodyElse() {
        House.alone(
                3,
                new Capacity(8, 4),
                (simulation, house) -> {
                    World world = house.world;
                    for (int i = 0; i < 40; i++) {
                        for (int j = 0; j < 5; j++)
                            house.accept(List.of("u" + j + "@" + i + ".dead.example"));
                    }
                    simulation.time().sleep(Duration.ofHours(1));
                    for (int i = 0; i < 50; i++) house.accept(List.of("u" + i + "@good.example"));
                    simulation.time().sleep(Duration.ofSeconds(60));
                    assertThat(world.delivered).hasSize(50);
                });
    }

    @Test
    void aSmallLaneHasItsTurnBesideALargeOne() {
        House.alone(
                4,
                new Capacity(2, 2),
                (simulation, house) -> {
                    World world = house.world;
                    for (int i = 0; i < 2_000; i++)
                        house.accept(List.of("u" + i + "@good.example"));
                    house.accept(List.of("ann@fine.example"));
                    simulation.time().sleep(Duration.ofMinutes(2));
                    assertThat(world.order).hasSizeLessThan(2_000);
                    assertThat(world.order).contains("ann@fine.example");
                });
    }

    @Test
    void aClockThatJumpsMakesNoStorm() {
        House.alone(
                5,
                new Capacity(20, 4),
                (simulation, house) -> {
                    World world = house.world;
                    for (int i = 0; i < 100; i++) house.accept(List.of("u" + i + "@busy.example"));
                    simulation.time().sleep(Duration.ofMinutes(1));
                    int before = world.attempts.size();
                    simulation.moveWallClock(Duration.ofDays(2));
                    simulation.time().sleep(Duration.ofMinutes(3));
                    assertThat(world.attempts).hasSize(before);
                    simulation.time().sleep(Duration.ofMinutes(20));
                    assertThat(world.mostAtOnce).isLessThanOrEqualTo(4);
                    assertThat(world.told).isEmpty();
                    // Back: what waits four hours now does not wait four days.
                    simulation.moveWallClock(Duration.ofDays(-4));
                    int then = world.attempts.size();
                    simulation.time().sleep(Duration.ofHours(5));
                    assertThat(world.attempts.size()).isGreaterThanOrEqualTo(then + 100);
                });
    }

    @Test
    void withoutACarrierNothingLeavesAndNothingEnds() {
        Simulation.run(
                6,
                simulation -> {
                    World world = new World(simulation);
                    House house =
                            new House(
                                    simulation,
                                    simulation.node("program"),
                                    new MemoryDisk(),
                                    world,
                                    new NoCarrier("no routes"));
                    house.queue.start();
                    house.accept(List.of("ann@good.example"));
                    simulation.time().sleep(Duration.ofDays(20));
                    assertThat(house.queue.list(Queue.FIRST, 10)).hasSize(1);
                    assertThat(world.told).isEmpty();
                    var lane = house.queue.operations().summary(10).lanes().getFirst();
                    assertThat(lane.state()).isEqualTo(QueueSummary.State.HELD);
                    assertThat(lane.reason()).isEqualTo("no routes");
                });
    }

    @Test
    void whatWaitsForADomainThatBecomesOursIsDeliveredAtOnce() {
        House.alone(
                8,
                (simulation, house) -> {
                    World world = house.world;
                    List<String> to = new ArrayList<>(List.of("nobody@moving.example"));
                    for (int i = 0; i < 150; i++) to.add("dead" + i + "@moving.example");
                    QueueEntry entry = house.accept(to);
                    simulation.time().sleep(Duration.ofHours(8));
                    int there = world.delivered.size();
                    assertThat(there).isBetween(1, 149); // The rest waits for hours now.
                    world.ours = true;
                    house.queue.reroute();
                    simulation.time().sleep(Duration.ofMinutes(1));
                    assertThat(world.delivered)
                            .hasSize(150)
                            .allSatisfy((_, n) -> assertThat(n).isOne());
                    assertThat(world.wentHome).isEqualTo(150 - there);
                    assertThat(world.told).containsOnlyKeys(entry.id() + " nobody@moving.example");
                    assertThat(house.queue.list(Queue.FIRST, 10)).isEmpty();
                });
    }

    @Test
    void anAddressThatDoesNotExistIsNotTriedAgain() {
        House.alone(
                7,
                (simulation, house) -> {
                    World world = house.world;
                    house.accept(List.of("nobody@good.example"));
                    simulation.time().sleep(Duration.ofMinutes(1));
                    int attempts = world.attempts.size();
                    house.accept(List.of("nobody@good.example"));
                    simulation.time().sleep(Duration.ofMinutes(1));
                    assertThat(world.attempts).hasSize(attempts);
                    assertThat(world.told).hasSize(2);
                    assertThat(world.sentences).anyMatch(it -> it.contains("2026-01-01"));
                    var address = Address.parse("nobody@good.example");
                    assertThat(house.queue.suppressions().list(Optional.empty(), 10)).hasSize(1);
                    assertThat(house.queue.suppressions().remove(address)).isTrue();
                    house.accept(List.of("nobody@good.example"));
                    simulation.time().sleep(Duration.ofMinutes(1));
                    assertThat(world.attempts).hasSize(attempts + 1);
                });
    }
}
