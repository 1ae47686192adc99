package mansio.state.route;

import mansio.codec.text.Domain;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A way for some of the mail to other servers.
 *
 * @param created when it was added or replaced
 */
public record RemoteRoute(
        RoutePattern pattern, RouteTarget target, Settings settings, Instant created) {
    /**
     * What differs from the usual.
     *
     * @param source our address that connections come from
     * @param ehlo what we call ourselves
     */
    public record Settings(Optional<InetAddress> source, Optional<Domain> ehlo, Retry retry) {
        /** All as usual. */
        public static final Settings USUAL =
                new Settings(Optional.empty(), Optional.empty(), Retry.USUAL);
    }

    /**
     * When it is tried again.
     *
     * @param first the pause after the first attempt, at least a second
     * @param longest no pause is longer
     * @param giveUpAfter when a message fails
     */
    public record Retry(
            Optional<Duration> first, Optional<Duration> longest, Optional<Duration> giveUpAfter) {
        /** As the queue has it. */
        public static final Retry USUAL =
                new Retry(Optional.empty(), Optional.empty(), Optional.empty());
    }

    /** Its name: the pattern. */
    public String name() {
        return pattern.text();
    }
}
