package mansio.testkit.sim;

import java.time.Duration;

/**
 * How badly a {@link FakeNetwork} behaves.
 *
 * @param maxDelay how long bytes travel at most; each piece's delay is drawn anew
 * @param resetChance of a connection, to be reset after some bytes, from 0 to 1
 * @param silenceChance of a connection, to swallow all bytes after some: only a deadline ends it
 */
public record Faults(Duration maxDelay, double resetChance, double silenceChance) {
    /** Delays and bytes in pieces only. */
    public static final Faults NONE = new Faults(Duration.ofMillis(20), 0, 0);

    /** A bad day. */
    public static final Faults ROUGH = new Faults(Duration.ofSeconds(2), 0.15, 0.1);
}
