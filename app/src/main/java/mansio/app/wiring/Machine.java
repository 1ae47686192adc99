package mansio.app.wiring;

import mansio.net.time.SystemTime;
import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.net.time.VirtualThreads;

import java.security.SecureRandom;

/** What the operating system gives: time, threads and randomness. */
public record Machine(Time time, Threads threads, SecureRandom random) {
    /** The real ones. */
    public static Machine real() {
        return new Machine(new SystemTime(), new VirtualThreads(), new SecureRandom());
    }
}
