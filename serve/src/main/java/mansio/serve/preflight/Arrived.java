package mansio.serve.preflight;

import mansio.codec.message.ParsedMessage;
import mansio.serve.checks.Findings;

import java.time.Instant;
import java.util.Optional;

/**
 * A message as a receiver in the world would see it.
 *
 * @param bytes the whole message, not to be changed
 * @param findings of a receiver's checks
 * @param now when it arrived
 * @param journey how it travelled; empty when it did not, as that of a file
 */
public record Arrived(
        byte[] bytes,
        ParsedMessage message,
        Findings findings,
        Instant now,
        Optional<Journey> journey) {
    /**
     * How a message travelled.
     *
     * @param tls protocol and cipher; empty when in the clear
     */
    public record Journey(Optional<String> tls) {}
}
