package mansio.net.smtpclient;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.net.listen.ConnectionEnding;

import org.junit.jupiter.api.Test;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;

import javax.net.ssl.SSLHandshakeException;

/** The usual causes in words. */
class ProblemTest {
    private static final InetSocketAddress PEER = new InetSocketAddress("127.0.0.99", 16025);

    private static String unreachable(IOException cause) {
        return Problem.unreachable(PEER, cause).sentence();
    }

    @Test
    void whyThereIsNoConnection() {
        assertThat(unreachable(new ConnectException("/127.0.0.99:16025: Connection refused")))
                .isEqualTo("nobody listens at 127.0.0.99 port 16025 (connection refused)");
        assertThat(unreachable(new NoRouteToHostException("No route to host")))
                .isEqualTo("no network leads to 127.0.0.99 (unreachable)");
        assertThat(unreachable(new ConnectException("Network is unreachable")))
                .isEqualTo("no network leads to 127.0.0.99 (unreachable)");
        assertThat(unreachable(new SocketTimeoutException("x does not answer in time")))
                .isEqualTo("127.0.0.99 port 16025 does not answer (timed out)");
        assertThat(unreachable(new SocketException("Cannot assign requested address")))
                .isEqualTo("the source address for 127.0.0.99 is none of this host");
        assertThat(unreachable(new IOException("Odd\nwords")))
                .isEqualTo("no connection to 127.0.0.99 port 16025: Odd");
        assertThat(Problem.unreachable(PEER, new IOException()).status()).isEqualTo("4.4.1");
    }

    private static String broken(IOException cause) {
        return Problem.broken(Stage.RCPT, cause).sentence();
    }

    @Test
    void whyAConnectionBroke() {
        assertThat(broken(new EOFException("x")))
                .isEqualTo("the server closed the connection at RCPT");
        assertThat(broken(new SocketException("Connection reset by peer")))
                .isEqualTo("the server broke the connection off at RCPT (reset)");
        assertThat(broken(new ConnectionEnding(ConnectionEnding.Why.DEADLINE)))
                .isEqualTo("the server did not answer in time at RCPT");
        assertThat(broken(new SSLHandshakeException("no cipher")))
                .isEqualTo("TLS failed at RCPT: no cipher");
        assertThat(broken(new IOException("RSET was refused")))
                .isEqualTo("the connection broke at RCPT: RSET was refused");
    }
}
