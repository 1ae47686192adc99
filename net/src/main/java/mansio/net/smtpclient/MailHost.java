package mansio.net.smtpclient;

import mansio.net.dns.Security;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.List;

/**
 * A host that takes mail for a destination.
 *
 * @param name its name, the text of its address for an address literal, or the path of a socket
 * @param preference of its MX record; 0 where there is none
 * @param peers where it is reached, in the order to try, at least one: addresses with their port,
 *     or a socket of this machine
 * @param security how far the DNS vouches for name and addresses
 */
public record MailHost(
        String name, int preference, List<SocketAddress> peers, Naming naming, Security security) {
    /** Who says that the mail is this host's. */
    public enum Naming {
        /** An MX record: whoever can forge it chooses the name that a certificate is for. */
        MX,
        /** The address or the configuration itself has it. */
        GIVEN
    }

    public MailHost {
        peers = List.copyOf(peers);
        if (peers.isEmpty()) {
            throw new IllegalArgumentException(name + " without address");
        }
    }

    /** Where a host with these addresses is reached. */
    public static List<SocketAddress> peers(List<InetAddress> addresses, int port) {
        return addresses.stream()
                .<SocketAddress>map(it -> new InetSocketAddress(it, port))
                .toList();
    }

    /** A server of this machine behind a socket. */
    public static MailHost behind(Path socket) {
        return new MailHost(
                socket.toString(),
                0,
                List.of(UnixDomainSocketAddress.of(socket)),
                Naming.GIVEN,
                Security.UNCHECKED);
    }

    /**
     * Whether the name is the right one for the destination: given, or signed. RFC 8689 section
     * 4.2.1 asks for it before a certificate for that name proves anything.
     */
    public boolean vouchedFor() {
        return naming == Naming.GIVEN || security == Security.SECURE;
    }

    /** {@code name[192.0.2.1]}, {@code [192.0.2.1]}, or a path. */
    static String shown(String name, SocketAddress peer) {
        if (!(peer instanceof InetSocketAddress internet)) return name;
        String address = internet.getAddress().getHostAddress();
        return name.equals(address) ? "[" + address + "]" : name + "[" + address + "]";
    }
}
