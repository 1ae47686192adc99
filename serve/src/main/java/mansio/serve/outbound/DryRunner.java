package mansio.serve.outbound;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.dns.Security;
import mansio.net.smtpclient.MailHost;
import mansio.net.smtpclient.Opening;
import mansio.net.smtpclient.SessionOpening;
import mansio.net.smtpclient.SessionSettings;
import mansio.net.smtpclient.SmtpSession;
import mansio.net.smtpclient.Sources;
import mansio.net.smtpclient.Timeouts;
import mansio.net.smtpclient.TlsPolicy;
import mansio.serve.outbound.DryRun.Aim;
import mansio.serve.outbound.DryRun.End;
import mansio.serve.outbound.DryRun.Stage;
import mansio.state.queue.Carrier.Lane;
import mansio.state.queue.Carrier.Way;
import mansio.state.queue.Fate;
import mansio.state.queue.Passage;
import mansio.state.queue.Passage.Dispatch;
import mansio.state.queue.Passage.Note;
import mansio.state.queue.Passage.Result;
import mansio.state.route.RemoteRoute;
import mansio.state.route.RouteTarget;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Hands one message over as a worker of the queue would, but to a receiver of this machine. Used
 * once, by one thread.
 */
final class DryRunner {
    /** How long the hosts are looked up. */
    static final Duration LOOK_UP = Duration.ofSeconds(4);

    /** Of nobody, ever: only routes for all are for them. */
    static final Address ANYBODY = Address.of("anybody", Domain.parse("receiver.invalid"));

    private static final String NO_ROUTE =
            "this server sends nothing without a route: mansio route add PATTERN TARGET";

    /** Each step, and all content; the receiver is beside us, and ends the session earlier. */
    private static final Duration STEP = Duration.ofSeconds(12);

    private static final int SHOWN_HOSTS = 3;

    private final WayFinder ways;
    private final SessionOpening opening;
    private final Prober.Settings settings;
    private final Passages passages;
    private final List<String> notes = new ArrayList<>();

    /** Makes a passage of a session. */
    @FunctionalInterface
    interface Passages {
        Passage of(SmtpSession session, RoutedSite site);
    }

    DryRunner(WayFinder ways, SessionOpening opening, Prober.Settings settings, Passages passages) {
        this.ways = ways;
        this.opening = opening;
        this.settings = settings;
        this.passages = passages;
    }

    DryRun run(Dispatch dispatch, Stage stage) throws IOException {
        Lane lane = dispatch.lane();
        Optional<RoutedSite> blind = ways.blind(lane);
        boolean anyHost =
                stage.aim() == Aim.ANYBODY && blind.filter(it -> it.relay().isEmpty()).isPresent();
        if (anyHost) return handOver(dispatch, blind.orElseThrow(), stage);
        return switch (ways.way(lane, notes::add)) {
            case Way.To(RoutedSite site, var _) -> handOver(dispatch, site, stage);
            case Way.To(var site, var _) -> throw new IllegalStateException(site.name());
            case Way.Home _ -> stays("its domain is one of this server");
            case Way.Hold(String reason) ->
                    stays("it is held: " + (lane.route().isEmpty() ? NO_ROUTE : reason));
            case Way.Discard(String reason) -> stays("it is thrown away by " + reason);
            case Way.Fail(var failure) -> stays("it comes back: " + failure.line());
            case Way.Later(var failure) -> {
                notes.add("which host takes it cannot be told now: " + failure.line());
                if (blind.isEmpty()) throw new IOException(failure.line());
                yield handOver(dispatch, blind.get(), stage);
            }
        };
    }

    private DryRun stays(String why) {
        return new DryRun(
                "nowhere",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                notes,
                new End.Stays(why));
    }

