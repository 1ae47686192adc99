package mansio.net.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.function.Predicate;

/**
 * Carries messages of the DNS to a server and back, and knows nothing of what is in them. Safe for
 * use by any thread.
 */
public interface DnsTransport {
    /** The longest message: two octets say its length in TCP (RFC 1035 section 4.2.2). */
    int MAX_MESSAGE = 65_535;

    /**
     * Sends one datagram, from a port that nobody can guess (RFC 5452), and waits for the one that
     * answers it.
     *
     * @param wanted tells the answer from what others may throw in; anything else that comes is
     *     passed over
     * @param deadlineNanos of {@code Time.nanos()}
     * @throws java.net.SocketTimeoutException when the deadline passes
     * @throws IOException when the server cannot be reached
     */
    byte[] datagram(
            InetSocketAddress server, byte[] query, Predicate<byte[]> wanted, long deadlineNanos)
            throws IOException;

    /**
     * Opens a TCP connection, sends one message and takes one (RFC 7766).
     *
     * @param deadlineNanos of {@code Time.nanos()}
     * @throws java.net.SocketTimeoutException when the deadline passes
     * @throws IOException when the server cannot be reached, or hangs up
     */
    byte[] stream(InetSocketAddress server, byte[] query, long deadlineNanos) throws IOException;
}
