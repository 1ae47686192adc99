package mansio.net.listen;

import mansio.net.tls.ServerTls;

import java.util.Optional;

/**
 * What a listener is.
 *
 * @param name of the protocol, for threads and logs, such as {@code smtp}
 * @param tls how its connections come to TLS
 */
public record Listening(String name, ListenAt at, Tls tls, Limits limits) {
    /** How connections come to TLS. */
    public sealed interface Tls {
        /** Never: there is no certificate. */
        record None() implements Tls {}

        /** When the protocol asks for it by STARTTLS. */
        record Offered(ServerTls keys) implements Tls {}

        /** Before the first byte of the protocol (RFC 8314 section 3). */
        record Implicit(ServerTls keys) implements Tls {}
    }

    /**
     * Bounds.
     *
     * @param connections how many are served at once
     * @param backlog how many the system keeps waiting to be accepted
     * @param busyLine what one too many is told before it is closed, such as {@code 421 4.3.2 Too
     *     many connections\r\n}; empty to say nothing
     */
    public record Limits(int connections, int backlog, String busyLine) {
        /** Enough for thousands of clients who keep an IDLE open. */
        public static final int USUAL_CONNECTIONS = 20_000;

        /** The system lowers it to its own limit. */
        public static final int USUAL_BACKLOG = 1024;

        public Limits {
            if (connections < 1 || backlog < 1) {
                throw new IllegalArgumentException("limits below 1");
            }
        }

        /** The usual bounds. */
        public static Limits usual(String busyLine) {
            return new Limits(USUAL_CONNECTIONS, USUAL_BACKLOG, busyLine);
        }
    }

    Optional<ServerTls> keys() {
        return switch (tls) {
            case Tls.None _ -> Optional.empty();
            case Tls.Offered offered -> Optional.of(offered.keys());
            case Tls.Implicit implicit -> Optional.of(implicit.keys());
        };
    }
}
