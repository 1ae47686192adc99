package mansio.state.queue;

import mansio.state.queue.Carrier.Schedule;

import java.time.Duration;
import java.util.List;

/**
 * How the queue works for other servers.
 *
 * @param schedule the usual one
 * @param delayNotices ages of a message at which its sender is told that it takes long, ascending
 * @param dotSentWait how long a message rests of which it is not known whether the other side has
 *     it
 * @param capacity of connections
 * @param keepSuppressed how long an address that does not exist is not tried; zero for never
 *     suppressing
 * @param closeGrace how long {@link Queue#close} waits for transactions under way
 */
public record QueueSettings(
        Schedule schedule,
        List<Duration> delayNotices,
        Duration dotSentWait,
        Capacity capacity,
        Duration keepSuppressed,
        Duration closeGrace) {
    /** What is used unless somebody wants something else. */
    public static final QueueSettings USUAL =
            new QueueSettings(
                    new Schedule(Duration.ofMinutes(5), Duration.ofHours(4), Duration.ofDays(5)),
                    List.of(Duration.ofHours(4), Duration.ofHours(24)),
                    Duration.ofMinutes(10),
                    new Capacity(200, 10),
                    Duration.ofDays(30),
                    Duration.ofSeconds(20));

    /** Delay notices fit into three bits. */
    public static final int MAX_NOTICES = 7;

    /**
     * Connections at once.
     *
     * @param connections in all
     * @param perSite to one other side
     */
    public record Capacity(int connections, int perSite) {
        public Capacity {
            if (connections < 1 || perSite < 1)
                throw new IllegalArgumentException(connections + " and " + perSite);
        }
    }

    public QueueSettings {
        delayNotices = List.copyOf(delayNotices);
        if (delayNotices.size() > MAX_NOTICES)
            throw new IllegalArgumentException(delayNotices.size() + " delay notices");
    }
}
