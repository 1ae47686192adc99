package mansio.state.store;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.state.store.Reads.Direction;
import mansio.testkit.sim.Seeds;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Random commands of several writers on a disk that crashes, in orders drawn from a seed. After
 * each crash each partition is exactly what its first commands made it, all acknowledged ones among
 * them, and every blob that something refers to can be read.
 */
class StoreSimulationTest {
    private static final List<PartitionId> PARTITIONS =
            List.of(PartitionId.queueShard(0), PartitionId.account(1), PartitionId.account(2));

    /** Values that commands overwrite and delete at random. */
    private static final Key VALUES = Key.table(5);

    /** One key a command, named after its version. */
    private static final Key LOG = Key.table(6);

    /** References: blob id, then its length. */
    private static final Key REFERENCES = Key.table(7);

    private static final int SEEDS = 30;
    private static final int CRASHES = 3;
    private static final int WRITERS = 4;

    @Test
    void nothingAcknowledgedIsLostAndNothingDangles() {
        Seeds.of(SEEDS).forEach(seed -> Simulation.run(seed, sim -> new Run(sim).go()));
    }

    @Test
    void theSameSeedGivesTheSameRun() {
        long first = Simulation.run(77, sim -> new Run(sim).go()).hash();
        assertThat(Simulation.run(77, sim -> new Run(sim).go()).hash()).isEqualTo(first);
    }

    /** What one command did. */
    private record Effect(Optional<Range> deleted, Map<Key, Optional<byte[]>> changes) {}

    /** One life of the disk. */
    private static final class Run {
        private final Simulation sim;
        private final RandomGenerator random;
        private final MemoryDisk disk;
        private final Map<PartitionId, TreeMap<Long, Effect>> effects = new LinkedHashMap<>();
        private final Map<PartitionId, Long> acknowledged = new LinkedHashMap<>();
        private final Map<BlobId, Integer> lengths = new LinkedHashMap<>();

        Run(Simulation sim) {
            this.sim = sim;
            random = sim.random();
            disk = new MemoryDisk(sim::maybeYield);
            for (PartitionId id : PARTITIONS) {
                effects.put(id, new TreeMap<>());
                acknowledged.put(id, 0L);
            }
        }

        void go() throws IOException {
            for (int crash = 0; crash <= CRASHES; crash++) {
                Simulation.Node node = sim.node("server-" + crash);
                Store store = open(node);
                check(store);
                for (int i = 0; i < WRITERS; i++) {
                    node.start("writer-" + i, () -> work(store));
                }
                node.start("sweeper", () -> sweep(store));
                sim.time().sleep(Duration.ofNanos(random.nextInt(1_500_000)));
                disk.crash(random);
                node.kill();
                sim.moveWallClock(Duration.ofHours(random.nextInt(30)));
            }
        }

        private Store open(Simulation.Node node) {
            return new Stores(
                            new Surroundings(
                                    sim.time(),
                                    node,
                                    new SplittableRandom(random.nextLong()),
                                    (reason, cause) -> {
                                        throw new AssertionError(reason, cause);
                                    }))
                    .memory(disk);
        }

        private void work(Store store) {
            try {
                for (int i = 0; i < 30; i++) step(store);
            } catch (IOException e) {
                throw new AssertionError(e);
            } catch (StoreStoppedError e) {
                sim.trace("the disk has crashed");
            }
        }

        private void sweep(Store store) {
            try {
                for (int i = 0; i < 3; i++) {
                    sim.time().sleep(Duration.ofNanos(random.nextInt(500_000)));
                    sim.moveWallClock(Duration.ofHours(random.nextInt(30)));
                    store.sweep();
                }
            } catch (IOException e) {
                throw new AssertionError(e);
            } catch (StoreStoppedError e) {
                sim.trace("the disk has crashed");
            }
        }

        private void step(Store store) throws IOException {
            Partition partition =
                    store.partition(PARTITIONS.get(random.nextInt(PARTITIONS.size())));
            int kind = random.nextInt(200);
            if (kind == 0) {
                deliverMany(store, partition);
            } else if (kind < 50) {
                deliver(store, partition);
            } else if (kind < 100) {
                handOn(store, partition);
            } else if (kind < 150) {
                acknowledge(partition, partition.write(turn -> change(turn, partition)));
            } else {
                var _ = partition.writeLazily(turn -> change(turn, partition));
            }
        }

