package mansio.state.queue;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.state.store.MemoryDisk;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

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
}
