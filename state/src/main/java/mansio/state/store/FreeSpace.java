package mansio.state.store;

import mansio.net.time.Time;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Refuses new things when the disk is nearly full, so that deletions and compaction always have
 * room. Looks at the disk at most once a second.
 */
final class FreeSpace {
    /** Looks at a disk. */
    @FunctionalInterface
    interface Probe {
        /** Bytes that are free, minus those that must stay free; negative when there are less. */
        long bytesToSpare() throws IOException;
    }

    private static final Duration EVERY = Duration.ofSeconds(1);

    private final Time time;
    private final Probe probe;
    private final AtomicLong nextLook;
    private volatile long toSpare = Long.MAX_VALUE;

    FreeSpace(Time time, Probe probe) {
        this.time = time;
        this.probe = probe;
        nextLook = new AtomicLong(time.nanos());
    }

    void check() throws IOException {
        long now = time.nanos();
        long next = nextLook.get();
        if (now - next >= 0 && nextLook.compareAndSet(next, now + EVERY.toNanos())) {
            toSpare = probe.bytesToSpare();
        }
        if (toSpare < 0) {
            throw new LowSpaceException(
                    "the disk lacks " + (-toSpare >> 20) + " MiB of free space");
        }
    }
}
