package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.state.route.RemoteRoute;
import mansio.state.route.RouteTarget;
import mansio.state.route.RouteTarget.Direct;
import mansio.state.route.RouteTarget.LogIn;
import mansio.state.route.RouteTarget.Relay;
import mansio.state.route.TlsMode;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A route as administrators see it: all but its password.
 *
 * @param user whom it logs in as
 * @param fallback where the mail of a site goes that refuses us
 */
public record RouteFacts(
        String pattern,
        String target,
        Optional<String> tls,
        Optional<String> user,
        Optional<String> fallback,
        Optional<String> source,
        Optional<String> ehlo,
        Optional<Duration> firstRetry,
        Optional<Duration> longestRetry,
        Optional<Duration> giveUpAfter) {

    static RouteFacts of(RemoteRoute route) {
        RouteTarget target = route.target();
        RemoteRoute.Settings settings = route.settings();
        return new RouteFacts(
                route.name(),
                target.text(),
                tls(target).map(TlsMode::text),
                target.relay().flatMap(Relay::logIn).map(LogIn::user),
                target instanceof Direct direct
                        ? direct.fallback().map(Relay::text)
                        : Optional.empty(),
                settings.source().map(InetAddress::getHostAddress),
                settings.ehlo().map(Domain::text),
                settings.retry().first(),
                settings.retry().longest(),
                settings.retry().giveUpAfter());
    }

    private static Optional<TlsMode> tls(RouteTarget target) {
        return switch (target) {
            case Relay relay -> Optional.of(relay.tls());
            case Direct direct -> Optional.of(direct.tls());
            case RouteTarget.Discard(), RouteTarget.Hold() -> Optional.empty();
        };
    }

    /** One line. */
    String line() {
        List<String> more = new ArrayList<>();
        tls.ifPresent(it -> more.add("TLS " + it));
        fallback.ifPresent(it -> more.add("where refused: " + it));
        user.ifPresent(it -> more.add("user " + it));
        source.ifPresent(it -> more.add("from " + it));
        ehlo.ifPresent(it -> more.add("EHLO " + it));
        firstRetry.ifPresent(it -> more.add("tried again after " + Times.words(it)));
        longestRetry.ifPresent(it -> more.add("then every " + Times.words(it)));
        giveUpAfter.ifPresent(it -> more.add("given up after " + Times.words(it)));
        String details = more.isEmpty() ? "" : " (" + String.join(", ", more) + ")";
        return pattern + " -> " + target + details;
    }
}
