package mansio.net.listen;

import java.io.IOException;

/**
 * What a listener does with each connection: a protocol. Called on the connection's own virtual
 * thread.
 */
@FunctionalInterface
public interface Service {
    /**
     * Serves the connection to its end. The listener closes it afterwards.
     *
     * @throws IOException when the peer went away or a deadline passed; logged as the session's
     *     end, never as our bug
     */
    void serve(Connection connection) throws IOException;
}