        /** Random changes; the effect is noted under the version they will have. */
        private long change(Turn turn, Partition partition) throws IOException {
            Map<Key, Optional<byte[]>> changes = new LinkedHashMap<>();
            Optional<Range> deleted = Optional.empty();
            if (random.nextInt(5) == 0) {
                long from = random.nextInt(20);
                deleted = Optional.of(new Range(VALUES.u64(from), VALUES.u64(from + 5)));
                turn.deleteRange(deleted.get());
            }
            for (int i = 0; i < random.nextInt(4); i++) {
                Key key = VALUES.u64(random.nextInt(20));
                sim.maybeYield();
                if (random.nextBoolean()) {
                    byte[] value = ByteBuffer.allocate(8).putLong(random.nextLong()).array();
                    turn.put(key, value);
                    changes.put(key, Optional.of(value));
                } else {
                    turn.delete(key);
                    changes.put(key, Optional.empty());
                }
            }
            return note(turn, partition, new Effect(deleted, changes));
        }

        private long note(Turn turn, Partition partition, Effect effect) throws IOException {
            Key log = LOG.u64(turn.version());
            turn.put(log, new byte[0]);
            effect.changes.put(log, Optional.of(new byte[0]));
            TreeMap<Long, Effect> all = effects.get(partition.id());
            all.tailMap(turn.version(), true).clear();
            all.put(turn.version(), effect);
            Page seen = turn.scan(Range.prefix(VALUES), Direction.FORWARD, 100, 100_000);
            assertThat(numbers(seen.entries()))
                    .isEqualTo(numbers(model(partition.id(), turn.version(), VALUES)));
            return turn.version();
        }

        private void acknowledge(Partition partition, long version) {
            acknowledged.merge(partition.id(), version, Math::max);
        }

        /** Stages a blob and refers to it. */
        private void deliver(Store store, Partition partition) throws IOException {
            int length = random.nextInt(3) == 0 ? random.nextInt(200_000) : random.nextInt(300);
            try (BlobWriter writer = store.blobs().create()) {
                byte[] content = content(length);
                for (int at = 0; at < length; at += 40_000) {
                    writer.write(content, at, Math.min(40_000, length - at));
                    sim.maybeYield();
                }
                if (random.nextInt(5) == 0) return;
                writer.finish();
                lengths.put(writer.id(), length);
                acknowledge(
                        partition,
                        partition.write(turn -> refer(turn, partition, List.of(writer.id()))));
            }
        }

        private long refer(Turn turn, Partition partition, List<BlobId> blobs) throws IOException {
            Map<Key, Optional<byte[]>> changes = new LinkedHashMap<>();
            for (BlobId blob : blobs) {
                Key key = REFERENCES.raw(blob.toBytes());
                turn.hold(blob);
                turn.put(key, new byte[0]);
                changes.put(key, Optional.of(new byte[0]));
            }
            return note(turn, partition, new Effect(Optional.empty(), changes));
        }

        /** One command with more bytes of short blobs than a write carries. */
        private void deliverMany(Store store, Partition partition) throws IOException {
            List<BlobWriter> writers = new ArrayList<>();
            try {
                for (int i = 0; i < 40; i++) {
                    BlobWriter writer = store.blobs().create();
                    writers.add(writer);
                    writer.write(content(60_000), 0, 60_000);
                    writer.finish();
                    lengths.put(writer.id(), 60_000);
                }
                List<BlobId> ids = writers.stream().map(BlobWriter::id).toList();
                acknowledge(partition, partition.write(turn -> refer(turn, partition, ids)));
            } finally {
                for (BlobWriter writer : writers) writer.close();
            }
        }

