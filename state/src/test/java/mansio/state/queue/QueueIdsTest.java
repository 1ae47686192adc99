package mansio.state.queue;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.time.VirtualThreads;
import mansio.state.store.MemoryDisk;
import mansio.state.store.Partition;
import mansio.state.store.PartitionId;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.SplittableRandom;

class QueueIdsTest {
    private final MemoryDisk disk = new MemoryDisk();

    /** The ids of a new life of the program, whose clock says {@code now}. */
    private Partition life(FakeTime time) {
        disk.crash(new SplittableRandom(1));
        Surroundings around =
                new Surroundings(time, new VirtualThreads(), new SplittableRandom(1), (_, _) -> {});
        return new Stores(around).memory(disk).partition(PartitionId.queueShard(3));
    }

    private static QueueId use(QueueIds ids, Partition partition) throws IOException {
        QueueId id = ids.next();
        return partition.write(
                turn -> {
                    ids.cover(turn, id);
                    return id;
                });
    }

    @Test
    void anIdIsNotUsedAgainWhenTheClockIsSetBack() throws IOException {
        FakeTime first = new FakeTime();
        Partition before = life(first);
        QueueIds ids = new QueueIds(3, before, first);
        QueueId used = use(ids, before);
        for (int i = 0; i < 100; i++) assertThat(use(ids, before)).isGreaterThan(used);
        QueueId last = use(ids, before);

        FakeTime second = new FakeTime();
        Partition after = life(second);
        assertThat(new QueueIds(3, after, second).next()).isGreaterThan(last);
    }

    @Test
    void idsFollowTheClock() throws IOException {
        FakeTime time = new FakeTime();
        QueueId id = new QueueIds(3, life(time), time).next();
        assertThat(id.madeAt()).isEqualTo(time.now());
        assertThat(id.shard()).isEqualTo(3);
    }
}
