package mansio.state.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** A full disk is told to each who asks, and to the administrator once a minute. */
class FreeSpaceTest {
    private final FakeTime time = new FakeTime();
    private final AtomicLong toSpare = new AtomicLong(-5 << 20);
    private final List<String> log = new ArrayList<>();
    private final FreeSpace space = new FreeSpace(time, toSpare::get, log::add);

    private void refuses(int times) {
        for (int i = 0; i < times; i++) {
            assertThatThrownBy(space::check)
                    .isInstanceOf(LowSpaceException.class)
                    .hasMessage("the disk lacks 5 MiB of free space");
        }
    }

    @Test
    void aFullDiskIsOneLineAMinute() {
        refuses(1_000);
        assertThat(log).containsExactly("nothing new is taken: the disk lacks 5 MiB of free space");
        time.advance(Duration.ofSeconds(59));
        refuses(10);
        assertThat(log).hasSize(1);
        time.advance(Duration.ofSeconds(1));
        refuses(10);
        assertThat(log).hasSize(2);
    }

    @Test
    void whatWaitsIsToldTheSameWay() throws IOException {
        toSpare.set(1);
        space.check();
        for (int i = 0; i < 10; i++) {
            assertThat(space.tooMuchWaits("too much")).hasMessage("too much");
        }
        assertThat(log).containsExactly("nothing new is taken: too much");
    }

    @Test
    void theDiskIsLookedAtOnceASecond() throws IOException {
        refuses(1);
        toSpare.set(1);
        refuses(1);
        time.advance(Duration.ofSeconds(1));
        space.check();
        assertThat(log).hasSize(1);
    }
}
