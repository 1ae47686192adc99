package mansio.state.route;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** All routes at one moment, by name. Immutable. */
final class RouteTable {
    private final Map<String, RemoteRoute> byName;

    RouteTable(Collection<RemoteRoute> routes) {
        byName = new TreeMap<>();
        routes.forEach(route -> byName.put(route.name(), route));
    }

    List<RemoteRoute> all() {
        return List.copyOf(byName.values());
    }

    Optional<RemoteRoute> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The most special route; the order is that of {@link RoutePattern}. */
    Optional<RemoteRoute> find(Optional<Address> reversePath, Address destination) {
        if (byName.isEmpty()) return Optional.empty();
        return reversePath
                .flatMap(this::ofSender)
                .or(() -> destination.domain().flatMap(this::ofDomain))
                .or(() -> of(new RoutePattern.All()));
    }

    private Optional<RemoteRoute> ofSender(Address sender) {
        return of(new RoutePattern.Sender(sender))
                .or(() -> sender.domain().flatMap(it -> of(new RoutePattern.SenderDomain(it))));
    }

    private Optional<RemoteRoute> ofDomain(Domain domain) {
        Optional<RemoteRoute> found = of(new RoutePattern.Exact(domain));
        Optional<Domain> above = domain.parent();
        while (found.isEmpty() && above.isPresent()) {
            found = of(new RoutePattern.Below(above.get()));
            above = above.get().parent();
        }
        return found;
    }

    private Optional<RemoteRoute> of(RoutePattern pattern) {
        return named(pattern.text());
    }
}
