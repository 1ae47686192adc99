package mansio.state.route;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;

import java.util.Optional;

/**
 * Which mail a route is for. The more special pattern wins: {@link Sender}, {@link SenderDomain},
 * {@link Exact}, {@link Below} with the longest name, {@link All}.
 */
public sealed interface RoutePattern {
    /** The one of all mail, as it is written. */
    String ALL = "*";

    /** In front of what is said of the sender. */
    String SENDER = "sender:";

    /** Mail with this reverse-path. */
    record Sender(Address address) implements RoutePattern {}

    /** Mail with a reverse-path in this domain. */
    record SenderDomain(Domain domain) implements RoutePattern {}

    /** Mail to this domain. */
    record Exact(Domain domain) implements RoutePattern {}

    /** Mail to the domains below this one, itself not included. */
    record Below(Domain domain) implements RoutePattern {}

    /** All mail. */
    record All() implements RoutePattern {}

    /**
     * Reads {@code example.org}, {@code .example.org}, {@code sender:ADDRESS}, {@code
     * sender:DOMAIN} or {@code *}; empty for anything else.
     */
    static Optional<RoutePattern> parse(String text) {
        if (text.equals(ALL)) return Optional.of(new All());
        if (text.startsWith(SENDER)) {
            String sender = text.substring(SENDER.length());
            return sender.indexOf('@') >= 0
                    ? Address.tryParse(sender).map(Sender::new)
                    : Domain.tryParse(sender).map(SenderDomain::new);
        }
        return text.startsWith(".")
                ? Domain.tryParse(text.substring(1)).map(Below::new)
                : Domain.tryParse(text).map(Exact::new);
    }

    /** As {@link #parse} reads it; also the route's name. */
    default String text() {
        return switch (this) {
            case Sender(Address address) -> SENDER + address.toWire();
            case SenderDomain(Domain domain) -> SENDER + domain;
            case Exact(Domain domain) -> domain.text();
            case Below(Domain domain) -> "." + domain;
            case All() -> ALL;
        };
    }
}
