package mansio.state.queue;

import mansio.codec.text.Address;

import java.time.Instant;

/**
 * An address that is not tried, because its own server said that it does not exist.
 *
 * @param since when it said so
 * @param status its enhanced status code (RFC 3463)
 * @param reason host and reply
 */
public record Suppression(Address address, Instant since, String status, String reason) {
    public Suppression {
        status = Texts.clean(status, Failure.MAX_TEXT);
        reason = Texts.clean(reason, Failure.MAX_TEXT);
    }
}
