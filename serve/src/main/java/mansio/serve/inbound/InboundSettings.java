package mansio.serve.inbound;

/**
 * Facts about this server that receiving needs.
 *
 * @param hostname our name in Received fields and Message-IDs
 * @param maxMessageBytes a message is at most this long (RFC 1870)
 * @param policy what becomes of mail that fails a check
 */
public record InboundSettings(
        String hostname, long maxMessageBytes, Forwarding forwarding, InboundPolicy policy) {
    /** With the usual policy. */
    public InboundSettings(String hostname, long maxMessageBytes, Forwarding forwarding) {
        this(hostname, maxMessageBytes, forwarding, InboundPolicy.USUAL);
    }
}
