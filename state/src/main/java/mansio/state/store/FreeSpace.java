package mansio.state.store;

import mansio.net.time.Time;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Refuses new things when the disk is nearly full, so that deletions and compaction always have
 * room. Looks at the disk at most once a second, and says so in the log at most once a minute.
 */
final class FreeSpace {
    /** Looks at a disk. */
    @FunctionalInterface
    interface Probe {
        /** Bytes that are free, minus those that must stay free; negative when there are less. */
        long bytesToSpare() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(FreeSpace.class);
    private static final Duration EVERY = Duration.ofSeconds(1);

    /** Each message refused would be a line: a full disk is not to be filled with them. */
    private static final Duration EVERY_LINE = Duration.ofMinutes(1);

    private final Time time;
    private final Probe probe;
    private final Consumer<String> warnings;
    private final AtomicLong nextLook;
    private final AtomicLong nextLine;
    private volatile long toSpare = Long.MAX_VALUE;

    FreeSpace(Time time, Probe probe) {
        this(time, probe, LOG::warn);
    }

    /**
     * @param warnings one line for the administrator each
     */
    FreeSpace(Time time, Probe probe, Consumer<String> warnings) {
        this.time = time;
        this.probe = probe;
        this.warnings = warnings;
        nextLook = new AtomicLong(time.nanos());
        nextLine = new AtomicLong(time.nanos());
    }

    void check() throws IOException {
        long now = time.nanos();
        long next = nextLook.get();
        if (now - next >= 0 && nextLook.compareAndSet(next, now + EVERY.toNanos())) {
            toSpare = probe.bytesToSpare();
        }
        if (toSpare < 0) {
            throw refused("the disk lacks " + (-toSpare >> 20) + " MiB of free space");
        }
    }

    /** As {@link #check}, for a limit of the caller's on what waits to be written. */
    LowSpaceException tooMuchWaits(String what) {
        return refused(what);
    }

    private LowSpaceException refused(String why) {
        long now = time.nanos();
        long next = nextLine.get();
        if (now - next >= 0 && nextLine.compareAndSet(next, now + EVERY_LINE.toNanos())) {
            warnings.accept("nothing new is taken: " + why);
        }
        return new LowSpaceException(why);
    }
}
