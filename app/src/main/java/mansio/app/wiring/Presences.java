package mansio.app.wiring;

import mansio.app.wiring.ServerFacts.Door;
import mansio.net.listen.ListenAt;
import mansio.serve.dnshelp.Presence;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What of a server the world is to find in the DNS. */
final class Presences {
    private static final int UNIQUE_LOCAL = 0xfc;
    private static final int UNIQUE_LOCAL_MASK = 0xfe;
    private static final int SHARED_FIRST = 100;
    private static final int SHARED_SECOND = 64;
    private static final int SHARED_MASK = 0xc0;

    private Presences() {}

    static Presence of(ServerFacts facts) {
        List<InetSocketAddress> doors =
                facts.doors().stream()
                        .map(Door::at)
                        .filter(ListenAt.Tcp.class::isInstance)
                        .map(at -> ((ListenAt.Tcp) at).address())
                        .toList();
        Set<InetAddress> addresses = new LinkedHashSet<>();
        doors.forEach(it -> addresses.add(it.getAddress()));
        if (doors.stream().anyMatch(it -> it.getAddress().isAnyLocalAddress())) {
            addresses.addAll(ofInterfaces());
        }
        Map<String, Integer> ports = new TreeMap<>();
        for (Door door : facts.doors()) {
            if (door.at() instanceof ListenAt.Tcp(InetSocketAddress at)) {
                ports.putIfAbsent(door.protocol().name().toLowerCase(Locale.ROOT), at.getPort());
            }
        }
        return new Presence(
                facts.hostname(),
                addresses.stream()
                        .filter(Presences::isPublic)
                        .map(Presences::withoutScope)
                        .distinct()
                        .toList(),
                ports);
    }

    private static List<InetAddress> ofInterfaces() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .toList();
        } catch (SocketException e) {
            return List.of(); // The administrator says them.
        }
    }

    /** That of an interface has it, and nobody else can use it. */
    private static InetAddress withoutScope(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e); // The length is right.
        }
    }

    /** Behind a router that translates addresses, the interfaces have none of these. */
    private static boolean isPublic(InetAddress address) {
        byte[] octets = address.getAddress();
        boolean shared =
                octets.length == 4
                        && octets[0] == SHARED_FIRST
                        && (octets[1] & SHARED_MASK) == SHARED_SECOND;
        boolean uniqueLocal =
                address instanceof Inet6Address && (octets[0] & UNIQUE_LOCAL_MASK) == UNIQUE_LOCAL;
        return !address.isAnyLocalAddress()
                && !address.isLoopbackAddress()
                && !address.isLinkLocalAddress()
                && !address.isSiteLocalAddress()
                && !address.isMulticastAddress()
                && !shared
                && !uniqueLocal;
    }
}
