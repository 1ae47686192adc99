package mansio.net.smtpclient;

import java.util.List;

/** What a session asks of TLS before a message may travel in it. */
public sealed interface TlsPolicy {
    /** No TLS, even where it is offered. */
    record None() implements TlsPolicy {}

    /**
     * TLS with anybody where it is offered (RFC 7435). When the handshake fails, a new connection
     * in clear: whoever can break the handshake could also have taken the offer away.
     */
    record May() implements TlsPolicy {}

    /** TLS with anybody, or no session. */
    record Encrypt() implements TlsPolicy {}

    /**
     * TLS with a server whose certificate leads to a trusted root and is for one of the names, or
     * no session.
     *
     * @param names empty stands for the name of the host
     */
    record Verify(List<String> names) implements TlsPolicy {
        public Verify {
            names = List.copyOf(names);
        }
    }

    /** Whether a session in clear is out of the question. */
    default boolean required() {
        return switch (this) {
            case None _, May _ -> false;
            case Encrypt _, Verify _ -> true;
        };
    }
}
