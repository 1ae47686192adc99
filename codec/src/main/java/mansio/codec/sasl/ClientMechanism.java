package mansio.codec.sasl;

/**
 * The client side of one authentication exchange: a state machine without input or output. Used
 * once and by one thread.
 */
public sealed interface ClientMechanism permits PlainClient, LoginClient, ScramClient {
    /** The mechanism to name in the command. */
    Mechanism mechanism();

    /**
     * True when the first response may travel with the command. Otherwise it is the answer to the
     * first challenge.
     */
    boolean sendsFirst();

    /**
     * The answer to the server's next challenge, decoded from base64; for a mechanism that sends
     * first, the first call gets the empty challenge.
     */
    ClientStep step(byte[] challenge);

    /** Whether a server's word of success may be believed now. */
    boolean mayComplete();
}
