package mansio.net.dial;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/**
 * Whom to call.
 *
 * @param address a resolved address: names are looked up before, by whoever knows what for; or a
 *     socket of this machine
 * @param host the name meant by it, without final dot: sent as SNI, and what the certificate must
 *     be for when {@code trust} says so; an address literal is never sent as SNI
 * @param trust what a TLS handshake on this connection asks of the peer's certificate
 * @param source the address of ours to call from, of the same family; empty leaves it to the system
 */
public record Target(
        SocketAddress address, String host, Trust trust, Optional<InetAddress> source) {
    /** What makes a peer's certificate good enough. */
    public enum Trust {
        /** A chain to a root that the system trusts, for {@link Target#host} (RFC 9525). */
        VERIFIED,
        /** Any: protects from listening, not from a peer who is somebody else (RFC 7435). */
        ANY
    }

    /** From whatever address of ours the system takes. */
    public Target(SocketAddress address, String host, Trust trust) {
        this(address, host, trust, Optional.empty());
    }

    public Target {
        if (address instanceof InetSocketAddress internet && internet.isUnresolved()) {
            throw new IllegalArgumentException("not an address: " + address);
        }
    }
}
