package mansio.state.queue;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.net.time.VirtualThreads;
import mansio.state.store.MemoryDisk;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** The list of addresses that are not tried, page by page. */
class SuppressionsTest {
    private static final Duration KEEP = Duration.ofDays(7);

    private final FakeTime time = new FakeTime();
    private final Store store =
            new Stores(new Surroundings(time, new VirtualThreads(), new Random(7), (_, _) -> {}))
                    .memory(new MemoryDisk());
    private final Suppressions suppressions =
            new Suppressions(store.partition(PartitionId.queueShard(0)), time, KEEP);

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void addressesThatEndedDoNotEndTheListing() throws IOException {
        time.advance(Duration.ofDays(10));
        var ended = time.now().minus(KEEP);
        for (int i = 0; i < 1200; i++) {
            // Of the first 600 every one ended, of the others every third.
            boolean old = i < 600 || i % 3 == 0;
            suppressions.add(
                    new Suppression(address(i), old ? ended : time.now(), "5.1.1", "gone"));
        }
        // What was put on the list is written lazily; this waits for its turn behind it.
        assertThat(suppressions.remove(address(0))).isTrue();
        List<Suppression> all = new ArrayList<>();
        List<Suppression> page = suppressions.list(Optional.empty(), 150);
        while (true) {
            all.addAll(page);
            if (page.size() < 150) break;
            page = suppressions.list(Optional.of(page.getLast().address()), 150);
        }
        assertThat(all).hasSize(400);
        assertThat(all.getFirst().address()).isEqualTo(address(601));
        assertThat(all.getLast().address()).isEqualTo(address(1199));
        assertThat(suppressions.find(address(600))).isEmpty();
        assertThat(suppressions.find(address(601))).isPresent();
    }

    private static Address address(int number) {
        return Address.parse("a%04d@far.example".formatted(number));
    }
}
