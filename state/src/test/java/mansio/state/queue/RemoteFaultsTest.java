package mansio.state.queue;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.state.queue.Failure.Stage;
import mansio.state.store.MemoryDisk;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Faults and races that the simulation meets too seldom. */
class RemoteFaultsTest {
    @Test
    void whatTookLongToComeInIsGivenUpLikeAllElse() {
        Simulation.run(
                1,
                simulation -> {
                    World world = new World(simulation);
                    House house =
                            new House(
                                    simulation,
                                    simulation.node("program"),
                                    new MemoryDisk(),
                                    world);
                    house.queue.start();
                    List<QueueId> ids = new ArrayList<>();
                    for (int i = 0; i < 50; i++) ids.add(house.queue.newId());
                    simulation.time().sleep(Duration.ofMinutes(9));
                    for (QueueId id : ids) house.accept(id, List.of("ann@dead.example"));
                    simulation.time().sleep(Duration.ofDays(7));
                    assertThat(world.told).hasSize(50);
                    assertThat(house.queue.list(Queue.FIRST, 10)).isEmpty();
                });
    }

    /** Lanes that change, and connections that take their time before and after the dot. */
    private static final class SlowWays implements Carrier {
        final Simulation simulation;
        final List<String> dots = new ArrayList<>();
        final List<String> withdrawn = new ArrayList<>();
        volatile String route = "one";

        SlowWays(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public Lane lane(QueueEntry entry, Recipient recipient) {
            return new Lane(route, "");
        }

        @Override
        public Way way(Lane lane) {
            return new Way.To(lane::route, Terms.USUAL);
        }

        @Override
        public Opening open(Site site, Lane lane) {
            return new Opening.Opened(new SlowPassage(site.name()));
        }

        private final class SlowPassage implements Passage {
            private final String site;
            private State state = State.USABLE;

            SlowPassage(String site) {
                this.site = site;
            }

            @Override
            public String host() {
                return site;
            }

            @Override
            public String tls() {
                return "";
            }

            @Override
            public boolean fits(Lane lane) {
                return true;
            }

            @Override
            public List<Result> send(Dispatch dispatch, BeforeDot beforeDot) {
                simulation.time().sleep(Duration.ofSeconds(10));
                try {
                    beforeDot.dotFollows(List.of(0));
                    dots.add(site);
                } catch (IOException e) {
                    withdrawn.add(site);
                    state = State.BROKEN;
                    return List.of(new Result.Deferred(why()));
                }
                simulation.time().sleep(Duration.ofSeconds(10));
                return List.of(new Result.Ended(new Fate.Delivered(site, "250 ok", "", false)));
            }

            private Failure why() {
                return Failure.here(Stage.LOCAL, "4.3.0", "taken back", simulation.time().now());
            }

            @Override
            public State state() {
                return state;
            }

            @Override
            public void close() {}
        }
    }

    @Test
    void whoBeganBeforeTheRoutesChangedIsTheOnlyOneToSend() {
        Simulation.run(
                2,
                simulation -> {
                    SlowWays ways = new SlowWays(simulation);
                    World world = new World(simulation);
                    House house =
                            new House(
                                    simulation,
                                    simulation.node("program"),
                                    new MemoryDisk(),
                                    world,
                                    ways);
                    house.queue.start();
                    house.accept(List.of("ann@good.example"));
                    simulation.time().sleep(Duration.ofSeconds(5));
                    ways.route = "two";
                    house.queue.reroute();
                    simulation.time().sleep(Duration.ofMinutes(30));
                    assertThat(ways.dots).containsExactly("one");
                    assertThat(ways.withdrawn).isNotEmpty();
                    assertThat(house.queue.list(Queue.FIRST, 10)).isEmpty();
                });
    }

    @Test
    void aReportThatCannotBeMadeNeverDoublesMail() {
        Simulation.run(
                3,
                simulation -> {
                    World world = new World(simulation);
                    boolean[] broken = {true};
                    Reports reports =
                            occasion -> {
                                if (broken[0]) throw new IllegalStateException("in a test");
                                return world.about(occasion);
                            };
                    MemoryDisk disk = new MemoryDisk();
                    Simulation.Node first = simulation.node("first");
                    House house = house(simulation, first, disk, world, reports);
                    house.queue.start();
                    QueueEntry entry =
                            house.accept(List.of("ann@good.example", "nobody@good.example"));
                    simulation.time().sleep(Duration.ofHours(1));
                    assertThat(world.delivered).hasSize(1);
                    assertThat(world.attempts).hasSizeLessThan(30);
                    world.kill(first);
                    disk.crash(simulation.random());
                    broken[0] = false;
                    house = house(simulation, simulation.node("second"), disk, world, reports);
                    house.queue.start();
                    simulation.time().sleep(Duration.ofHours(4));
                    assertThat(world.delivered)
                            .containsOnly(Map.entry(entry.id() + " ann@good.example", 1));
                    assertThat(world.told)
                            .containsOnly(Map.entry(entry.id() + " nobody@good.example", 1));
                    assertThat(house.queue.list(Queue.FIRST, 10)).isEmpty();
                });
    }

    @Test
    void suppressedRecipientsAreToldOfTogether() {
        Simulation.run(
                4,
                simulation -> {
                    World world = new World(simulation);
                    int[] reports = {0};
                    House house =
                            house(
                                    simulation,
                                    simulation.node("program"),
                                    new MemoryDisk(),
                                    world,
                                    occasion -> {
                                        reports[0]++;
                                        return world.about(occasion);
                                    });
                    house.queue.start();
                    List<String> to = new ArrayList<>();
                    for (int i = 0; i < 30; i++) to.add("nobody" + i + "@good.example");
                    house.accept(to);
                    simulation.time().sleep(Duration.ofMinutes(1));
                    reports[0] = 0;
                    house.accept(to);
                    simulation.time().sleep(Duration.ofMinutes(1));
                    assertThat(world.told).hasSize(60);
                    assertThat(world.attempts).hasSize(30);
                    assertThat(reports[0]).isEqualTo(2);
                });
    }

    @Test
    void anIdOfNoShardIsNotThere() {
        Simulation.run(
                5,
                simulation -> {
                    Simulation.Node node = simulation.node("program");
                    MemoryDisk disk = new MemoryDisk();
                    House house = new House(simulation, node, disk, new World(simulation));
                    QueueOperations operations = house.queue.operations();
                    QueueId none = QueueId.of(40, 1);
                    assertThat(operations.retry(none)).isEmpty();
                    assertThat(operations.remove(none, "a test")).isEmpty();
                    assertThat(operations.hold(none, "a test")).isEmpty();
                });
    }

    private static House house(
            Simulation simulation,
            Simulation.Node node,
            MemoryDisk disk,
            World world,
            Reports reports)
            throws IOException {
        Queue.Means means = world.means(node, QueueSettings.USUAL.capacity());
        return new House(
                simulation,
                node,
                disk,
                new Queue.Means(world, means.carrier(), reports, means.settings()));
    }
}
