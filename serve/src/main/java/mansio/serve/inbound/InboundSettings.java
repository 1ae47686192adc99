package mansio.serve.inbound;

/**
 * Facts about this server that receiving needs.
 *
 * @param hostname our name in Received fields and Message-IDs
 * @param maxMessageBytes a message is at most this long (RFC 1870)
 */
public record InboundSettings(String hostname, long maxMessageBytes, Forwarding forwarding) {}
