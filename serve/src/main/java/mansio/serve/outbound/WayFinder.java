package mansio.serve.outbound;

import mansio.codec.text.AddressLiteral;
import mansio.codec.text.Domain;
import mansio.codec.text.Host;
import mansio.net.smtpclient.Destination;
import mansio.net.smtpclient.HostFinder;
import mansio.net.smtpclient.Hosts;
import mansio.net.smtpclient.MailHost;
import mansio.net.time.Time;
import mansio.serve.outbound.OutboundSettings.WithoutRoute;
import mansio.state.queue.Carrier.Lane;
import mansio.state.queue.Carrier.Schedule;
import mansio.state.queue.Carrier.Terms;
import mansio.state.queue.Carrier.Way;
import mansio.state.queue.Failure;
import mansio.state.queue.Failure.Stage;
import mansio.state.queue.Homecoming;
import mansio.state.route.Detours;
import mansio.state.route.Endpoint;
import mansio.state.route.RemoteRoute;
import mansio.state.route.RemoteRoute.Retry;
import mansio.state.route.RouteTarget;
import mansio.state.route.RouteTarget.Direct;
import mansio.state.route.RouteTarget.Relay;
import mansio.state.route.Routes;
import mansio.state.route.TlsMode;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;

/** From a lane to its hosts: routes first, then the DNS. Safe for use by any thread. */
final class WayFinder {
    private final Routes routes;
    private final Detours detours;
    private final HostFinder finder;
    private final Homecoming ours;
    private final Time time;
    private final Habits habits;

    /**
     * What it keeps to.
     *
     * @param usual the schedule of mail without one of its own
     */
    record Habits(WithoutRoute withoutRoute, Schedule usual) {}

    /** Where it looks. */
    record Sources(Routes routes, Detours detours, HostFinder finder, Homecoming ours) {}

    WayFinder(Sources sources, Time time, Habits habits) {
        this.routes = sources.routes();
        this.detours = sources.detours();
        this.finder = sources.finder();
        this.ours = sources.ours();
        this.time = time;
        this.habits = habits;
    }

    /**
     * Where a lane leads.
     *
     * @param notes is told oddities, a line each
     */
    Way way(Lane lane, Consumer<String> notes) {
        try {
            if (isHome(lane)) return new Way.Home(ours);
        } catch (IOException e) {
            // To look for the domain's hosts would end at ourselves, and in a refusal for good.
            return later(
                    "4.3.0",
                    "whether " + lane.domain() + " is ours cannot be told: " + e.getMessage());
        }
        if (lane.route().isEmpty()) return withoutRoute(lane, notes);
        Optional<RemoteRoute> route = routes.named(lane.route());
        if (route.isEmpty()) return later("4.3.5", "the route " + lane.route() + " is gone");
        return switch (route.get().target()) {
            case RouteTarget.Hold() -> new Way.Hold("by the route " + lane.route());
            case RouteTarget.Discard() -> new Way.Discard("the route " + lane.route());
            case Relay relay -> relayed(route.get(), relay, notes);
            case Direct direct -> direct(lane, route, direct, notes);
        };
    }

    /** True for a lane to a domain of ours, as far as that is known; {@link #way} decides. */
    boolean leadsHome(Lane lane) {
        return lane.route().isEmpty()
                && Domain.tryParse(lane.domain()).filter(this::isOurs).isPresent();
    }

    /** In doubt false. */
    boolean isOurs(Domain domain) {
        try {
            return ours.isOurs(domain);
        } catch (IOException e) {
            return false;
        }
    }

    /** No route leads to a domain of ours. */
    private boolean isHome(Lane lane) throws IOException {
        if (!lane.route().isEmpty()) return false;
        Optional<Domain> domain = Domain.tryParse(lane.domain());
        return domain.isPresent() && ours.isOurs(domain.get());
    }

    /**
     * The site of a lane as far as it is known without the DNS: no hosts. Empty where nothing
     * leaves.
     */
    Optional<RoutedSite> blind(Lane lane) {
        if (lane.route().isEmpty()) {
            return habits.withoutRoute() == WithoutRoute.DIRECT
                    ? Optional.of(
                            blind(lane, Optional.empty(), Optional.empty(), Direct.USUAL.tls()))
                    : Optional.empty();
        }
        Optional<RemoteRoute> route = routes.named(lane.route());
        if (route.isEmpty()) return Optional.empty();
        return switch (route.get().target()) {
            case RouteTarget.Hold(), RouteTarget.Discard() -> Optional.empty();
            case Relay relay -> Optional.of(blind(lane, route, Optional.of(relay), relay.tls()));
            case Direct direct -> Optional.of(blind(lane, route, Optional.empty(), direct.tls()));
        };
    }

