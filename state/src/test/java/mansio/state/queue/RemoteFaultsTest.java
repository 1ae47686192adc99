package mansio.state.queue;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.smtp.RcptParameters.Notify;
import mansio.codec.text.Address;
import mansio.net.time.Threads;
import mansio.state.queue.Failure.Stage;
import mansio.state.store.MemoryDisk;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Faults and races that the simulation meets too seldom. */
class RemoteFaultsTest {
    @Test
    void whatTookLongToComeInIsGivenUpLikeAllElse() {
        House.alone(
                1,
                (simulation, house) -> {
                    World world = house.world;
                    List<QueueId> ids = new ArrayList<>();
                    for (int i = 0; i < 50; i++) ids.add(house.queue.newId());
                    simulation.time().sleep(Duration.ofMinutes(9));
                    for (QueueId id : ids) house.accept(id, List.of("ann@dead.example"));
                    simulation.time().sleep(Duration.ofDays(7));
                    assertThat(world.told).hasSize(50);
                    assertThat(house.queue.list(Queue.FIRST, 10)).isEmpty();
                });
    }

    @Test
    void whatComesHomeIsNotLostWhileNoReportCanBeMade() {
        House.alone(
                9,
                (simulation, house) -> {
                    World world = house.world;
                    world.ours = true;
                    world.mute = true;
                    house.accept(List.of("nobody@moving.example", "ann@moving.example"));
                    simulation.time().sleep(Duration.ofHours(1));
                    world.mute = false;
                    simulation.time().sleep(Duration.ofHours(1));
                    assertThat(world.told).hasSize(1);
                    assertThat(world.delivered.values()).containsExactly(1);
                    assertThat(house.queue.list(Queue.FIRST, 10)).isEmpty();
                });
    }

    /** Lanes that change, and connections that take their time before and after the dot. */
    private static class SlowWays implements Carrier {
        final Simulation simulation;
        final List<String> dots = new ArrayList<>();
        final List<String> withdrawn = new ArrayList<>();
        volatile String route = "one";

        /** Its lane cannot be told. */
        volatile long broken = -1;

        int asked;

