package mansio.serve.outbound;

import mansio.net.smtpclient.MailHost;
import mansio.net.smtpclient.Opening;
import mansio.net.smtpclient.SessionOpening;
import mansio.net.smtpclient.SessionSettings;
import mansio.net.smtpclient.SessionTls;
import mansio.net.smtpclient.SmtpSession;
import mansio.net.smtpclient.Timeouts;
import mansio.state.queue.Carrier.Lane;
import mansio.state.queue.Carrier.Way;
import mansio.state.route.RouteTarget.LogIn;
import mansio.state.route.RouteTarget.Relay;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tries one lane: as a worker of the queue would, but ends before MAIL and remembers nothing. */
final class Prober {
    /** Somebody waits for the answer. */
    private static final Duration STEP = Duration.ofSeconds(15);

    private static final Duration LONG_STEP = Duration.ofSeconds(30);

    private final WayFinder ways;
    private final SessionOpening opening;
    private final List<String> notes = new ArrayList<>();

    Prober(WayFinder ways, SessionOpening opening) {
        this.ways = ways;
        this.opening = opening;
    }

    /** Makes the settings of a session. */
    @FunctionalInterface
    interface Settings {
        SessionSettings of(RoutedSite site) throws IOException;
    }

    Trial probe(Lane lane, Settings settings) throws IOException {
        return switch (ways.way(lane, notes::add)) {
            case Way.To(RoutedSite site, var _) -> probe(lane, site, settings.of(site));
            case Way.To(var site, var _) -> throw new IllegalStateException(site.name());
            case Way.Hold(String reason) -> no(lane, "mail is held: " + reason);
            case Way.Discard(String reason) -> no(lane, "mail is thrown away: " + reason);
            case Way.Fail(var failure) -> no(lane, "mail is returned: " + failure.line());
            case Way.Later(var failure) -> no(lane, "mail waits: " + failure.line());
        };
    }

    private Trial no(Lane lane, String outcome) {
        return new Trial(
                lane.toString(), outcome, false, notes, List.of(), List.of(), Optional.empty());
    }

    private Trial probe(Lane lane, RoutedSite site, SessionSettings settings) {
        List<Trial.Host> hosts = site.hosts().stream().map(Prober::host).toList();
        return switch (opening.open(site.hosts(), hurried(settings))) {
            case Opening.Opened(SmtpSession session, var failures) -> {
                notes.addAll(session.facts().notes());
                session.close();
                String host = Words.host(session);
                yield new Trial(
                        lane.toString(),
                        host + " takes mail from us",
                        true,
                        notes,
                        hosts,
                        failures.stream().map(Object::toString).toList(),
                        Optional.of(
                                new Trial.Session(
                                        host,
                                        session.facts().tls().map(SessionTls::toString),
                                        site.relay().flatMap(Relay::logIn).map(LogIn::user),
                                        session.transcript())));
            }
            case Opening.Closed(var failure, var failures) ->
                    new Trial(
                            lane.toString(),
                            failure.toString(),
                            false,
                            notes,
                            hosts,
                            failures.stream().map(Object::toString).toList(),
                            Optional.empty());
        };
    }

    private static String shown(SocketAddress peer) {
        return peer instanceof InetSocketAddress internet
                ? internet.getAddress().getHostAddress()
                : "socket";
    }

    private static int port(MailHost host) {
        return host.peers().getFirst() instanceof InetSocketAddress internet
                ? internet.getPort()
                : 0;
    }

    private static Trial.Host host(MailHost host) {
        return new Trial.Host(
                host.name(),
                host.preference(),
                port(host),
                host.peers().stream().map(Prober::shown).toList(),
                host.security().name().toLowerCase(Locale.ROOT));
    }

    private static SessionSettings hurried(SessionSettings settings) {
        Timeouts hurried =
                new Timeouts(
                        STEP,
                        STEP,
                        LONG_STEP,
                        STEP,
                        STEP,
                        STEP,
                        LONG_STEP,
                        LONG_STEP,
                        Duration.ofSeconds(5));
        return new SessionSettings(
                settings.protocol(),
                settings.begin(),
                settings.tls(),
                settings.sources(),
                settings.credentials(),
                settings.needed(),
                settings.ignored(),
                settings.reuse(),
                hurried);
    }
}
