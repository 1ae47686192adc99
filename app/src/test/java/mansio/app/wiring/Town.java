package mansio.app.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.app.wiring.ServerFacts.Door;
import mansio.app.wiring.ServerFacts.Outgoing;
import mansio.app.wiring.ServerFacts.Protocol;
import mansio.app.wiring.ServerFacts.Trust;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.codec.text.LocalPart;
import mansio.net.dial.Target;
import mansio.net.dial.TcpDialer;
import mansio.net.listen.ListenAt;
import mansio.net.listen.Sockets;
import mansio.net.smtpclient.HostFinder.Families;
import mansio.net.tls.CertificateCheck;
import mansio.net.tls.ClientTls;
import mansio.serve.inbound.InboundPolicy;
import mansio.serve.inbound.ReflectorSettings;
import mansio.serve.outbound.OutboundSettings.WithoutRoute;
import mansio.serve.smtpserver.SmtpSettings.Senders;
import mansio.state.directory.Account;
import mansio.state.directory.AliasEditor;
import mansio.state.directory.AliasInfo;
import mansio.state.directory.Outcome;
import mansio.state.queue.QueueSettings;
import mansio.state.route.NewRoute;
import mansio.state.route.RemoteRoute.Retry;
import mansio.state.route.Routes.IfThere;
import mansio.state.store.DiskSettings.Loss;
import mansio.state.store.Partition;
import mansio.testkit.client.FreePort;
import mansio.testkit.client.ImapClient;
import mansio.testkit.client.LineClient;
import mansio.testkit.dns.FakeDns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Servers of several domains on loopback, and one DNS for all. */
final class Town implements AutoCloseable {
    static final String PASSWORD = "correct horse";
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Pattern EXISTS = Pattern.compile("\\* (\\d+) EXISTS");

    final Machine machine = Machine.real();

    /** Most towns have a DNS for one side only: what is not known is let pass. */
    private static final ServerFacts.Checking CHECKING =
            new ServerFacts.Checking(
                    InboundPolicy.USUAL.waiting(InboundPolicy.Measure.NOTE),
                    Duration.ofMinutes(1),
                    List.of(),
                    Optional.of(new ReflectorSettings(LocalPart.parse("check"), 2, 10)));

    final FakeDns dns = new FakeDns(machine.time(), machine.random());
    private final Path folder;
    private final Sockets sockets =
            Sockets.start(machine.time(), machine.threads(), machine.random());
    private final TcpDialer dialer =
            new TcpDialer(machine.time(), machine.threads(), sockets, new ClientTls());
    private final List<House> houses = new ArrayList<>();

    Town(Path folder) {
        this.folder = folder;
    }

    /** A server for a domain, with one account {@code anna}, that looks for others at a port. */
    House house(String domain, int port) throws IOException {
        House house = new House(domain, port);
        houses.add(house);
        return house;
    }

    LineClient call(int port) throws IOException {
        Target target =
                new Target(new InetSocketAddress(LOOPBACK, port), "localhost", Target.Trust.ANY);
        return LineClient.dial(dialer, target, machine.time());
    }

    @Override
    public void close() {
        houses.forEach(House::close);
        sockets.close();
    }

    /** One of the servers. */
    final class House implements AutoCloseable {
        final String domain;
        final int smtp = FreePort.any();
        final int submission = FreePort.any();
        final int imap = FreePort.any();
        final ServerFacts facts;
        final State state;
        private final Server server;
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();

        private House(String domain, int port) throws IOException {
            this.domain = domain;
            Path own = folder.resolve(domain);
            ServerFacts local = LocalMode.facts(own, LocalMode.DEFAULT_BASE, machine);
            facts =
                    new ServerFacts(
                            Domain.parse("mx." + domain),
                            own,
                            0,
                            local.passwords(),
                            local.forwarding(),
                            CHECKING,
                            local.certificates(),
                            List.of(
                                    door(Protocol.SMTP, smtp),
                                    door(Protocol.SUBMISSION, submission),
                                    door(Protocol.IMAP, imap)),
                            new Trust(_ -> false, InetAddress::isLoopbackAddress, Senders.ANY),
                            local.limits(),
                            local.key(),
                            new Outgoing(
                                    WithoutRoute.DIRECT,
                                    port,
                                    Families.IPV4_ONLY,
                                    InetAddress::isLoopbackAddress,
                                    QueueSettings.USUAL),
                            local.drop(),
                            local.signing(),
                            ServerFacts.Reporting.USUAL);
            CertificateCheck trusts = CertificateCheck.of(trusted());
            state =
                    new State(
                            new State.Opening(
                                    facts,
                                    Loss.REFUSE,
                                    InetAddress::isLoopbackAddress,
                                    Optional.of(Internet.with(dns, trusts, machine))),
                            machine);
            require(state.editor().addDomain(Domain.parse(domain)));
            Outcome<Account> anna =
                    state.editor()
                            .addAccount(Address.parse("anna@" + domain), Optional.of(PASSWORD));
            require(anna);
            for (Partition shard : state.queueShards()) shard.listen(_ -> wake());
            server = new Server(facts, state, machine);
        }

