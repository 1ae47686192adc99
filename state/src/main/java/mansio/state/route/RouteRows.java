package mansio.state.route;

import mansio.codec.text.Domain;
import mansio.state.route.RemoteRoute.Retry;
import mansio.state.route.RemoteRoute.Settings;
import mansio.state.route.RouteTarget.LogIn;
import mansio.state.route.RouteTarget.Protocol;
import mansio.state.store.Key;
import mansio.state.store.ValueReader;
import mansio.state.store.ValueWriter;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keys and values of routes in the directory partition. Each value begins with a format number.
 *
 * <pre>
 * 33 pattern    -> RemoteRoute
 * 34 hash       -> Detours.Detour
 * 36 pattern    -> LogInTroubles: when somebody was told
 * 37            -> OwnDoors of the server that ran last
 * </pre>
 */
final class RouteRows {
    static final Key ROUTES = Key.table(33);
    static final Key DETOURS = Key.table(34);
    static final Key TROUBLES = Key.table(36);
    static final Key DOORS = Key.table(37);

    private static final int FORMAT = 1;
    private static final int RELAY = 1;
    private static final int DIRECT = 2;
    private static final int DISCARD = 3;
    private static final int HOLD = 4;

    private RouteRows() {}

    static Key key(RoutePattern pattern) {
        return ROUTES.text(pattern.text());
    }

    static byte[] encode(RemoteRoute route) {
        ValueWriter out = new ValueWriter().u8(FORMAT).text(route.pattern().text());
        switch (route.target()) {
            case RouteTarget.Relay relay -> write(out.u8(RELAY), relay);
            case RouteTarget.Direct(TlsMode tls, Optional<RouteTarget.Relay> fallback) -> {
                out.u8(DIRECT).u8(tls.code()).flag(fallback.isPresent());
                fallback.ifPresent(relay -> write(out, relay));
            }
            case RouteTarget.Discard() -> out.u8(DISCARD);
            case RouteTarget.Hold() -> out.u8(HOLD);
        }
        Settings settings = route.settings();
        out.optionalText(settings.source().map(InetAddress::getHostAddress));
        out.optionalText(settings.ehlo().map(Domain::text));
        write(out, settings.retry().first());
        write(out, settings.retry().longest());
        write(out, settings.retry().giveUpAfter());
        return out.instant(route.created()).toBytes();
    }

    static byte[] encode(OwnDoors ours) {
        ValueWriter out = new ValueWriter().u8(FORMAT).text(ours.hostname().text());
        out.varint(ours.doors().size());
        for (SocketAddress door : ours.doors()) {
            switch (door) {
                case UnixDomainSocketAddress socket -> out.text(socket.getPath().toString());
                case InetSocketAddress internet ->
                        out.text(internet.getAddress().getHostAddress()).varint(internet.getPort());
                default -> throw new IllegalArgumentException(door.toString());
            }
        }
        return out.toBytes();
    }

    static OwnDoors doors(byte[] value) {
        ValueReader in = new ValueReader(value);
        int format = in.u8();
        if (format != FORMAT) throw new IllegalStateException("doors of format " + format);
        Domain hostname = new Domain(in.text());
        List<SocketAddress> doors = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            String at = in.text();
            doors.add(
                    at.startsWith("/")
                            ? UnixDomainSocketAddress.of(at)
                            : new InetSocketAddress(InetAddress.ofLiteral(at), (int) in.varint()));
        }
        return new OwnDoors(hostname, doors);
    }

    private static void write(ValueWriter out, RouteTarget.Relay relay) {
        out.u8(relay.protocol().code()).u8(relay.tls().code()).varint(relay.hosts().size());
        relay.hosts().forEach(host -> out.text(host.toString()));
        out.flag(relay.logIn().isPresent());
        relay.logIn().ifPresent(it -> out.text(it.user()).bytes(it.sealed()));
    }

    private static void write(ValueWriter out, Optional<Duration> duration) {
        out.varint(duration.map(Duration::toSeconds).orElse(0L));
    }

    static RemoteRoute route(byte[] value) {
        ValueReader in = new ValueReader(value);
        int format = in.u8();
        if (format != FORMAT) throw new IllegalStateException("route of format " + format);
        return new RemoteRoute(
                RoutePattern.parse(in.text()).orElseThrow(),
                readTarget(in),
                new Settings(
                        in.optionalText().map(InetAddress::ofLiteral),
                        in.optionalText().map(Domain::new),
                        new Retry(readDuration(in), readDuration(in), readDuration(in))),
                in.instant());
    }

    private static RouteTarget readTarget(ValueReader in) {
        int kind = in.u8();
        return switch (kind) {
            case RELAY -> readRelay(in);
            case DIRECT ->
                    new RouteTarget.Direct(
                            TlsMode.of(in.u8()),
                            in.flag() ? Optional.of(readRelay(in)) : Optional.empty());
            case DISCARD -> new RouteTarget.Discard();
            case HOLD -> new RouteTarget.Hold();
            default -> throw new IllegalStateException("kind of route " + kind);
        };
    }

    private static RouteTarget.Relay readRelay(ValueReader in) {
        Protocol protocol = Protocol.of(in.u8());
        TlsMode tls = TlsMode.of(in.u8());
        List<Endpoint> hosts = new ArrayList<>();
        for (int left = in.count(); left > 0; left--) {
            hosts.add(Endpoint.parse(in.text(), protocol.usualPort()).orElseThrow());
        }
        Optional<LogIn> logIn =
                in.flag() ? Optional.of(new LogIn(in.text(), in.bytes())) : Optional.empty();
        return new RouteTarget.Relay(protocol, hosts, tls, logIn);
    }

    private static Optional<Duration> readDuration(ValueReader in) {
        long seconds = in.varint();
        return seconds == 0 ? Optional.empty() : Optional.of(Duration.ofSeconds(seconds));
    }
}
