package mansio.app.wiring;

import mansio.net.time.SystemTime;
import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.net.time.VirtualThreads;
import mansio.trust.dkim.Crypto;

import java.security.SecureRandom;

/**
 * What the operating system gives: time, threads and randomness.
 *
 * @param crypto signs and verifies what is in messages; the JDK until a server has loaded better
 */
public record Machine(Time time, Threads threads, SecureRandom random, Crypto crypto) {
    /** The real ones. */
    public static Machine real() {
        return new Machine(
                new SystemTime(), new VirtualThreads(), new SecureRandom(), Crypto.jdk());
    }
}
