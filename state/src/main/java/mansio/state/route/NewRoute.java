package mansio.state.route;

import mansio.state.route.RemoteRoute.Retry;

import java.util.Optional;

/**
 * A route as an administrator asks for it, not looked at yet.
 *
 * @param target as {@link RouteTarget#text()}, or {@code template:NAME} of {@link RouteTemplate}
 * @param tls empty for what suits the target
 * @param source an address of ours
 */
public record NewRoute(
        String pattern,
        String target,
        Optional<LogIn> logIn,
        Optional<String> tls,
        Optional<String> fallback,
        Optional<String> source,
        Optional<String> ehlo,
        Retry retry) {
    /**
     * How to log in.
     *
     * @param user empty for the one that a template has
     */
    public record LogIn(Optional<String> user, String password) {
        @Override
        public String toString() {
            return user.orElse("") + " (secret)";
        }
    }

    /** A route with nothing special. */
    public static NewRoute of(String pattern, String target) {
        return new NewRoute(
                pattern,
                target,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Retry.USUAL);
    }
}
