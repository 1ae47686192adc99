package mansio.serve.inbound;

import java.util.Optional;

/**
 * Facts about this server that receiving needs.
 *
 * @param hostname our name in Received fields and Message-IDs
 * @param maxMessageBytes a message is at most this long (RFC 1870)
 * @param policy what becomes of mail that fails a check
 * @param reflector the address that answers with what was found; empty for none
 */
public record InboundSettings(
        String hostname,
        long maxMessageBytes,
        Forwarding forwarding,
        InboundPolicy policy,
        Optional<ReflectorSettings> reflector) {
    /** Without a reflector. */
    public InboundSettings(
            String hostname, long maxMessageBytes, Forwarding forwarding, InboundPolicy policy) {
        this(hostname, maxMessageBytes, forwarding, policy, Optional.empty());
    }

    /** With the usual policy. */
    public InboundSettings(String hostname, long maxMessageBytes, Forwarding forwarding) {
        this(hostname, maxMessageBytes, forwarding, InboundPolicy.USUAL);
    }
}
