package mansio.serve.admin;

import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.route.NewRoute;
import mansio.state.route.RemoteRoute;
import mansio.state.route.RemoteRoute.Retry;
import mansio.state.route.RoutePattern;
import mansio.state.route.Routes;
import mansio.state.route.Routes.IfThere;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code route add}.
 *
 * @param user empty for nobody, or for the one that a template has
 * @param replace true to take the place of a route that is there
 */
public record AddRoute(
        String pattern,
        String target,
        Optional<String> user,
        Optional<Secret> password,
        Options options,
        boolean replace)
        implements Operation<AddRoute.Added> {
    /** What may be said besides; empty is as usual. */
    public record Options(
            Optional<String> tls,
            Optional<String> fallback,
            Optional<String> source,
            Optional<String> ehlo,
            Optional<Duration> firstRetry,
            Optional<Duration> longestRetry,
            Optional<Duration> giveUpAfter) {}

    /**
     * It holds from now on.
     *
     * @param note what could not be checked, or what is to be done next
     */
    public record Added(RouteFacts route, Optional<String> note) implements Answer {
        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>(List.of(route.line()));
            note.ifPresent(lines::add);
            return lines;
        }
    }

    @Override
    public Outcome<Added> run(Rooms rooms) throws IOException {
        if (RoutePattern.parse(pattern).orElse(null) instanceof RoutePattern.Exact(var domain)
                && rooms.names().directory().isLocal(domain)) {
            return Outcome.refused(
                    Problem.INVALID,
                    domain + " is a domain of this server; its mail is delivered here");
        }
        Routes routes = rooms.ways().routes();
        return routes.add(wish(), replace ? IfThere.REPLACE : IfThere.REFUSE)
                .map(
                        route ->
                                new Added(
                                        RouteFacts.of(route),
                                        note(routes, route).or(() -> waiting(rooms))));
    }

    /** Whoever mends a route wants to see the mail leave. */
    private Optional<String> waiting(Rooms rooms) {
        boolean waits =
                replace
                        && rooms.site().server().isPresent()
                        && rooms.mail().queue().operations().summary(0).waiting() > 0;
        return waits
                ? Optional.of(
                        "What failed before waits for its next attempt; mansio queue retry --all"
                                + " tries it now.")
                : Optional.empty();
    }

    private static Optional<String> note(Routes routes, RemoteRoute route) {
        return routes.knowsOwnDoors() || route.target().relay().isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "Whether it leads to this server itself was not checked: no server has run"
                                + " on this folder yet, and no configuration was named.");
    }

    private NewRoute wish() {
        Optional<NewRoute.LogIn> logIn =
                user.isEmpty() && password.isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new NewRoute.LogIn(user, password.map(Secret::text).orElse("")));
        return new NewRoute(
                pattern,
                target,
                logIn,
                options.tls(),
                options.fallback(),
                options.source(),
                options.ehlo(),
                new Retry(options.firstRetry(), options.longestRetry(), options.giveUpAfter()));
    }
}
