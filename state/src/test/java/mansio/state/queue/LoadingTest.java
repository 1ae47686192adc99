package mansio.state.queue;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.state.queue.QueueSettings.Capacity;
import mansio.state.store.Command;
import mansio.state.store.Key;
import mansio.state.store.MemoryDisk;
import mansio.state.store.Page;
import mansio.state.store.Partition;
import mansio.state.store.PartitionId;
import mansio.state.store.Range;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All of the queue is read at the start, whatever is wrong with some of it. */
class LoadingTest {
    private static final int HEAD = 0x01;
    private static final int RECIPIENTS = 0x02;
    private static final int COUNT = 30;
    private static final int DAMAGED = 12;

    /** A shard some of whose values cannot be read. */
    private static final class DamagedShard implements Partition {
        private final Partition sound;
        private Optional<Key> damaged;

        DamagedShard(Partition sound, Key damaged) {
            this.sound = sound;
            this.damaged = Optional.of(damaged);
        }

        private void check(Key from, Key to) throws IOException {
            boolean hit =
                    damaged.filter(it -> from.compareTo(it) <= 0 && it.compareTo(to) <= 0)
                            .isPresent();
            if (hit) throw new IOException("wrong checksum");
        }

        @Override
        public Page scan(Range range, Direction direction, int maxEntries, int maxBytes)
                throws IOException {
            Page page = sound.scan(range, direction, maxEntries, maxBytes);
            if (!page.entries().isEmpty())
                check(page.entries().getFirst().key(), page.entries().getLast().key());
            return page;
        }

        @Override
        public Optional<byte[]> get(Key key) throws IOException {
            check(key, key);
            return sound.get(key);
        }

        @Override
        public List<Optional<byte[]>> getAll(List<Key> keys) throws IOException {
            return sound.getAll(keys);
        }

        @Override
        public PartitionId id() {
            return sound.id();
        }

        @Override
        public long version() throws IOException {
            return sound.version();
        }

        @Override
        public <R> R write(Command<R> command) throws IOException {
            return sound.write(command);
        }

        @Override
        public <R> R writeFreeing(Command<R> command) throws IOException {
            return sound.writeFreeing(command);
        }

        @Override
        public <R> R writeLazily(Command<R> command) throws IOException {
            return sound.writeLazily(command);
        }

        @Override
        public Subscription listen(Listener listener) {
            return sound.listen(listener);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {HEAD, RECIPIENTS})
    void whatIsDamagedKeepsNobodyElseWaiting(int table) {
        Simulation.run(
                1,
                simulation -> {
                    Filled filled = new Filled(simulation);
                    QueueId bad = filled.ids.get(DAMAGED);
                    Key key = Key.table(table).u64(bad.sequence());
                    if (table == RECIPIENTS) key = key.u8(0);
                    DamagedShard shard = new DamagedShard(filled.shard(), key);
                    List<QueueId> loaded = filled.load(shard);
                    simulation.time().sleep(Duration.ofMinutes(5));
                    assertThat(loaded).hasSize(COUNT - 1).doesNotContain(bad);
                    shard.damaged = Optional.empty();
                    simulation.time().sleep(Duration.ofHours(1));
                    assertThat(loaded).containsExactlyInAnyOrderElementsOf(filled.ids);
                    filled.lanes.close();
                });
    }

    @Test
    void anEntryThatNobodyUnderstandsKeepsNobodyElseWaiting() {
        Simulation.run(
                2,
                simulation -> {
                    Filled filled = new Filled(simulation);
                    filled.refused.add(filled.ids.get(DAMAGED));
                    List<QueueId> loaded = filled.load(filled.shard());
                    simulation.time().sleep(Duration.ofMinutes(5));
                    assertThat(loaded).hasSize(COUNT - 1);
                    filled.lanes.close();
                });
    }

    /** A shard with some entries that nobody sends. */
    private static final class Filled {
        final Simulation simulation;
        final House house;
        final Lanes lanes;
        final List<QueueId> ids = new ArrayList<>();
        final List<QueueId> refused = new ArrayList<>();

        Filled(Simulation simulation) throws IOException {
            this.simulation = simulation;
            World world = new World(simulation);
            house =
                    new House(
                            simulation,
                            simulation.node("program"),
                            new MemoryDisk(),
                            world,
                            new Capacity(1, 1));
            lanes = new Lanes(simulation.time(), QueueSettings.USUAL);
            while (ids.size() < COUNT) {
                QueueId id = house.queue.newId();
                if (id.shard() == 0) ids.add(house.accept(id, List.of("ann@good.example")).id());
            }
        }

        Partition shard() {
            return Queue.shardPartitions(house.store, 1).getFirst();
        }

        List<QueueId> load(Partition shard) {
            List<QueueId> loaded = new ArrayList<>();
            Loading loading =
                    new Loading(
                            List.of(shard),
                            List.of(QueueId.of(0, -1L)),
                            entry -> {
                                if (refused.contains(entry.id()))
                                    throw new IllegalStateException("in a test");
                                loaded.add(entry.id());
                            },
                            new Loading.Pace(() -> false, lanes));
            simulation.node("loading").start("load", loading::run);
            return loaded;
        }
    }
}
