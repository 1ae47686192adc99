package mansio.state.route;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where a route leads. */
public sealed interface RouteTarget {
    /** What is spoken. The code is stored. */
    enum Protocol {
        /** SMTP, with STARTTLS where it is offered. */
        SMTP(1, 25),
        /** SMTP under TLS from the first byte. */
        SMTPS(2, 465),
        /** LMTP (RFC 2033): an answer for each recipient. */
        LMTP(3, 24);

        private final int code;
        private final int usualPort;

        Protocol(int code, int usualPort) {
            this.code = code;
            this.usualPort = usualPort;
        }

        int code() {
            return code;
        }

        int usualPort() {
            return usualPort;
        }

        static Protocol of(int code) {
            for (Protocol protocol : values()) if (protocol.code == code) return protocol;
            throw new IllegalStateException("protocol " + code);
        }

        String prefix() {
            return name().toLowerCase(Locale.ROOT) + "://";
        }
    }

    /**
     * A name and its password.
     *
     * @param sealed the password as {@link Routes#password} opens it
     */
    record LogIn(String user, byte[] sealed) {
        @Override
        public String toString() {
            return user;
        }
    }

    /**
     * To these hosts and no others, tried in their order.
     *
     * @param hosts at least one; a socket, for LMTP, stands alone
     */
    record Relay(Protocol protocol, List<Endpoint> hosts, TlsMode tls, Optional<LogIn> logIn)
            implements RouteTarget {
        public Relay {
            hosts = List.copyOf(hosts);
            if (hosts.isEmpty()) throw new IllegalArgumentException("no host");
        }

        @Override
        public String text() {
            if (hosts.getFirst() instanceof Endpoint.Unix socket) return "lmtp:" + socket;
            return protocol.prefix()
                    + hosts.stream().map(Endpoint::toString).collect(Collectors.joining(","));
        }
    }

    /**
     * To the hosts that the DNS names for the recipient's domain.
     *
     * @param fallback takes over for a day where a site refuses us by its policy
     */
    record Direct(TlsMode tls, Optional<Relay> fallback) implements RouteTarget {
        /** What holds where no route says otherwise. */
        public static final Direct USUAL = new Direct(TlsMode.MAY, Optional.empty());

        @Override
        public String text() {
            return "direct";
        }
    }

    /** Thrown away, and nobody is told. */
    record Discard() implements RouteTarget {
        @Override
        public String text() {
            return "discard";
        }
    }

    /** Kept in the queue until the route is changed or a person says otherwise. */
    record Hold() implements RouteTarget {
        @Override
        public String text() {
            return "hold";
        }
    }

    /** As {@code route add} takes it; without log-in, TLS and fallback. */
    String text();

    /** Where a log-in is sent to: itself or its fallback. */
    default Optional<Relay> relay() {
        return switch (this) {
            case Relay relay -> Optional.of(relay);
            case Direct(TlsMode _, Optional<Relay> fallback) -> fallback;
            case Discard(), Hold() -> Optional.empty();
        };
    }
}
