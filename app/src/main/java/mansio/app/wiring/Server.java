package mansio.app.wiring;

import mansio.app.wiring.ServerFacts.Door;
import mansio.net.listen.ConnectionLimits;
import mansio.net.listen.Listener;
import mansio.net.listen.Listening;
import mansio.net.listen.Listening.Tls;
import mansio.net.listen.Service;
import mansio.net.listen.Sockets;
import mansio.net.tls.CertificateWatcher;
import mansio.net.tls.ServerTls;
import mansio.serve.dmarcreports.ReportSender;
import mansio.serve.dropfolder.DropFolder;
import mansio.serve.imapserver.Admission;
import mansio.serve.imapserver.ImapServer;
import mansio.serve.imapserver.ImapSettings;
import mansio.serve.inbound.Inbound;
import mansio.serve.inbound.InboundSettings;
import mansio.serve.inbound.QuotaCheck;
import mansio.serve.inbound.Upkeep;
import mansio.serve.rehearsal.Rehearser;
import mansio.serve.smtpserver.Environment;
import mansio.serve.smtpserver.Flavour;
import mansio.serve.smtpserver.Rooms;
import mansio.serve.smtpserver.SmtpServer;
import mansio.serve.smtpserver.SmtpSettings;
import mansio.serve.smtpserver.SmtpSettings.Access;
import mansio.state.directory.NetworkOrigin;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A running server: the state rooms, the protocols above them, and a listener for each door. Closed
 * once.
 */
