package mansio.app.main;

import mansio.net.dns.Upstreams;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/** Reads {@code HOST[:PORT]}, with an IPv6 address in brackets when a port follows. */
final class ServerAt {
    private ServerAt() {}

    /**
     * A host and its port.
     *
     * @param port 0 when none is said
     */
    record Place(String host, int port) {}

    static Place place(String text) throws IOException {
        int bracket = text.startsWith("[") ? text.indexOf(']') : -1;
        int colon = text.indexOf(':', Math.max(0, bracket));
        boolean bare = bracket < 0 && colon >= 0 && text.indexOf(':', colon + 1) >= 0;
        String host =
                bracket > 0
                        ? text.substring(1, bracket)
                        : text.substring(0, colon < 0 || bare ? text.length() : colon);
        int port = 0;
        if (colon >= 0 && !bare) {
            try {
                port = Integer.parseInt(text.substring(colon + 1));
            } catch (NumberFormatException e) {
                throw new IOException("'" + text + "' is not HOST:PORT", e);
            }
            if (port < 1 || port > 0xffff) throw new IOException("'" + text + "' has no such port");
        }
        if (host.isEmpty()) throw new IOException("'" + text + "' names no host");
        return new Place(host, port);
    }

    /** A name server. */
    static InetSocketAddress nameServer(String text) throws IOException {
        Place place = place(text);
        try {
            return new InetSocketAddress(
                    InetAddress.getByName(place.host()),
                    place.port() == 0 ? Upstreams.PORT : place.port());
        } catch (UnknownHostException e) {
            throw new IOException("there is no host " + place.host(), e);
        }
    }
}
