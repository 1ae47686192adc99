package mansio.testkit.remote;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import mansio.codec.smtp.MailParameters.Dsn;
import mansio.codec.smtp.RcptParameters;
import mansio.codec.text.Address;
import mansio.net.dns.Security;
import mansio.net.smtpclient.Failure;
import mansio.net.smtpclient.MailHost;
import mansio.net.smtpclient.Opening;
import mansio.net.smtpclient.OutgoingMessage;
import mansio.net.smtpclient.OutgoingMessage.Content;
import mansio.net.smtpclient.OutgoingMessage.Opener;
import mansio.net.smtpclient.OutgoingMessage.Reading;
import mansio.net.smtpclient.OutgoingMessage.Recipient;
import mansio.net.smtpclient.Problem;
import mansio.net.smtpclient.SendResult;
import mansio.net.smtpclient.SessionOpening;
import mansio.net.smtpclient.SessionSettings;
import mansio.net.smtpclient.SmtpSession;
import mansio.net.smtpclient.Sources;
import mansio.net.smtpclient.Verdict;
import mansio.net.tls.CertificateCheck;
import mansio.testkit.sim.FakeNetwork;
import mansio.testkit.sim.Faults;
import mansio.testkit.sim.Simulation;

import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A simulated network with scripted servers in it, and messages for them. */
final class World {
    static final SessionSettings PLAIN = SessionSettings.usual(Sources.named("our.test"));
    private static final CertificateCheck CERTIFICATES = CertificateCheck.of(List.of());

    final Simulation simulation;
    private final FakeNetwork network;

    World(Simulation simulation) {
        this(simulation, Faults.NONE);
    }

    World(Simulation simulation, Faults faults) {
        this.simulation = simulation;
        this.network = new FakeNetwork(simulation, faults);
    }

    ScriptedServer serve(String address, String script) {
        ScriptedServer server = ScriptedServer.playing(script, simulation.time());
        network.serve(
                new InetSocketAddress(InetAddress.ofLiteral(address), 25),
                simulation.node("server " + address),
                server);
        return server;
    }

    static SessionSettings lmtp() {
        return settings(SessionSettings.Protocol.LMTP, PLAIN.reuse());
    }

    static SessionSettings reused(int maxMessages, Duration maxAge) {
        return settings(PLAIN.protocol(), new SessionSettings.Reuse(maxMessages, maxAge));
    }

    private static SessionSettings settings(
            SessionSettings.Protocol protocol, SessionSettings.Reuse reuse) {
        return new SessionSettings(
                protocol,
                PLAIN.begin(),
                PLAIN.tls(),
                PLAIN.sources(),
                PLAIN.credentials(),
                PLAIN.needed(),
                PLAIN.ignored(),
                reuse,
                PLAIN.timeouts());
    }

    Opening open(SessionSettings settings, MailHost... hosts) {
        SessionOpening opening =
                new SessionOpening(
                        new SessionOpening.Around(
                                network, simulation.time(), simulation.random(), CERTIFICATES));
        return opening.open(List.of(hosts), settings);
    }

    SmtpSession session(SessionSettings settings) {
        return switch (open(settings, host("mx.test", "192.0.2.1"))) {
            case Opening.Opened(SmtpSession session, List<Failure> _) -> session;
            case Opening.Closed(Failure failure, List<Failure> _) ->
                    throw new AssertionError(failure.toString());
        };
    }

    static MailHost host(String name, String... addresses) {
        List<InetAddress> list = new ArrayList<>();
        for (String address : addresses) {
            list.add(InetAddress.ofLiteral(address));
        }
        return host(name, list, 25, Security.UNCHECKED);
    }

    /** As an MX record has it. */
    static MailHost host(String name, List<InetAddress> addresses, int port, Security security) {
        return new MailHost(
                name, 10, MailHost.peers(addresses, port), MailHost.Naming.MX, security);
    }

    static Opener opener(String text) {
        return () -> {
            ByteArrayInputStream bytes = new ByteArrayInputStream(text.getBytes(ISO_8859_1));
            return new Reading() {
                @Override
                public int read(byte[] to, int offset, int length) {
                    return bytes.read(to, offset, length);
                }

                @Override
                public void close() {}
            };
        };
    }

    static Content content(String text) {
        return new Content(text.length(), false, false, opener(text), Optional.empty());
    }

    static OutgoingMessage message(Content content, String... recipients) {
        List<Recipient> list = new ArrayList<>();
        for (String recipient : recipients) {
            list.add(new Recipient(Address.parse(recipient), RcptParameters.NONE));
        }
        return new OutgoingMessage(
                Optional.of(Address.parse("from@our.test")), list, content, Dsn.NONE, false);
    }

    /** Verdicts in order, or "all" and one for all, and what became of the session. */
    static String line(SendResult result) {
        List<String> lines = result.verdicts().stream().map(World::line).toList();
        boolean same = lines.size() > 1 && lines.stream().distinct().count() == 1;
        return (same ? "all " + lines.getFirst() : String.join(", ", lines))
                + " -> "
                + result.end();
    }

    private static String line(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Delivered(var reply) -> "delivered " + reply.code();
            case Verdict.Deferred(Problem problem, boolean onlyTooMany) ->
                    "deferred " + line(problem) + (onlyTooMany ? " too many" : "");
            case Verdict.Refused(Problem problem) -> "refused " + line(problem);
            case Verdict.Unknown(Problem problem) -> "unknown " + line(problem);
        };
    }

    static String line(Problem problem) {
        return problem.stage()
                + " "
                + problem.status()
                + problem.reply().map(it -> " " + it.code()).orElse("");
    }
}