        Server server() {
            return server;
        }

        /** The certificates of those who were there before. */
        private List<java.security.cert.X509Certificate> trusted() {
            List<java.security.cert.X509Certificate> all = new ArrayList<>();
            for (House house : houses) {
                all.addAll(house.facts.certificates().all().getFirst().chain());
            }
            return all;
        }

        private Door door(Protocol protocol, int port) {
            return new Door(protocol, new ListenAt.Tcp(new InetSocketAddress(LOOPBACK, port)));
        }

        void route(String target, String password) throws IOException {
            require(
                    state.routes()
                            .add(
                                    new NewRoute(
                                            "*",
                                            target,
                                            Optional.of(
                                                    new NewRoute.LogIn(
                                                            Optional.of("anna@b.example"),
                                                            password)),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Optional.empty(),
                                            Retry.USUAL),
                                    IfThere.REPLACE));
        }

        /** One more domain is its own from now on, with aliases that lead to anna. */
        void adopt(String other, String... aliases) throws IOException {
            if (!state.directory().isLocal(Domain.parse(other)))
                require(state.editor().addDomain(Domain.parse(other)));
            for (String alias : aliases) {
                AliasInfo info =
                        new AliasInfo(
                                Address.parse(alias + "@" + other),
                                List.of(Address.parse("anna@" + domain)));
                require(new AliasEditor(state.directory()).add(info));
            }
        }

        /** Anna submits a message. */
        void submit(String subject, String... to) throws IOException {
            submitTo(subject, Stream.of(to).map(it -> "<" + it + ">").toArray(String[]::new));
        }

        /**
         * Anna submits a message.
         *
         * @param to forward-paths with their parameters
         */
        void submitTo(String subject, String... to) throws IOException {
            String plain = "\0anna@" + domain + "\0" + PASSWORD;
            try (LineClient client = call(submission)) {
                client.expectReply(220);
                client.send("EHLO client.example");
                client.expectReply(250);
                client.ask(
                        "AUTH PLAIN "
                                + Base64.getEncoder()
                                        .encodeToString(plain.getBytes(StandardCharsets.UTF_8)),
                        "235");
                client.ask("MAIL FROM:<anna@" + domain + ">", "250");
                for (String one : to) client.ask("RCPT TO:" + one, "250");
                client.ask("DATA", "354");
                client.send("From: anna@" + domain);
                client.send("Subject: " + subject);
                client.send("");
                client.send("Hello.");
                client.ask(".", "250");
                client.ask("QUIT", "221");
            }
        }

        /** What happened to the newest messages of a sender or recipient, line by line. */
        List<String> story(String address) throws IOException {
            return state.stories().byTerm(address, 10).stream()
                    .flatMap(it -> it.lines().stream())
                    .map(it -> it.step() + " " + it.outcome() + " " + it.reason())
                    .toList();
        }

        /** Waits until anna's INBOX has so many messages, and gives the last one. */
        String inbox(int count) throws IOException {
            try (ImapClient client = new ImapClient(call(imap))) {
                client.login("anna@" + domain, PASSWORD);
                int there = client.select("INBOX");
                if (there < count) {
                    String tag = client.idle();
                    while (there < count) there = exists(client.idleLine(), there);
                    client.done(tag);
                }
                return new String(client.fetch(count, "BODY[]"), StandardCharsets.UTF_8);
            }
        }

        /** How many there are when that was said; several may come at once. */
        private static int exists(String line, int before) {
            Matcher matcher = EXISTS.matcher(line);
            return matcher.matches() ? Integer.parseInt(matcher.group(1)) : before;
        }

        /** Waits for something; looks again when the queue changes, and now and then. */
        void until(BooleanSupplier what) throws IOException {
            long deadline = machine.time().deadline(PATIENCE);
            lock.lock();
            try {
                while (!what.getAsBoolean()) {
                    assertThat(machine.time().nanos() - deadline).as("patience").isNegative();
                    machine.time()
                            .await(lock, changed, machine.time().deadline(Duration.ofMillis(100)));
                }
            } finally {
                lock.unlock();
            }
        }

        private void wake() {
            lock.lock();
            try {
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            server.close();
        }
    }

    private static void require(Outcome<?> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
    }
}
