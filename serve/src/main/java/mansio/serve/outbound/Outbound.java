package mansio.serve.outbound;

import mansio.codec.message.HeaderRewriter.Side;
import mansio.codec.sasl.Credentials;
import mansio.codec.text.Address;
import mansio.net.smtpclient.HostFinder;
import mansio.net.smtpclient.Problem;
import mansio.net.smtpclient.SessionOpening;
import mansio.net.smtpclient.SessionSettings;
import mansio.net.smtpclient.SessionSettings.Protocol;
import mansio.net.smtpclient.SmtpClient.Begin;
import mansio.net.smtpclient.SmtpSession;
import mansio.net.smtpclient.Sources;
import mansio.net.smtpclient.TlsPolicy;
import mansio.net.time.Time;
import mansio.net.time.Work;
import mansio.state.dkimkey.DkimKeys;
import mansio.state.queue.Action;
import mansio.state.queue.Carrier;
import mansio.state.queue.Failure;
import mansio.state.queue.Homecoming;
import mansio.state.queue.Passage;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.Recipient;
import mansio.state.rewrite.RewriteKind;
import mansio.state.rewrite.Rewrites;
import mansio.state.route.Detours;
import mansio.state.route.RemoteRoute;
import mansio.state.route.RouteTarget.Direct;
import mansio.state.route.RouteTarget.LogIn;
import mansio.state.route.RouteTarget.Relay;
import mansio.state.route.Routes;
import mansio.state.store.Blobs;
import mansio.trust.dkim.Crypto;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The carrier of a server that sends. Safe for use by any thread. */
public final class Outbound implements Carrier {
    private static final Logger log = LoggerFactory.getLogger(Outbound.class);

    private final Kept kept;
    private final SessionOpening opening;
    private final Homecoming ours;
    private final Time time;
    private final OutboundSettings settings;
    private final WayFinder ways;
    private final WayFinder hurriedWays;
    private final OutgoingRewrite rewrite;
    private final OutgoingSigner signer;
    private final OutgoingSealer sealer;
    private volatile OnRefusedLogIn onRefusedLogIn = (_, _) -> {};

    /** Is told of a relay host that refuses our log-in: each time, by the thread that tried. */
    @FunctionalInterface
    public interface OnRefusedLogIn {
        void refused(RemoteRoute route, Failure failure);
    }

    /** What is kept. */
    public record Kept(
            Routes routes, Detours detours, Rewrites rewrites, Signing signing, Blobs blobs) {}

    /**
     * With what it signs.
     *
     * @param work where signatures are computed
     */
    public record Signing(DkimKeys keys, Crypto crypto, Work work) {}

    /**
     * The world outside, and where it ends.
     *
     * @param ours takes in what waits to leave for a domain that became ours
     */
    public record World(HostFinder finder, SessionOpening opening, Homecoming ours) {}

    public Outbound(Kept kept, World world, Time time, OutboundSettings settings) {
        this.kept = kept;
        this.opening = world.opening();
        this.ours = world.ours();
        this.time = time;
        this.settings = settings;
        this.rewrite = new OutgoingRewrite(kept.rewrites(), kept.blobs());
        this.signer =
                new OutgoingSigner(new OutgoingSigner.Means(kept.signing(), kept.blobs(), time));
        this.sealer =
                new OutgoingSealer(new OutgoingSigner.Means(kept.signing(), kept.blobs(), time));
        this.ways = ways(world.finder());
        this.hurriedWays = ways(world.finder().within(DryRunner.LOOK_UP));
    }

    private WayFinder ways(HostFinder finder) {
        return new WayFinder(
                new WayFinder.Sources(kept.routes(), kept.detours(), finder, ours),
                time,
                new WayFinder.Habits(settings.withoutRoute(), settings.usual()));
    }

    /** Said once, before mail is sent: whoever is told needs a queue, which needs a carrier. */
    public void onRefusedLogIn(OnRefusedLogIn listener) {
        onRefusedLogIn = listener;
    }

    /** The reverse-path that goes out for a recipient. */
    static Optional<Address> reversePath(QueueEntry entry, Recipient recipient) {
        return recipient.action() instanceof Action.Forward forward
                ? forward.reversePath()
                : entry.envelope().reversePath();
    }