    private static RoutedSite blind(
            Lane lane, Optional<RemoteRoute> route, Optional<Relay> relay, TlsMode tls) {
        return new RoutedSite(lane.toString(), List.of(), route, relay, tls);
    }

    private Way withoutRoute(Lane lane, Consumer<String> notes) {
        return switch (habits.withoutRoute()) {
            case HOLD ->
                    new Way.Hold(
                            "this server sends nothing without a route: mansio route add "
                                    + lane.domain()
                                    + " TARGET");
            case DIRECT -> direct(lane, Optional.empty(), Direct.USUAL, notes);
        };
    }

    private Way direct(
            Lane lane, Optional<RemoteRoute> route, Direct direct, Consumer<String> notes) {
        Optional<Host> host = host(lane.domain());
        if (host.isEmpty()) return later("4.3.5", lane.domain() + " is no domain");
        return switch (finder.find(new Destination.Mail(host.get()))) {
            case Hosts.Never(String status, String sentence) ->
                    new Way.Fail(Failure.here(Stage.ROUTE, status, sentence, time.now()));
            case Hosts.Later(String status, String sentence) -> later(status, sentence);
            case Hosts.Found found -> {
                found.notes().forEach(notes);
                String name = siteName(route, found.siteKey());
                Optional<Detours.Detour> detour =
                        direct.fallback().flatMap(_ -> detours.around(name));
                if (detour.isPresent()) {
                    notes.accept(name + " has refused us: " + detour.get().reason());
                    yield relayed(route.orElseThrow(), direct.fallback().orElseThrow(), notes);
                }
                yield new Way.To(
                        new RoutedSite(name, found.hosts(), route, Optional.empty(), direct.tls()),
                        terms(route));
            }
        };
    }

    private static String siteName(Optional<RemoteRoute> route, String siteKey) {
        return siteKey + route.map(it -> " by " + it.name()).orElse("");
    }

    /** The relay's hosts, those of the first endpoint first. */
    Way relayed(RemoteRoute route, Relay relay, Consumer<String> notes) {
        List<MailHost> hosts = new ArrayList<>();
        Optional<Way> failed = Optional.empty();
        for (Endpoint endpoint : relay.hosts()) {
            Hosts found =
                    switch (endpoint) {
                        case Endpoint.Tcp(Host host, int port) ->
                                finder.find(new Destination.Relay(host, port));
                        case Endpoint.Unix(Path path) ->
                                new Hosts.Found(
                                        List.of(MailHost.behind(path)), path.toString(), List.of());
                    };
            switch (found) {
                case Hosts.Found it -> hosts.addAll(it.hosts());
                case Hosts.Never(String _, String sentence) -> failed = later(notes, sentence);
                case Hosts.Later(String _, String sentence) -> failed = later(notes, sentence);
            }
        }
        if (hosts.isEmpty()) return failed.orElseThrow();
        String name = siteName(Optional.of(route), relay.text());
        return new Way.To(
                new RoutedSite(name, hosts, Optional.of(route), Optional.of(relay), relay.tls()),
                terms(Optional.of(route)));
    }

    /** A mistake in a route never returns mail. */
    private Optional<Way> later(Consumer<String> notes, String sentence) {
        notes.accept(sentence);
        return Optional.of(later("4.4.4", sentence));
    }

    private Way later(String status, String sentence) {
        return new Way.Later(Failure.here(Stage.ROUTE, status, sentence, time.now()));
    }

    private static Optional<Host> host(String text) {
        if (!text.startsWith("[")) return Domain.tryParse(text).map(it -> it);
        try {
            return Optional.of(AddressLiteral.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Terms terms(Optional<RemoteRoute> route) {
        Retry retry = route.map(it -> it.settings().retry()).orElse(Retry.USUAL);
        if (retry.equals(Retry.USUAL)) return Terms.USUAL;
        var first = retry.first().orElse(habits.usual().first());
        var longest = retry.longest().orElse(habits.usual().max());
        return new Terms(
                Optional.of(
                        new Schedule(
                                first,
                                longest.compareTo(first) < 0 ? first : longest,
                                retry.giveUpAfter().orElse(habits.usual().lifetime()))),
                OptionalInt.empty());
    }
}
