package mansio.serve.inbound;

import java.io.IOException;

/** Takes messages in. Made once; safe for use by any thread. */
public interface Inbound {
    /** Messages are at most this long; SIZE says so (RFC 1870). */
    long maxMessageBytes();

    /**
     * Begins to take in a message. The Received field is made here, from the transaction and the
     * queue id.
     *
     * @throws mansio.state.store.LowSpaceException when there is no room: 452
     * @throws IOException when it cannot tell: 451
     */
    Reception begin(Transaction transaction) throws IOException;
}
