package mansio.state.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.net.time.VirtualThreads;
import mansio.state.store.MemoryDisk;
import mansio.state.store.Partition;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.Random;

class DetoursTest {
    private final FakeTime time = new FakeTime();
    private final Store store =
            new Stores(new Surroundings(time, new VirtualThreads(), new Random(7), (_, _) -> {}))
                    .memory(new MemoryDisk());

    @AfterEach
    void close() {
        store.close();
    }

    /** As many as there may be are more than a page; one more is said no to. */
    @Test
    void allAreKnownAgainAndTheLimitIsToldOf() throws IOException {
        Partition directory = store.partition(PartitionId.DIRECTORY);
        Detours detours = Detours.open(directory, time);
        String long500 = "x".repeat(500);
        for (int i = 0; i < Detours.MAX_DETOURS; i++) detours.begin("site " + i, long500);
        assertThatThrownBy(() -> detours.begin("one more", "")).isInstanceOf(IOException.class);
        assertThat(detours.around("one more")).isEmpty();
        assertThat(detours.begin("site 7", "again").reason()).isEqualTo("again");
        assertThat(Detours.open(directory, time).all()).hasSize(Detours.MAX_DETOURS);
    }
}
