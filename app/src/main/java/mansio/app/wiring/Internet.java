package mansio.app.wiring;

import mansio.net.dial.Dialer;
import mansio.net.dial.TcpDialer;
import mansio.net.dns.Resolver;
import mansio.net.listen.Sockets;
import mansio.net.tls.CertificateCheck;
import mansio.net.tls.ClientTls;

/**
 * The world as a server that sends sees it. Closed once, after the queue.
 *
 * @param end gives up what it holds
 */
public record Internet(
        Resolver resolver, Dialer dialer, CertificateCheck certificates, Runnable end)
        implements AutoCloseable {
    /** The real one, with the roots that this Java trusts. */
    public static Internet real(Resolver resolver, Machine machine) {
        return with(resolver, CertificateCheck.ofSystem(), machine);
    }

    /** Connections of this machine, with another DNS and other roots. */
    public static Internet with(Resolver resolver, CertificateCheck certificates, Machine machine) {
        Sockets sockets = Sockets.start(machine.time(), machine.threads(), machine.random());
        TcpDialer dialer =
                new TcpDialer(machine.time(), machine.threads(), sockets, new ClientTls());
        return new Internet(resolver, dialer, certificates, sockets::close);
    }

    @Override
    public void close() {
        end.run();
    }
}