        SlowWays(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public Lane lane(QueueEntry entry, Recipient recipient) {
            if (entry.id().value() == broken) {
                asked++;
                throw new IllegalStateException("damaged, for the test");
            }
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

        final Failure why() {
            return Failure.here(Stage.LOCAL, "4.3.0", "for the test", simulation.time().now());
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

    /** A relay that takes its time to refuse a password, which is mended meanwhile. */
    @Test
    void aHoldOfBeforeAPersonDidSomethingIsNone() {
        for (boolean rerouted : new boolean[] {true, false}) {
            Simulation.run(
                    7,
                    simulation -> {
                        boolean[] right = {false};
                        SlowWays ways =
                                new SlowWays(simulation) {
                                    @Override
                                    public Opening open(Site site, Lane lane) {
                                        if (right[0]) return super.open(site, lane);
                                        simulation.time().sleep(Duration.ofSeconds(10));
                                        return new Opening.Hold(why());
                                    }
                                };
                        House house =
                                new House(
                                        simulation,
                                        simulation.node("program"),
                                        new MemoryDisk(),
                                        new World(simulation),
                                        ways);
                        house.queue.start();
                        house.accept(List.of("ann@good.example"));
                        simulation.time().sleep(Duration.ofSeconds(5));
                        right[0] = true;
                        if (rerouted) house.queue.reroute();
                        else house.queue.operations().retryAll();
                        simulation.time().sleep(Duration.ofMinutes(30));
                        assertThat(ways.dots).containsExactly("one");
                        assertThat(house.queue.list(Queue.FIRST, 10)).isEmpty();
                    });
        }
    }

    @Test
    void whatAPersonIsToldWasDoneIsOnTheDisk() {
        Simulation.run(
                8,
                simulation -> {
                    House house =
                            new House(
                                    simulation,
                                    simulation.node("program"),
                                    new MemoryDisk(),
                                    new World(simulation),
                                    new SlowWays(simulation));
                    QueueId id = house.accept(List.of("ann@good.example")).id();
                    var _ = house.queue.operations().hold(id, "a test");
                    assertThat(progress(house, id)).isInstanceOf(Progress.Held.class);
                    var _ = house.queue.operations().release(id);
                    assertThat(progress(house, id)).isInstanceOf(Progress.Waiting.class);
                });
    }

    private static Progress progress(House house, QueueId id) throws IOException {
        return house.queue.find(id).orElseThrow().recipients().getFirst().progress();
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
    void aReportThatCanNeverBeMadeIsMadeSimply() {
        Simulation.run(
                3,
                simulation -> {
                    World world = new World(simulation);
                    Reports reports =
                            new Reports() {
                                @Override
                                public Optional<QueueEntry> about(Occasion occasion) {
                                    throw new IllegalStateException("in a test");
                                }

                                @Override
                                public Optional<QueueEntry> simplyAbout(Occasion occasion)
                                        throws IOException {
                                    return world.about(occasion);
                                }
                            };
                    House house =
                            house(
                                    simulation,
                                    simulation.node("program"),
                                    new MemoryDisk(),
                                    world,
                                    reports);
                    house.queue.start();
                    QueueEntry entry = house.accept(List.of("nobody@good.example"));
                    simulation.time().sleep(Duration.ofMinutes(1));
                    assertThat(world.told)
                            .containsOnly(Map.entry(entry.id() + " nobody@good.example", 1));
                    assertThat(house.queue.list(Queue.FIRST, 10)).isEmpty();
                });
    }

    @Test
    void aDelayNoticeThatFailsComesLater() {
        Simulation.run(
                4,
                simulation -> {
                    World world = new World(simulation);
                    boolean[] broken = {true};
                    Reports reports =
                            occasion -> {
                                boolean fails =
                                        broken[0] && occasion.kind() == Reports.Kind.DELAYED;
                                if (fails) throw new IOException("no disk, in a test");
                                return world.about(occasion);
                            };
                    House house =
                            house(
                                    simulation,
                                    simulation.node("program"),
                                    new MemoryDisk(),
                                    world,
                                    reports);
                    house.queue.start();
                    // The second one waits behind the trouble of the first one's attempts.
                    house.acceptFor(List.of(told("ann@unknown.example")));
                    simulation.time().sleep(Duration.ofSeconds(1));
                    house.acceptFor(List.of(told("bob@unknown.example")));
                    simulation.time().sleep(Duration.ofHours(4).plusMinutes(8));
                    assertThat(world.delays).isEmpty();
                    broken[0] = false;
                    simulation.time().sleep(Duration.ofMinutes(11));
                    assertThat(world.delays).hasSize(2);
                });
    }

    private static Recipient told(String to) {
        return Recipient.fresh(
                Address.parse(to),
                new Action.Relay(),
                new ReportWish(Optional.of(Set.of(Notify.DELAY)), Optional.empty()));
    }

    @Test
    void whatCannotBeReadIsLookedAtLessAndLessAndKeepsNobodyWaiting() {
        Simulation.run(
                5,
                simulation -> {
                    SlowWays ways = new SlowWays(simulation);
                    House house =
                            new House(
                                    simulation,
                                    simulation.node("program"),
                                    new MemoryDisk(),
                                    new World(simulation),
                                    ways);
                    List<QueueId> ids = new ArrayList<>();
                    for (int i = 0; i < 5; i++)
                        ids.add(house.accept(List.of("ann@good.example")).id());
                    ways.broken = ids.getFirst().value();
                    house.queue.start();
                    simulation.time().sleep(Duration.ofMinutes(3));
                    assertThat(ways.dots).hasSize(4);
                    simulation.time().sleep(Duration.ofHours(1));
                    assertThat(ways.asked).isLessThan(12);
                    ways.broken = -1;
                    simulation.time().sleep(Duration.ofHours(1));
                    assertThat(ways.dots).hasSize(5);
                });
    }

    @Test
    void scansThatOverlapCountHeldRecipientsOnce() {
        Simulation.run(
                6,
                simulation -> {
                    SlowWays ways = new SlowWays(simulation);
                    House house =
                            new House(
                                    simulation,
                                    simulation.node("program"),
                                    new MemoryDisk(),
                                    new World(simulation),
                                    ways);
                    QueueOperations operations = house.queue.operations();
                    for (int i = 0; i < 40; i++) {
                        QueueId id = house.accept(List.of("a@good.example", "b@x.example")).id();
                        var _ = operations.hold(id, "a test");
                    }
                    house.queue.start();
                    house.queue.reroute();
                    house.queue.reroute();
                    simulation.time().sleep(Duration.ofMinutes(1));
                    assertThat(operations.summary(10).held()).isEqualTo(80);
                    for (QueueEntry it : house.queue.list(Queue.FIRST, 100)) {
                        var _ = operations.remove(it.id(), "a test");
                    }
                    assertThat(operations.summary(10).held()).isZero();
                });
    }

    @Test
    void whatPerhapsArrivedWaitsItsTimeAlsoWhenItIsHeldAndReleased() {
        Simulation.run(
                7,
                simulation -> {
                    SlowWays ways = new SlowWays(simulation);
                    MemoryDisk disk = new MemoryDisk();
                    Simulation.Node first = simulation.node("first");
                    House house = new House(simulation, first, disk, new World(simulation), ways);
                    house.queue.start();
                    QueueId id = house.accept(List.of("ann@good.example")).id();
                    simulation.time().sleep(Duration.ofSeconds(15));
                    assertThat(ways.dots).hasSize(1);
                    first.kill();
                    disk.crash(simulation.random());
                    Simulation.Node second = simulation.node("second");
                    house = new House(simulation, second, disk, new World(simulation), ways);
                    house.queue.start();
                    simulation.time().sleep(Duration.ofSeconds(1));
                    var _ = house.queue.operations().hold(id, "a test");
                    var _ = house.queue.operations().release(id);
                    simulation.time().sleep(Duration.ofMinutes(9));
                    assertThat(ways.dots).hasSize(1);
                    simulation.time().sleep(Duration.ofMinutes(3));
                    assertThat(ways.dots).hasSize(2);
                });
    }

    @Test
    void whatIsBeingSentIsNotHeld() {
        Simulation.run(
                7,
                simulation -> {
                    SlowWays ways = new SlowWays(simulation);
                    House house =
                            new House(
                                    simulation,
                                    simulation.node("program"),
                                    new MemoryDisk(),
                                    new World(simulation),
                                    ways);
                    house.queue.start();
                    QueueId id = house.accept(List.of("ann@good.example")).id();
                    simulation.time().sleep(Duration.ofSeconds(15));
                    assertThat(ways.dots).hasSize(1);
                    assertThat(house.queue.operations().hold(id, "a test"))
                            .contains(new QueueOperations.Handled(0, 1));
                    assertThat(house.queue.operations().summary(10).held()).isZero();
                    simulation.time().sleep(Duration.ofSeconds(15));
                    assertThat(house.queue.list(Queue.FIRST, 10)).isEmpty();
                });
    }

    /** What its old server said of an address is not true of ours. */
    @Test
    void whoIsSuppressedElsewhereIsAskedForAtHome() {
        House.alone(
                7,
                (simulation, house) -> {
                    World world = house.world;
                    house.accept(List.of("nobody@moving.example"));
                    simulation.time().sleep(Duration.ofMinutes(1));
                    assertThat(house.queue.suppressions().list(Optional.empty(), 10)).hasSize(1);
                    world.ours = true;
                    house.queue.reroute();
                    house.accept(List.of("nobody@moving.example"));
                    simulation.time().sleep(Duration.ofMinutes(1));
                    assertThat(world.told).hasSize(2);
                    assertThat(world.sentences.getLast()).isEqualTo("unknown");
                });
    }

    @Test
    void aThreadThatCannotBeStartedDoesNotEndAllSending() {
        Simulation.run(
                8,
                simulation -> {
                    World world = new World(simulation);
                    Simulation.Node node = simulation.node("program");
                    boolean[] full = {true};
                    Threads threads =
                            (name, task) -> {
                                if (full[0] && name.startsWith("send-"))
                                    throw new OutOfMemoryError("no thread, in a test");
                                return node.start(name, task);
                            };
                    House house =
                            new House(
                                    simulation,
                                    threads,
                                    new MemoryDisk(),
                                    world.means(node, QueueSettings.USUAL.capacity()));
                    house.queue.start();
                    house.accept(List.of("ann@good.example"));
                    simulation.time().sleep(Duration.ofMinutes(1));
                    assertThat(world.delivered).isEmpty();
                    full[0] = false;
                    simulation.time().sleep(Duration.ofMinutes(1));
                    assertThat(world.delivered).hasSize(1);
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
