package mansio.net.smtpclient;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Optional;

/** From where we call, and how we introduce ourselves there: a pair for each family. */
public record Sources(Source v4, Source v6) {
    public Sources {
        if (v4.address().filter(it -> !(it instanceof Inet4Address)).isPresent()
                || v6.address().filter(it -> !(it instanceof Inet6Address)).isPresent()) {
            throw new IllegalArgumentException("a source address of the wrong family");
        }
    }

    /**
     * One address of ours.
     *
     * @param address empty leaves it to the system
     * @param ehloName a name that leads to this address and back: what receivers check
     */
    public record Source(Optional<InetAddress> address, String ehloName) {}

    /** From wherever the system likes, under one name. */
    public static Sources named(String ehloName) {
        Source source = new Source(Optional.empty(), ehloName);
        return new Sources(source, source);
    }

    /** For a socket of this machine it is the name alone. */
    Source towards(SocketAddress peer) {
        return switch (peer) {
            case InetSocketAddress it when it.getAddress() instanceof Inet6Address -> v6;
            case InetSocketAddress _ -> v4;
            default -> new Source(Optional.empty(), v4.ehloName());
        };
    }
}
