package mansio.state.queue;

import mansio.net.time.Time;

import java.time.Duration;
import java.time.Instant;

/** What an attempt's time was spent on. Used by one thread. */
final class Stopwatch {
    /**
     * @param began when it was taken up
     * @param setUp for finding the way and making the connection; zero for one that was there
     * @param transmission until the last answer
     */
    record Times(Instant began, Duration setUp, Duration transmission) {}

    private final Time time;
    private Instant began;
    private long mark;
    private Duration setUp = Duration.ZERO;
    private Duration transmission = Duration.ZERO;

    Stopwatch(Time time) {
        this.time = time;
        this.began = time.now();
        this.mark = time.nanos();
    }

    /** The first message was read; finding the way counts as set-up. */
    void begin() {
        began = time.now().minusNanos(time.nanos() - mark);
    }

    void opened() {
        setUp = lap();
    }

    void sent() {
        transmission = lap();
    }

    /** The next message goes over the same connection. */
    void reused() {
        began = time.now();
        mark = time.nanos();
        setUp = Duration.ZERO;
        transmission = Duration.ZERO;
    }

    Times times() {
        return new Times(began, setUp, transmission);
    }

    private Duration lap() {
        long now = time.nanos();
        Duration lap = Duration.ofNanos(now - mark);
        mark = now;
        return lap;
    }
}