    private DryRun handOver(Dispatch dispatch, RoutedSite site, Stage stage) throws IOException {
        Optional<RouteTarget.Relay> relay = site.relay();
        if (relay.filter(it -> it.protocol() == RouteTarget.Protocol.LMTP).isPresent()) {
            return stays("it goes to " + relay.get().text() + ", which is no way into the world");
        }
        SessionSettings usual = settings.of(site);
        InetSocketAddress receiver = stage.receiver().open(usual.begin());
        MailHost standIn =
                new MailHost(
                        site.hosts().isEmpty() ? "receiver" : site.hosts().getFirst().name(),
                        0,
                        List.of(receiver),
                        MailHost.Naming.GIVEN,
                        Security.UNCHECKED);
        return switch (opening.open(List.of(standIn), staged(usual))) {
            case Opening.Opened(SmtpSession session, var _) -> {
                notes.addAll(session.facts().notes());
                try (Passage passage = passages.of(session, site)) {
                    Result result = passage.send(dispatch, _ -> {}).getFirst();
                    yield came(site, stage.aim(), passage.note(), end(result));
                }
            }
            case Opening.Closed(var failure, var _) ->
                    came(site, stage.aim(), Optional.empty(), new End.Failed(failure.toString()));
        };
    }

    private static End end(Result result) {
        return switch (result) {
            case Result.Ended(Fate.Delivered taken) -> new End.Taken(taken.reply());
            case Result.Ended(Fate other) -> new End.Failed(other.line());
            case Result.Deferred(var failure) -> new End.Failed(failure.line());
            case Result.GoesOn(var _, String why) -> new End.Stays(why);
        };
    }

    private DryRun came(RoutedSite site, Aim aim, Optional<Note> note, End end) {
        return new DryRun(
                words(site, aim),
                site.relay().map(it -> relay(site, it)),
                site.route().flatMap(it -> it.settings().source()),
                note.map(it -> it.outcome() + ": " + it.reason()),
                notes,
                end);
    }

    private static String words(RoutedSite site, Aim aim) {
        String by = site.route().map(RemoteRoute::name).map(it -> " (route " + it + ")").orElse("");
        if (site.relay().isPresent()) return "by the relay host " + site.relay().get().text() + by;
        if (aim == Aim.ANYBODY) return "directly to the hosts of the recipient" + by;
        if (site.hosts().isEmpty()) return "directly to hosts that are not known now" + by;
        String more = site.hosts().size() > SHOWN_HOSTS ? ", ..." : "";
        return site.hosts().stream()
                        .map(MailHost::name)
                        .limit(SHOWN_HOSTS)
                        .collect(Collectors.joining(", ", "directly to ", more))
                + by;
    }

    private static DryRun.Relay relay(RoutedSite site, RouteTarget.Relay relay) {
        Optional<InetAddress> address =
                site.hosts().stream()
                        .flatMap(it -> it.peers().stream())
                        .filter(InetSocketAddress.class::isInstance)
                        .map(it -> ((InetSocketAddress) it).getAddress())
                        .findFirst();
        String name = site.hosts().isEmpty() ? relay.text() : site.hosts().getFirst().name();
        return new DryRun.Relay(name, address);
    }

    /**
     * The settings of the way, for a receiver on loopback: no address of ours is bound, no password
     * is sent, and a certificate that has to be good is not looked at, for it is not the host's.
     */
    private SessionSettings staged(SessionSettings usual) {
        TlsPolicy tls = usual.tls();
        if (tls instanceof TlsPolicy.Verify) {
            tls = new TlsPolicy.Encrypt();
            notes.add("the certificate of its host is not looked at; mansio route test does");
        }
        return new SessionSettings(
                usual.protocol(),
                usual.begin(),
                tls,
                Sources.named(usual.sources().v4().ehloName()),
                Optional.empty(),
                Set.of(),
                usual.ignored(),
                usual.reuse(),
                new Timeouts(STEP, STEP, STEP, STEP, STEP, STEP, STEP, STEP, STEP));
    }
}