    @Override
    public Lane lane(QueueEntry entry, Recipient recipient) {
        return lane(reversePath(entry, recipient), recipient.destination());
    }

    /**
     * The lane of mail from one address to another.
     *
     * @param reversePath empty for the null one
     */
    public Lane lane(Optional<Address> reversePath, Address destination) {
        String domain = destination.host().text();
        Lane direct = new Lane("", domain);
        if (destination.domain().filter(ways::isOurs).isPresent()) return direct;
        return kept.routes()
                .find(reversePath, destination)
                .map(
                        route ->
                                new Lane(
                                        route.name(),
                                        route.target() instanceof Direct ? domain : ""))
                .orElse(direct);
    }

    /**
     * Goes the way of a lane up to MAIL, sends nothing, and remembers nothing. Takes some minutes
     * at most.
     *
     * @param asked an envelope to go on with, to RCPT and no further; the generic rules change its
     *     sender as they would change an own message's
     * @throws IOException with a sentence: the password of its route cannot be had
     */
    public Trial probe(Lane lane, Optional<Trial.Asked> asked) throws IOException {
        Optional<Trial.Asked> leaving = Optional.empty();
        if (asked.isPresent()) leaving = Optional.of(leaving(asked.get()));
        return new Prober(ways, opening).probe(lane, leaving, this::session);
    }

    private Trial.Asked leaving(Trial.Asked asked) throws IOException {
        Optional<Address> sender = asked.reversePath();
        if (sender.isPresent()) {
            sender =
                    kept.rewrites()
                            .map(RewriteKind.GENERIC, sender.get(), Side.SENDER)
                            .or(asked::reversePath);
        }
        return new Trial.Asked(sender, asked.forwardPath());
    }

    @Override
    public Way way(Lane lane) {
        return ways.way(lane, note -> log.atDebug().addKeyValue("lane", lane).log(note));
    }

    @Override
    public boolean leadsHome(Lane lane) {
        return ways.leadsHome(lane);
    }

    @Override
    public Opening open(Site site, Lane lane) throws IOException {
        RoutedSite routed = (RoutedSite) site;
        return switch (opening.open(routed.hosts(), session(routed))) {
            case mansio.net.smtpclient.Opening.Opened(var session, var failures) -> {
                failures.forEach(
                        it -> log.atDebug().addKeyValue("site", routed.name()).log("{}", it));
                yield new Opening.Opened(
                        passage(session, routed, (it, problem) -> around(it, words(problem))));
            }
            case mansio.net.smtpclient.Opening.Closed(var failure, var _) ->
                    closed(routed, failure);
        };
    }

    private SmtpPassage passage(
            SmtpSession session, RoutedSite site, SmtpPassage.OnRefusal onRefusal) {
        return new SmtpPassage(
                session,
                site,
                new SmtpPassage.Means(kept.blobs(), rewrite, signer, sealer, time, onRefusal));
    }

    /**
     * Goes the way of a message's first recipient as a worker of the queue would, with all that is
     * done to a message as it leaves, but into another receiver: nothing reaches the hosts of the
     * way, no password is sent, and nothing is remembered. Takes as long as the receiver lives, and
     * the look-up of the hosts before.
     *
     * @param entry not in the queue; its content can be read
     * @throws IOException with a sentence: the way, or the message, cannot be had now
     */
    public DryRun dryRun(QueueEntry entry, DryRun.Stage stage) throws IOException {
        DryRunner runner =
                new DryRunner(
                        hurriedWays,
                        opening,
                        this::session,
                        (session, site) -> passage(session, site, (_, _) -> false));
        Recipient first = entry.recipients().getFirst();
        Lane lane =
                switch (stage.aim()) {
                    case RECIPIENT -> lane(entry, first);
                    case ANYBODY -> lane(reversePath(entry, first), DryRunner.ANYBODY);
                };
        return runner.run(new Passage.Dispatch(entry, lane, List.of(0)), stage);
    }