        /** Gives a blob of one partition to another, then lets go of it. */
        private void handOn(Store store, Partition from) throws IOException {
            Page references = from.scan(Range.prefix(REFERENCES), Direction.FORWARD, 5, 100_000);
            if (references.entries().isEmpty()) return;
            Key key = references.entries().get(random.nextInt(references.entries().size())).key();
            BlobId blob = BlobId.ofBytes(key.rawFrom(1), 0);
            Partition to = store.partition(PARTITIONS.get(random.nextInt(PARTITIONS.size())));
            try {
                acknowledge(to, to.write(turn -> refer(turn, to, List.of(blob))));
            } catch (BlobMissingException e) {
                // Somebody else let go of it long enough ago; then it is not referred to here.
                assertThat(from.get(key)).isEmpty();
                return;
            }
            if (random.nextInt(3) == 0) return;
            var _ =
                    from.writeLazily(
                            turn -> {
                                turn.release(blob);
                                turn.delete(key);
                                Map<Key, Optional<byte[]>> changes = new LinkedHashMap<>();
                                changes.put(key, Optional.empty());
                                return note(turn, from, new Effect(Optional.empty(), changes));
                            });
        }

        private static byte[] content(int length) {
            byte[] content = new byte[length];
            new SplittableRandom(length).nextBytes(content);
            return content;
        }

        private void check(Store store) throws IOException {
            List<Finding> findings = new ArrayList<>();
            store.verify(List.of(references()), findings::add);
            assertThat(findings).noneMatch(f -> f.severity() == Finding.Severity.DAMAGE);
            for (PartitionId id : PARTITIONS) {
                Partition partition = store.partition(id);
                long version = partition.version();
                assertThat(version).isGreaterThanOrEqualTo(acknowledged.get(id));
                effects.get(id).tailMap(version, false).clear();
                for (Key table : List.of(VALUES, LOG, REFERENCES)) {
                    Page all =
                            partition.scan(Range.prefix(table), Direction.FORWARD, 9_999, 1 << 20);
                    List<Entry> expected = model(id, version, table);
                    assertThat(numbers(all.entries())).isEqualTo(numbers(expected));
                    for (int i = 0; i < expected.size(); i++) {
                        assertThat(all.entries().get(i).value()).isEqualTo(expected.get(i).value());
                    }
                    if (table.equals(REFERENCES)) readAll(store, all.entries());
                }
            }
        }

        private static Verifier references() {
            return new Verifier() {
                @Override
                public boolean covers(PartitionId.Kind kind) {
                    return true;
                }

                @Override
                public void verify(Partition partition, Report report) throws IOException {
                    Page page =
                            partition.scan(
                                    Range.prefix(REFERENCES), Direction.FORWARD, 9_999, 1 << 20);
                    for (Entry entry : page.entries()) {
                        report.refersTo(BlobId.ofBytes(entry.key().rawFrom(1), 0));
                    }
                }
            };
        }

        private void readAll(Store store, List<Entry> references) throws IOException {
            for (Entry reference : references) {
                BlobId blob = BlobId.ofBytes(reference.key().rawFrom(1), 0);
                byte[] read = new byte[300_000];
                int length = 0;
                for (int n; (n = store.blobs().read(blob, length, read, length, 100_000)) >= 0; ) {
                    length += n;
                }
                byte[] expected = content(lengths.get(blob));
                assertThat(Arrays.equals(read, 0, length, expected, 0, expected.length)).isTrue();
            }
        }

        /** What the first {@code version} commands make of a table. */
        private List<Entry> model(PartitionId id, long version, Key table) {
            TreeMap<Key, byte[]> state = new TreeMap<>();
            for (Effect effect : effects.get(id).headMap(version, true).values()) {
                effect.deleted.ifPresent(range -> state.keySet().removeIf(range::contains));
                effect.changes.forEach(
                        (key, value) -> {
                            if (value.isPresent()) state.put(key, value.get());
                            else state.remove(key);
                        });
            }
            List<Entry> entries = new ArrayList<>();
            state.forEach(
                    (key, value) -> {
                        if (key.startsWith(table)) entries.add(new Entry(key, value));
                    });
            return entries;
        }

        private static List<String> numbers(List<Entry> entries) {
            return entries.stream().map(entry -> entry.key().toString()).toList();
        }
    }
}
