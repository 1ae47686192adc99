package mansio.state.dmarcstore;

import mansio.codec.text.Domain;

import java.time.Instant;

/**
 * That somebody told of one message that failed (RFC 6591). Texts come from outside.
 *
 * @param domain ours
 * @param came when the report came
 * @param kind what failed, such as {@code dmarc} or {@code spf}
 * @param source the host that sent the message; may be empty
 * @param mailFrom its reverse-path; may be empty
 * @param authenticated whether the report is known to be from where it says
 */
public record ReceivedFailure(
        Domain domain,
        Instant came,
        String kind,
        String source,
        String mailFrom,
        boolean authenticated) {}
