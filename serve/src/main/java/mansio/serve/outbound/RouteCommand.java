package mansio.serve.outbound;

import mansio.state.route.RemoteRoute;
import mansio.state.route.RouteTarget;
import mansio.state.route.RouteTarget.Direct;
import mansio.state.route.RouteTarget.LogIn;
import mansio.state.route.RouteTarget.Relay;
import mansio.state.route.TlsMode;

import java.net.InetAddress;
import java.util.Optional;

/** What an administrator types to change a route. */
final class RouteCommand {
    private RouteCommand() {}

    /** Whom a route logs in as. */
    static Optional<String> user(RemoteRoute route) {
        return route.target().relay().flatMap(Relay::logIn).map(LogIn::user);
    }

    /** The command that made the route. */
    static String again(RemoteRoute route) {
        StringBuilder command = new StringBuilder("mansio route add ").append(quoted(route.name()));
        command.append(' ').append(quoted(route.target().text()));
        tls(route.target()).ifPresent(it -> command.append(" --tls ").append(it.text()));
        if (route.target() instanceof Direct(TlsMode _, Optional<Relay> fallback)) {
            fallback.ifPresent(it -> command.append(" --fallback ").append(quoted(it.text())));
        }
        RemoteRoute.Settings settings = route.settings();
        settings.source()
                .map(InetAddress::getHostAddress)
                .ifPresent(it -> command.append(" --source ").append(it));
        settings.ehlo().ifPresent(it -> command.append(" --ehlo ").append(it.text()));
        user(route).ifPresent(it -> command.append(" --user ").append(quoted(it)));
        return command.append(" --replace").toString();
    }

    private static Optional<TlsMode> tls(RouteTarget target) {
        return switch (target) {
            case Relay relay -> Optional.of(relay.tls());
            case Direct(TlsMode tls, Optional<Relay> _) -> Optional.of(tls);
            case RouteTarget.Discard(), RouteTarget.Hold() -> Optional.empty();
        };
    }

    /** For a shell. */
    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
