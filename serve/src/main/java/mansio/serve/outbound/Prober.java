package mansio.serve.outbound;

import mansio.codec.smtp.Reply;
import mansio.net.smtpclient.Failure;
import mansio.net.smtpclient.MailHost;
import mansio.net.smtpclient.Opening;
import mansio.net.smtpclient.SessionOpening;
import mansio.net.smtpclient.SessionSettings;
import mansio.net.smtpclient.SessionTls;
import mansio.net.smtpclient.SmtpSession;
import mansio.net.smtpclient.Stage;
import mansio.net.smtpclient.Timeouts;
import mansio.state.queue.Carrier.Lane;
import mansio.state.queue.Carrier.Way;
import mansio.state.route.RouteTarget.LogIn;
import mansio.state.route.RouteTarget.Relay;
import mansio.state.route.TlsMode;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Tries one lane: as a worker of the queue would, but ends before DATA and remembers nothing. */
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

    Trial probe(Lane lane, Optional<Trial.Asked> asked, Settings settings) throws IOException {
        return switch (ways.way(lane, notes::add)) {
            case Way.To(RoutedSite site, var _) ->
                    probe(new Course(lane, site, asked), settings.of(site));
            case Way.To(var site, var _) -> throw new IllegalStateException(site.name());
            case Way.Home _ ->
                    new Trial(
                            lane.toString(),
                            lane.domain() + " is a domain of this server: its mail stays here",
                            true,
                            notes,
                            List.of(),
                            List.of(),
                            List.of(),
                            Optional.empty());
            case Way.Hold(String reason) -> no(lane, "mail is held: " + reason);
            case Way.Discard(String reason) -> no(lane, "mail is thrown away: " + reason);
            case Way.Fail(var failure) -> no(lane, "mail is returned: " + failure.line());
            case Way.Later(var failure) -> no(lane, "mail waits: " + failure.line());
        };
    }

    private Trial no(Lane lane, String outcome) {
        return new Trial(
                lane.toString(),
                outcome,
                false,
                notes,
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    /** What is tried. */
    private record Course(Lane lane, RoutedSite site, Optional<Trial.Asked> asked) {}

    /** What came of it in a session. */
    private record Outcome(boolean works, String sentence) {}

    private static Outcome ask(SmtpSession session, Optional<Trial.Asked> asked) {
        String host = Words.host(session);
        if (asked.isEmpty()) return new Outcome(true, host + " takes mail from us");
        try {
            Reply reply = session.ask(asked.get().reversePath(), asked.get().forwardPath());
            return reply.isPositive()
                    ? new Outcome(true, host + " would take this message as far as its envelope")
                    : new Outcome(false, host + " refuses: " + Words.reply(reply));
        } catch (IOException e) {
            return new Outcome(false, "the connection to " + host + " broke: " + e.getMessage());
        }
    }

    private static List<Trial.Tried> tried(List<Failure> failures) {
        return failures.stream()
                .map(it -> new Trial.Tried(it.where(), it.toString(), it.dialogue()))
                .toList();
    }

    private Trial probe(Course course, SessionSettings settings) {
        Lane lane = course.lane();
        RoutedSite site = course.site();
        List<Trial.Host> hosts = site.hosts().stream().map(Prober::host).toList();
        return switch (opening.open(site.hosts(), hurried(settings))) {
            case Opening.Opened(SmtpSession session, var failures) -> {
                notes.addAll(session.facts().notes());
                Outcome outcome = ask(session, course.asked());
                session.close();
                String host = Words.host(session);
                yield new Trial(
                        lane.toString(),
                        outcome.sentence(),
                        outcome.works(),
                        notes,
                        hosts,
                        failures.stream().map(Object::toString).toList(),
                        tried(failures),
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
                            tried(failures),
                            Optional.empty(),
                            help(site, failure));
        };
    }

    /** What cures it, where the route is to blame. */
    private static Optional<String> help(RoutedSite site, Failure failure) {
        if (site.route().isEmpty()) return Optional.empty();
        String again = RouteCommand.again(site.route().get());
        if (failure.kind() == Failure.Kind.LOGIN && failure.problem().reply().isPresent()) {
            return Optional.of("This asks for the password anew: " + again);
        }
        boolean secured = failure.problem().stage() == Stage.TLS;
        return secured && site.tls() == TlsMode.VERIFY
                ? Optional.of(
                        "TARGET may name the host as its certificate does; or the route says --tls"
                                + " encrypt, which takes any certificate: "
                                + again.replace("--tls verify", "--tls encrypt"))
                : Optional.empty();
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
