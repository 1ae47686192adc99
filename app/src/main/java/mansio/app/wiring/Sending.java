package mansio.app.wiring;

import mansio.app.wiring.ServerFacts.Door;
import mansio.app.wiring.ServerFacts.Outgoing;
import mansio.net.listen.ListenAt;
import mansio.net.smtpclient.AddressRules;
import mansio.net.smtpclient.HostFinder;
import mansio.net.smtpclient.Ourselves;
import mansio.net.smtpclient.SessionOpening;
import mansio.serve.outbound.Outbound;
import mansio.serve.outbound.OutboundSettings;
import mansio.state.queue.Homecoming;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;

/** Makes the carrier. */
final class Sending {
    private Sending() {}

    static Outbound carrier(
            Outbound.Kept kept, Homecoming ours, State.Opening opening, Machine machine)
            throws SocketException {
        ServerFacts facts = opening.facts();
        Internet internet = opening.internet().orElseThrow();
        Outgoing outgoing = facts.outgoing();
        HostFinder finder =
                new HostFinder(
                        new HostFinder.Around(
                                internet.resolver(), machine.time(), machine.random()),
                        new HostFinder.Rules(
                                new AddressRules(outgoing.allowed()),
                                ourselves(facts),
                                outgoing.families(),
                                outgoing.port()));
        SessionOpening sessions =
                new SessionOpening(
                        new SessionOpening.Around(
                                internet.dialer(),
                                machine.time(),
                                machine.random(),
                                internet.certificates()));
        return new Outbound(
                kept,
                new Outbound.World(finder, sessions, ours),
                machine.time(),
                OutboundSettings.of(
                        facts.hostname().text(),
                        outgoing.withoutRoute(),
                        outgoing.queue().schedule()));
    }

    /**
     * Our name, and the addresses that mail for us comes in at: those of this machine when a door
     * is open at all of them. Loopback addresses are nobody's in the world.
     */
    private static Ourselves ourselves(ServerFacts facts) throws SocketException {
        Set<InetAddress> addresses =
                facts.doors().stream()
                        .map(Door::at)
                        .filter(ListenAt.Tcp.class::isInstance)
                        .map(at -> ((ListenAt.Tcp) at).address())
                        .map(InetSocketAddress::getAddress)
                        .collect(Collectors.toCollection(HashSet::new));
        if (addresses.stream().anyMatch(InetAddress::isAnyLocalAddress)) {
            NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .forEach(addresses::add);
        }
        addresses.removeIf(it -> it.isAnyLocalAddress() || it.isLoopbackAddress());
        return new Ourselves(Set.of(facts.hostname().text()), addresses);
    }
}
