package mansio.codec.sasl;

import java.io.IOException;

/**
 * The server side of one authentication exchange: a state machine without input or output. Used
 * once and by one thread.
 */
public sealed interface ServerMechanism permits PlainServer, LoginServer, ScramServer {
    /** Longest message of a client that is looked at, in octets. */
    int MAX_MESSAGE = 4096;

    /**
     * The first challenge, for a client that sent no initial response. With an initial response the
     * caller goes straight to {@link #step}.
     */
    Step.Challenge start();

    /**
     * Takes the client's next message, decoded from base64.
     *
     * @throws IOException when the stored keys cannot be read now: a temporary failure
     * @throws IllegalStateException when the exchange is over
     */
    Step step(byte[] message) throws IOException;
}
