package mansio.state.route;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.codec.text.AddressLiteral;
import mansio.codec.text.Domain;
import mansio.codec.text.Host;
import mansio.codec.text.SyntaxException;

import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/** Where a relay takes mail. */
public sealed interface Endpoint {
    /**
     * A host and a port. A name is looked up as a host, never for MX records.
     *
     * @param port 1 to 65535
     */
    record Tcp(Host host, int port) implements Endpoint {
        private static final int MAX_PORT = 65_535;

        public Tcp {
            if (port < 1 || port > MAX_PORT) throw new IllegalArgumentException("port " + port);
        }

        /** The host as a name or an address without brackets. */
        public String hostText() {
            return switch (host) {
                case Domain domain -> domain.text();
                case AddressLiteral(InetAddress address) -> address.getHostAddress();
            };
        }

        @Override
        public String toString() {
            String shown = hostText();
            return (shown.indexOf(':') >= 0 ? "[" + shown + "]" : shown) + ":" + port;
        }
    }

    /**
     * A socket of this machine.
     *
     * @param path absolute, at most {@value #MAX_BYTES} bytes
     */
    record Unix(Path path) implements Endpoint {
        /** What fits the address of a socket, with a byte to end it (Linux, the BSDs less). */
        static final int MAX_BYTES = 103;

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /**
     * Reads {@code host}, {@code host:port}, {@code 192.0.2.1:port}, {@code [2001:db8::1]:port} or
     * {@code /path/to/socket}; empty for anything else.
     */
    static Optional<Endpoint> parse(String text, int usualPort) {
        return text.startsWith("/")
                ? socket(text).map(it -> it)
                : tcp(text, usualPort).map(it -> it);
    }

    private static Optional<Unix> socket(String text) {
        boolean clean = text.chars().noneMatch(c -> c < ' ' || c == 0x7f);
        if (!clean || text.getBytes(UTF_8).length > Unix.MAX_BYTES) return Optional.empty();
        try {
            Path path = Path.of(text).normalize();
            return path.getFileName() == null ? Optional.empty() : Optional.of(new Unix(path));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<Tcp> tcp(String text, int usualPort) {
        int colon = text.lastIndexOf(':');
        boolean hasPort = colon > text.lastIndexOf(']');
        Optional<Host> host = host(hasPort ? text.substring(0, colon) : text);
        int port = hasPort ? port(text.substring(colon + 1)) : usualPort;
        return port < 1 || port > Tcp.MAX_PORT
                ? Optional.empty()
                : host.map(it -> new Tcp(it, port));
    }

    private static int port(String digits) {
        boolean good =
                !digits.isEmpty()
                        && digits.length() <= 5
                        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return good ? Integer.parseInt(digits) : 0;
    }

    private static Optional<Host> host(String text) {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String inner = bracketed ? text.substring(1, text.length() - 1) : text;
        boolean six = inner.indexOf(':') >= 0;
        if (six != bracketed || inner.indexOf('%') >= 0) return Optional.empty();
        if (six || looksLikeIpv4(inner)) return literal(inner).map(it -> it);
        return Domain.tryParse(inner).filter(Domain::isHostname).map(it -> it);
    }

    /** An IP address without brackets; empty for anything else. */
    static Optional<AddressLiteral> literal(String text) {
        String tag = text.indexOf(':') >= 0 ? "IPv6:" : "";
        try {
            return Optional.of(AddressLiteral.parse("[" + tag + text + "]"));
        } catch (SyntaxException e) {
            return Optional.empty();
        }
    }

    /** A name whose last label is a number is no name. */
    private static boolean looksLikeIpv4(String text) {
        String last = text.substring(text.lastIndexOf('.') + 1);
        return !last.isEmpty() && last.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
