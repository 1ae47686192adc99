package mansio.serve.outbound;

import mansio.net.smtpclient.SessionSettings.Reuse;
import mansio.net.smtpclient.Timeouts;
import mansio.state.queue.Carrier.Schedule;

/**
 * How this server sends.
 *
 * @param hostname what it calls itself
 * @param usual the schedule of mail that has none of its own
 * @param withoutRoute what becomes of mail that no route is for
 */
public record OutboundSettings(
        String hostname,
        WithoutRoute withoutRoute,
        Schedule usual,
        Timeouts timeouts,
        Reuse reuse) {
    /** What becomes of mail that no route is for. */
    public enum WithoutRoute {
        /** It goes to the hosts that the DNS names. */
        DIRECT,
        /** It stays: a server for trying things out must not write to the world. */
        HOLD
    }

    /** As the RFC has it. */
    public static OutboundSettings of(String hostname, WithoutRoute withoutRoute, Schedule usual) {
        return new OutboundSettings(hostname, withoutRoute, usual, Timeouts.RFC_5321, Reuse.USUAL);
    }
}
