package mansio.net.dial;

import mansio.net.listen.Connection;

import java.io.IOException;

/**
 * Opens connections. On the connection it gives, {@link Connection#startTls()} is the client's side
 * of the handshake, at once for implicit TLS or after the protocol's STARTTLS.
 *
 * <p>Safe for use by any thread.
 */
public interface Dialer {
    /**
     * Connects, and gives a plain connection whose deadline is {@code deadlineNanos} until it is
     * set anew.
     *
     * @param deadlineNanos of {@code Time.nanos()}
     * @throws IOException when the peer refuses, cannot be reached, or the deadline passes
     */
    Connection dial(Target target, long deadlineNanos) throws IOException;
}
