package mansio.net.listen;

import mansio.codec.line.ByteSink;
import mansio.codec.line.ByteSource;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * One connection with a peer, plain or under TLS. Its thread owns it; {@link #deadline} and {@link
 * #close} may be called by any thread. Reads and writes fail with an IOException once the deadline
 * has passed or the connection is closed.
 */
public interface Connection extends Closeable {
    /** Short id for logs, unique in this process, such as {@code 7f3a1c}. */
    String id();

    /** The peer's address; for a Unix-domain socket the loopback address with port 0. */
    InetSocketAddress peer();

    /** Our side's address. */
    InetSocketAddress local();

    /** The peer's bytes; the same object before and after {@link #startTls()}. */
    ByteSource in();

    /**
     * Buffered; nothing is promised to leave before {@link ByteSink#flush()}. The same object
     * before and after {@link #startTls()}.
     */
    ByteSink out();

    /**
     * All reads and writes fail from this point of {@code Time.nanos()} on, with a {@link
     * ConnectionEnding}. Set again before each wait for the peer. Once a read has failed so, all
     * later ones do, but with a new, short deadline a farewell can still be written.
     */
    void deadline(long deadlineNanos);

    /**
     * Like {@link #deadline}, for a wait between commands, when nothing is under way: a listener
     * that stops ends this wait at once. The next {@link #deadline} takes that back. May be called
     * by any thread.
     */
    default void idle(long deadlineNanos) {
        deadline(deadlineNanos);
    }

    /** What is known of the TLS session; empty while the connection is plain. */
    Optional<TlsFacts> tls();

    /** True when this connection has a certificate to offer and is still plain. */
    boolean canStartTls();

    /**
     * The TLS handshake: the server's side on a connection that was accepted, the client's on one
     * that was dialled. The caller has sent its go-ahead and thrown away everything it had read
     * ahead: plain bytes before the handshake must never be taken for commands after it (RFC 3207
     * section 4.2).
     */
    void startTls() throws IOException;

    /**
     * Closes at once what another thread is blocked in, which fails. When nothing is under way it
     * first says farewell in TLS, for two seconds at most. Never throws.
     */
    @Override
    void close();
}
