package mansio.serve.admin;

import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.route.RoutePattern;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code route remove}. */
public record RemoveRoute(String pattern) implements Operation<RemoveRoute.Removed> {
    /** It is gone. */
    public record Removed(String pattern) implements Answer {
        @Override
        public List<String> lines() {
            return List.of("The route for " + pattern + " is removed.");
        }
    }

    @Override
    public Outcome<Removed> run(Rooms rooms) throws IOException {
        Optional<RoutePattern> parsed = RoutePattern.parse(pattern);
        if (parsed.isEmpty()) {
            return Outcome.refused(Problem.INVALID, "'" + pattern + "' is no pattern");
        }
        return rooms.ways().routes().remove(parsed.get()).map(route -> new Removed(route.name()));
    }
}
