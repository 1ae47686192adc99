package mansio.state.route;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Domain;
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
import java.time.Duration;
import java.util.Random;

/** Administrators are told once a day, whatever is started anew, and not of everything. */
class LogInTroublesTest {
    private final FakeTime time = new FakeTime();
    private final Store store =
            new Stores(new Surroundings(time, new VirtualThreads(), new Random(7), (_, _) -> {}))
                    .memory(new MemoryDisk());
    private final Partition directory = store.partition(PartitionId.DIRECTORY);

    @AfterEach
    void close() {
        store.close();
    }

    private RemoteRoute route(String domain) {
        return new RemoteRoute(
                new RoutePattern.Exact(new Domain(domain)),
                new RouteTarget.Hold(),
                RemoteRoute.Settings.USUAL,
                time.now());
    }

    @Test
    void onceADayForEachRoute() throws IOException {
        LogInTroubles troubles = LogInTroubles.open(directory, time);
        assertThat(troubles.tellNow(route("a.example"))).isTrue();
        assertThat(troubles.tellNow(route("a.example"))).isFalse();
        assertThat(troubles.tellNow(route("b.example"))).isTrue();
        time.advance(Duration.ofHours(23));
        LogInTroubles afterRestart = LogInTroubles.open(directory, time);
        assertThat(afterRestart.tellNow(route("a.example"))).isFalse();
        time.advance(Duration.ofHours(1));
        assertThat(afterRestart.tellNow(route("a.example"))).isTrue();
        assertThat(LogInTroubles.open(directory, time).tellNow(route("a.example"))).isFalse();
    }

    @Test
    void notOfEverything() throws IOException {
        LogInTroubles troubles = LogInTroubles.open(directory, time);
        int told = 0;
        for (int i = 0; i < 3 * LogInTroubles.MAX_TOLD; i++) {
            if (troubles.tellNow(route("a" + i + ".example"))) told++;
        }
        assertThat(told).isEqualTo(LogInTroubles.MAX_TOLD);
        time.advance(LogInTroubles.PAUSE);
        assertThat(troubles.tellNow(route("z.example"))).isTrue();
    }
}