public final class Server implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Server.class);
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final Duration CERTIFICATE_CHECK = Duration.ofSeconds(10);
    private static final String SMTP_BUSY = "421 4.3.2 Too many connections, try again later\r\n";
    private static final String IMAP_BUSY =
            "* BYE [LIMIT] Too many connections, try again later\r\n";

    private final ServerFacts facts;
    private final Machine machine;
    private final State state;
    private final Sockets sockets;
    private final CertificateWatcher watcher;
    private final ServerTls tls;
    private final List<Listener> listeners = new ArrayList<>();
    private final List<AutoCloseable> services = new ArrayList<>();
    private final Optional<Rehearser> rehearser;

    /**
     * Begins to serve.
     *
     * @throws IOException with a sentence for the administrator; nothing is left open then, {@code
     *     state} included
     */
    public Server(ServerFacts facts, State state, Machine machine) throws IOException {
        this.facts = facts;
        this.machine = machine;
        FastCrypto.load(machine);
        this.state = state;
        this.tls = new ServerTls(facts.certificates());
        this.sockets = Sockets.start(machine.time(), machine.threads(), machine.random());
        this.watcher =
                CertificateWatcher.start(
                        facts.certificates(), machine.time(), machine.threads(), CERTIFICATE_CHECK);
        try {
            state.directory().returnPaths().taggedTime().begin(facts.forwarding().signsSenders());
            Inbound inbound = inbound();
            rehearser = CheckSettings.rehearser(facts, state, inbound, sockets, machine);
            Optional<DropFolder> drop = dropFolder(inbound);
            state.start(machine.threads());
            drop.ifPresent(it -> it.start(machine.threads()));
            services.add(
                    Upkeep.start(
                            new Upkeep.Kept(
                                    state.store(),
                                    state.directory(),
                                    state.accounts(),
                                    state.queue(),
                                    state.stories()),
                            machine.time(),
                            machine.threads()));
            Optional<ReportSender> reports = CheckSettings.reports(facts, state, machine);
            reports.ifPresent(services::add);
            reports.ifPresent(it -> it.start(machine.threads()));
            openDoors(inbound);
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private Inbound inbound() {
        return new Inbound(
                new Inbound.Places(
                        state.queue(),
                        state.store().blobs(),
                        state.directory(),
                        state.directory().returnPaths(),
                        state.rewrites(),
                        CheckSettings.checks(facts, state, machine),
                        Optional.of(state.reports().observations())
                                .filter(_ -> facts.reporting().send())),
                machine.time(),
                machine.random(),
                new InboundSettings(
                        facts.hostname().text(),
                        facts.limits().maxMessageBytes(),
                        facts.forwarding(),
                        facts.checking().policy(),
                        facts.checking().reflector()));
    }

    private Optional<DropFolder> dropFolder(Inbound inbound) throws IOException {
        if (facts.drop().isEmpty()) return Optional.empty();
        DropFolder folder =
                DropFolder.open(
                        facts.drop().get(),
                        new DropFolder.Places(
                                inbound, state.queue(), state.stories(), state.directory()),
                        SystemUsers::has,
                        machine.time());
        services.add(folder);
        return Optional.of(folder);
    }

    private void openDoors(Inbound inbound) throws IOException {
        QuotaCheck quota =
                QuotaCheck.of(state.directory(), state.accounts(), facts.limits().usualQuota());
        Rooms rooms = new Rooms(state.directory(), state.authenticator(), inbound, quota);
        ConnectionLimits<NetworkOrigin> limits =
                new ConnectionLimits<>(
                        machine.time(),
                        new ConnectionLimits.Bounds(
                                ConnectionLimits.Bounds.UNBOUNDED,
                                facts.limits().maxConnectionsPerNetwork(),
                                facts.limits().maxNewConnectionsPerNetwork()));
        Admission admission =
                Admission.of(
                        machine.time(),
                        facts.limits().imap().connections(),
                        facts.limits().imap().perNetwork(),
                        facts.limits().imap().perAccount());
        for (Door door : facts.doors()) {
            switch (door.protocol()) {
                case SMTP -> open(door, smtp(Flavour.MX, rooms, limits), SMTP_BUSY);
                case SUBMISSION, SUBMISSIONS ->
                        open(door, smtp(Flavour.SUBMISSION, rooms, limits), SMTP_BUSY);
                case LMTP -> open(door, smtp(Flavour.LMTP, rooms, limits), SMTP_BUSY);
                case IMAP, IMAPS -> open(door, imap(admission), IMAP_BUSY);
            }
        }
    }

    private SmtpServer smtp(Flavour flavour, Rooms rooms, ConnectionLimits<NetworkOrigin> limits) {
        Access access =
                new Access(
                        facts.trust().networks(),
                        facts.trust().plainLogin(),
                        facts.trust().senders());
        SmtpSettings settings =
                SmtpSettings.of(flavour, facts.hostname())
                        .with(access)
                        .with(SmtpSettings.Limits.USUAL.with(facts.limits().maxRecipients()));
        Environment environment =
                new Environment(machine.time(), machine.random(), sockets.buffers());
        SmtpServer server = new SmtpServer(settings, rooms, limits, environment);
        services.add(server);
        return server;
    }

    private ImapServer imap(Admission admission) {
        ImapSettings.Limits usual = ImapSettings.Limits.USUAL;
        ImapSettings settings =
                ImapSettings.of(facts.hostname().text())
                        .with(facts.trust().plainLogin())
                        .trusting(facts.trust().networks())
                        .with(
                                new ImapSettings.Limits(
                                        facts.limits().maxMessageBytes(),
                                        facts.limits().usualQuota(),
                                        usual.maxErrors(),
                                        usual.maxFailedLogIns(),
                                        usual.timeouts()));
        ImapServer server =
                new ImapServer(
                        settings,
                        new mansio.serve.imapserver.Rooms(
                                state.directory(),
                                state.authenticator(),
                                state.accounts(),
                                state.store().blobs()),
                        new mansio.serve.imapserver.Environment(
                                machine.time(),
                                machine.threads(),
                                machine.random(),
                                sockets.buffers(),
                                admission));
        services.add(server);
        return server;
    }

    private void open(Door door, Service service, String busyLine) throws IOException {
        String name = door.protocol().name().toLowerCase(java.util.Locale.ROOT);
        Tls how =
                switch (door.protocol()) {
                    case SMTP, SUBMISSION, IMAP -> new Tls.Offered(tls);
                    case SUBMISSIONS, IMAPS -> new Tls.Implicit(tls);
                    case LMTP -> new Tls.None();
                };
        Listening.Limits bounds =
                new Listening.Limits(
                        facts.limits().maxConnections(), Listening.Limits.USUAL_BACKLOG, busyLine);
        Listener listener =
                Listener.open(
                        new Listening(name, door.at(), how, bounds),
                        service,
                        new Listener.Around(sockets, machine.threads()));
        listeners.add(listener);
        // Nobody misses it usually: the greeting tells all doors.
        log.atDebug().addKeyValue("protocol", name).addKeyValue("at", door.at()).log("listening");
    }

    /** Sends test messages to itself; empty where there is no way out. */
    public Optional<Rehearser> rehearser() {
        return rehearser;
    }

    /** Connections that are open now. */
    public int openConnections() {
        return sockets.openConnections();
    }

    /** Ends the sessions, waits for the deliveries under way, and closes the store. */
    @Override
    public void close() {
        stopListeners();
        for (AutoCloseable service : services) closeQuietly(service);
        watcher.close();
        sockets.close();
        state.close();
    }

    /** All at once, so that the grace is given once. */
    private void stopListeners() {
        List<Thread> stopping = new ArrayList<>();
        for (Listener listener : listeners) {
            stopping.add(machine.threads().start("stop", () -> listener.stop(GRACE)));
        }
        for (Thread thread : stopping) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static void closeQuietly(AutoCloseable service) {
        try {
            service.close();
        } catch (Exception e) {
            log.atWarn().setCause(e).log("cannot end a service cleanly");
        }
    }
}
