package mansio.app.wiring;

import mansio.net.dial.TcpDialer;
import mansio.net.dns.Authorities;
import mansio.net.dns.DnsTransport;
import mansio.net.dns.Resolver;
import mansio.net.dns.SocketTransport;
import mansio.net.dns.UpdateClient;
import mansio.net.listen.Sockets;
import mansio.net.tls.ClientTls;
import mansio.serve.dnscheck.DnsCheck;
import mansio.state.config.Config;
import mansio.trust.dnsbl.BlockList;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * The DNS as a command sees it: with a cache of its own, which knows nothing from before, and at
 * the name servers of the zones. Closed once.
 */
public final class DnsViews implements AutoCloseable {
    private final Sockets sockets;
    private final DnsCheck.World world;

    private DnsViews(Sockets sockets, DnsCheck.World world) {
        this.sockets = sockets;
        this.world = world;
    }

    /**
     * By the resolver that is configured, or that of the system.
     *
     * @param authority the one server to ask for what is published; empty: those of the zones
     */
    public static DnsViews open(
            Optional<Config> config, Optional<InetSocketAddress> authority, Machine machine) {
        Resolver resolver =
                config.map(it -> LookUps.resolver(it.dns(), machine))
                        .orElseGet(() -> LookUps.usual(machine));
        DnsTransport transport = new SocketTransport(machine.time(), machine.threads());
        Authorities all = new Authorities(resolver, transport, machine.time(), machine.random());
        Resolver published =
                authority
                        .map(it -> Authorities.at(it, transport, machine.time(), machine.random()))
                        .orElse(all);
        Sockets sockets = Sockets.start(machine.time(), machine.threads(), machine.random());
        TcpDialer dialer =
                new TcpDialer(machine.time(), machine.threads(), sockets, new ClientTls());
        return new DnsViews(
                sockets,
                new DnsCheck.World(
                        resolver,
                        published,
                        dialer,
                        machine.time(),
                        authority.isPresent() ? Optional.empty() : Optional.of(all)));
    }

    /** Changes the zones of a server. */
    public static UpdateClient updates(InetSocketAddress server, Machine machine) {
        return new UpdateClient(
                server,
                new SocketTransport(machine.time(), machine.threads()),
                machine.time(),
                machine.random());
    }

    /** Both. */
    public DnsCheck.World world() {
        return world;
    }

    /** The lists that the configuration names. */
    public static List<BlockList> lists(Optional<Config> config) throws IOException {
        return config.isPresent() ? CheckSettings.lists(config.get()) : List.of();
    }

    @Override
    public void close() {
        sockets.close();
    }
}
