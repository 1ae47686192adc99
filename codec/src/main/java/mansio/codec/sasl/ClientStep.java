package mansio.codec.sasl;

/** What a client's mechanism answers to a challenge. */
public sealed interface ClientStep {
    /** Send this to the server. */
    record Response(byte[] data) implements ClientStep {}

    /** The server is not what it says, or talks nonsense: cancel and do not trust it. */
    record Failure(String reason) implements ClientStep {}
}
