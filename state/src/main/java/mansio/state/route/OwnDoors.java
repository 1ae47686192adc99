package mansio.state.route;

import mansio.codec.text.AddressLiteral;
import mansio.codec.text.Domain;
import mansio.state.store.Partition;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where this server itself takes mail: a route must not lead there.
 *
 * @param hostname our name
 * @param doors addresses and sockets that we listen at
 * @param known false when nobody can say where
 */
public record OwnDoors(Domain hostname, List<SocketAddress> doors, boolean known) {
    private static final Domain LOCALHOST = new Domain("localhost");

    /** Of a data folder that no server was ever started with. */
    private static final OwnDoors UNKNOWN = new OwnDoors(LOCALHOST, List.of(), false);

    /** These, and no others. */
    public OwnDoors(Domain hostname, List<SocketAddress> doors) {
        this(hostname, doors, true);
    }

    /** Those of the server that ran last, for a command that knows no configuration. */
    public static OwnDoors last(Partition directory) throws IOException {
        return directory.get(RouteRows.DOORS).map(RouteRows::doors).orElse(UNKNOWN);
    }

    /** Keeps them for {@link #last}; on a full disk too, where a server must start all the same. */
    public void remember(Partition directory) throws IOException {
        byte[] value = RouteRows.encode(this);
        if (directory.get(RouteRows.DOORS).filter(it -> Arrays.equals(it, value)).isPresent()) {
            return;
        }
        directory.writeFreeing(
                turn -> {
                    turn.put(RouteRows.DOORS, value);
                    return true;
                });
    }

    public OwnDoors {
        doors = List.copyOf(doors);
    }

    /** True when a connection to this place would reach ourselves. */
    public boolean lead(Endpoint to) {
        return switch (to) {
            case Endpoint.Tcp tcp -> lead(tcp);
            case Endpoint.Unix(Path path) -> doors.contains(UnixDomainSocketAddress.of(path));
        };
    }

    private boolean lead(Endpoint.Tcp to) {
        return switch (to.host()) {
            case Domain name ->
                    (name.equals(hostname) && anyAt(to.port()))
                            || (name.equals(LOCALHOST)
                                    && lead(InetAddress.getLoopbackAddress(), to.port()));
            case AddressLiteral(InetAddress address) -> lead(address, to.port());
        };
    }

    private boolean anyAt(int port) {
        return internet().anyMatch(door -> door.getPort() == port);
    }

    private Stream<InetSocketAddress> internet() {
        return doors.stream()
                .filter(InetSocketAddress.class::isInstance)
                .map(InetSocketAddress.class::cast);
    }

    private boolean lead(InetAddress address, int port) {
        return internet()
                .filter(door -> door.getPort() == port)
                .map(InetSocketAddress::getAddress)
                .anyMatch(
                        ours ->
                                ours.equals(address)
                                        || address.isAnyLocalAddress()
                                        || (ours.isAnyLocalAddress()
                                                && address.isLoopbackAddress()));
    }
}