    private Opening closed(RoutedSite site, mansio.net.smtpclient.Failure failure)
            throws IOException {
        Failure words = Words.failure(failure, time.now());
        if (failure.kind() == mansio.net.smtpclient.Failure.Kind.LOGIN) {
            log.atWarn()
                    .addKeyValue("site", site.name())
                    .addKeyValue("reason", words.line())
                    .log("a relay host refuses our log-in: its mail is held");
            site.route().ifPresent(route -> onRefusedLogIn.refused(route, words));
            return new Opening.Hold(words);
        }
        if (Policy.refusesUs(failure) && around(site, words(failure.problem()))) {
            Relay fallback = fallback(site).orElseThrow();
            Way other = ways.relayed(site.route().orElseThrow(), fallback, _ -> {});
            // The site is that of the direct way for this one connection; the next look at the
            // lane finds the detour.
            return switch (other) {
                case Way.To(Site relay, Terms _) -> open(relay, new Lane("", ""));
                case Way.Later(Failure later) -> new Opening.NotNow(later);
                case Way.Home _, Way.Hold _, Way.Discard _, Way.Fail _ -> new Opening.NotNow(words);
            };
        }
        return new Opening.NotNow(words);
    }

    private static String words(Problem problem) {
        return problem.reply().map(Words::reply).orElse(problem.sentence());
    }

    private static Optional<Relay> fallback(RoutedSite site) {
        return site.relay().isPresent()
                ? Optional.empty()
                : site.route()
                        .map(RemoteRoute::target)
                        .filter(Direct.class::isInstance)
                        .flatMap(it -> ((Direct) it).fallback());
    }

    /** Sends the mail of a site by its fallback from now on; false when it has none. */
    private boolean around(RoutedSite site, String reason) {
        if (fallback(site).isEmpty()) return false;
        try {
            kept.detours().begin(site.name(), reason);
            log.atWarn()
                    .addKeyValue("site", site.name())
                    .addKeyValue("reason", reason)
                    .log("refused by policy: by the fallback for a day");
            return true;
        } catch (IOException e) {
            log.atWarn().addKeyValue("site", site.name()).log("cannot note a detour now");
            return false;
        }
    }

    SessionSettings session(RoutedSite site) throws IOException {
        Optional<Relay> relay = site.relay();
        RemoteRoute.Settings own =
                site.route().map(RemoteRoute::settings).orElse(RemoteRoute.Settings.USUAL);
        String ehlo = own.ehlo().map(it -> it.text()).orElse(settings.hostname());
        Sources.Source named = new Sources.Source(Optional.empty(), ehlo);
        Sources.Source from = new Sources.Source(own.source(), ehlo);
        boolean four = own.source().filter(java.net.Inet4Address.class::isInstance).isPresent();
        boolean six = own.source().isPresent() && !four;
        return new SessionSettings(
                relay.filter(it -> it.protocol() == mansio.state.route.RouteTarget.Protocol.LMTP)
                        .map(_ -> Protocol.LMTP)
                        .orElse(Protocol.SMTP),
                relay.filter(it -> it.protocol() == mansio.state.route.RouteTarget.Protocol.SMTPS)
                        .map(_ -> Begin.IMPLICIT_TLS)
                        .orElse(Begin.PLAIN),
                switch (site.tls()) {
                    case NONE -> new TlsPolicy.None();
                    case MAY -> new TlsPolicy.May();
                    case ENCRYPT -> new TlsPolicy.Encrypt();
                    case VERIFY -> new TlsPolicy.Verify(List.of());
                },
                new Sources(four ? from : named, six ? from : named),
                credentials(site),
                Set.of(),
                Set.of(),
                settings.reuse(),
                settings.timeouts());
    }

    private Optional<Credentials> credentials(RoutedSite site) throws IOException {
        Optional<LogIn> logIn = site.relay().flatMap(Relay::logIn);
        if (logIn.isEmpty()) return Optional.empty();
        byte[] password = kept.routes().password(site.route().orElseThrow());
        try {
            return Optional.of(
                    new Credentials(
                            Optional.empty(),
                            logIn.get().user(),
                            new String(password, StandardCharsets.UTF_8)));
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }
}
