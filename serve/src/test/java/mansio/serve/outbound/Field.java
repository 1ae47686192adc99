package mansio.serve.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.dial.TcpDialer;
import mansio.net.listen.ListenAt;
import mansio.net.listen.Listener;
import mansio.net.listen.Listening;
import mansio.net.listen.Sockets;
import mansio.net.smtpclient.AddressRules;
import mansio.net.smtpclient.HostFinder;
import mansio.net.smtpclient.Ourselves;
import mansio.net.smtpclient.SessionOpening;
import mansio.net.time.SystemTime;
import mansio.net.time.VirtualThreads;
import mansio.net.time.Work;
import mansio.net.tls.CertificateCheck;
import mansio.net.tls.Certificates;
import mansio.net.tls.ClientTls;
import mansio.net.tls.Identity;
import mansio.net.tls.SelfSigned;
import mansio.net.tls.ServerTls;
import mansio.serve.outbound.OutboundSettings.WithoutRoute;
import mansio.state.directory.DirectoryEditor;
import mansio.state.directory.Outcome;
import mansio.state.directory.PasswordMaker;
import mansio.state.directory.PasswordSettings;
import mansio.state.directory.StoredDirectory;
import mansio.state.dkimkey.DkimKeys;
import mansio.state.dkimkey.JdkKeyMaker;
import mansio.state.password.Argon2Hash;
import mansio.state.password.PasswordHasher;
import mansio.state.queue.Action;
import mansio.state.queue.Carrier.Lane;
import mansio.state.queue.Carrier.Way;
import mansio.state.queue.Envelope;
import mansio.state.queue.Homecoming;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.QueueId;
import mansio.state.queue.QueueSettings;
import mansio.state.queue.Recipient;
import mansio.state.rewrite.RewriteKind;
import mansio.state.rewrite.RewritePattern;
import mansio.state.rewrite.RewriteRule;
import mansio.state.rewrite.RewriteSide;
import mansio.state.rewrite.RewriteTarget;
import mansio.state.rewrite.Rewrites;
import mansio.state.route.Detours;
import mansio.state.route.NewRoute;
import mansio.state.route.OwnDoors;
import mansio.state.route.RemoteRoute.Retry;
import mansio.state.route.Routes;
import mansio.state.route.Routes.IfThere;
import mansio.state.seal.KeyPlace;
import mansio.state.seal.Seal;
import mansio.state.store.AccountId;
import mansio.state.store.Content;
import mansio.state.store.MemoryDisk;
import mansio.state.store.Partition;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.testkit.dns.FakeDns;
import mansio.testkit.remote.ScriptedServer;
import mansio.trust.dkim.Crypto;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** An outbound room with routes on a disk in memory, a DNS of its own, and servers on loopback. */
final class Field implements AutoCloseable {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

    final SystemTime time = new SystemTime();
    final VirtualThreads threads = new VirtualThreads();
    final Sockets sockets = Sockets.start(time, threads, new Random(1));
    final FakeDns dns = new FakeDns(time, new Random(2));
    final Identity identity =
            SelfSigned.make(
                    List.of("localhost", "mx.example.net"),
                    List.of(LOOPBACK),
                    Instant.now(),
                    Duration.ofDays(1));
    final Store store =
            new Stores(new Surroundings(time, threads, new Random(3), (_, _) -> {}))
                    .memory(new MemoryDisk());
    final Routes routes;
    final Detours detours;
    final Rewrites rewrites;
    final DirectoryEditor editor;
    final StoredDirectory names;
    DkimKeys keys;
    final Path key;
    final AtomicInteger signings = new AtomicInteger();

    /** Takes in what is ours by now. */
    Homecoming ours = Homecoming.NEVER;

    private final List<Listener> listeners = new ArrayList<>();

    Field(Path folder) throws IOException {
        Partition directory = store.partition(PartitionId.DIRECTORY);
        KeyPlace key = new KeyPlace(folder.resolve("key"), KeyPlace.Guard.PERMISSIONS);
        routes =
                Routes.open(
                        directory,
                        new Seal(directory, key, new Random(4)),
                        time,
                        new OwnDoors(new Domain("mail.example.org"), List.of()));
        detours = Detours.open(directory, time);
        StoredDirectory names = StoredDirectory.open(directory, time, new Random(6));
        rewrites = Rewrites.open(directory, names);
        PasswordMaker passwords =
                new PasswordMaker(
                        new PasswordHasher(
                                new Argon2Hash.Costs(8, 1, 1), 64, Work.INLINE, new Random(9)),
                        PasswordSettings.DEFAULT,
                        new Random(9));
        editor = new DirectoryEditor(names, passwords, time, new Random(10));
        this.key = key.file();
        this.names = names;
        keys = keys();
        dns.zone(".", "mx.example.net. A 127.0.0.1\n");
    }

    private DkimKeys keys() throws IOException {
        Partition directory = store.partition(PartitionId.DIRECTORY);
        return DkimKeys.open(
                directory,
                new DkimKeys.Means(
                        new Seal(
                                directory,
                                new KeyPlace(key, KeyPlace.Guard.PERMISSIONS),
                                new Random(4)),
                        names,
                        new JdkKeyMaker(Work.INLINE, new SecureRandom()),
                        Crypto.jdk(),
                        time,
                        DkimKeys.Publication.NOT_REQUIRED));
    }

    /** With keys as after a new start. */
    Field reopened() throws IOException {
        keys = keys();
        return this;
    }

    /** How often something was signed. */
    private final class Counting implements Work {
        @Override
        public <T> T run(Task<T> task) throws IOException {
            signings.incrementAndGet();
            return task.run();
        }
    }

    /** A server with a script, and its port. */
    record Remote(ScriptedServer server, int port) {
        List<String> commands() {
            return server.heard().stream().flatMap(it -> it.commands().stream()).toList();
        }

        String message() {
            return server.heard().stream()
                    .flatMap(it -> it.messages().stream())
                    .reduce((_, last) -> last)
                    .orElse("none");
        }
    }

    Remote remote(String script) throws IOException {
        ScriptedServer server = ScriptedServer.playing(script, time);
        return new Remote(
                server,
                listen(server, new ListenAt.Tcp(new InetSocketAddress(LOOPBACK, 0))).port());
    }

    /** A server behind a socket of this machine. */
    ScriptedServer socket(Path path, String script) throws IOException {
        ScriptedServer server = ScriptedServer.playing(script, time);
        listen(server, new ListenAt.Unix(path, "rw-------"));
        return server;
    }

    private Listener listen(ScriptedServer server, ListenAt at) throws IOException {
        Listener listener =
                Listener.open(
                        new Listening(
                                "remote",
                                at,
                                new Listening.Tls.Offered(new ServerTls(Certificates.of(identity))),
                                new Listening.Limits(10, 10, "")),
                        server,
                        new Listener.Around(sockets, threads));
        listeners.add(listener);
        return listener;
    }

    /** A carrier for which MX hosts are at this port of loopback. */
    Outbound outbound(WithoutRoute withoutRoute, int port) {
        HostFinder finder =
                new HostFinder(
                        new HostFinder.Around(dns, time, new Random(5)),
                        new HostFinder.Rules(
                                new AddressRules(InetAddress::isLoopbackAddress),
                                new Ourselves(Set.of("mail.example.org"), Set.of()),
                                HostFinder.Families.IPV4_ONLY,
                                port));
        SessionOpening opening =
                new SessionOpening(
                        new SessionOpening.Around(
                                new TcpDialer(time, threads, sockets, new ClientTls()),
                                time,
                                new Random(6),
                                CertificateCheck.of(identity.chain())));
        return new Outbound(
                new Outbound.Kept(
                        routes,
                        detours,
                        rewrites,
                        new Outbound.Signing(keys, Crypto.jdk(), new Counting()),
                        store.blobs()),
                new Outbound.World(finder, opening, ours),
                time,
                OutboundSettings.of(
                        "mail.example.org", withoutRoute, QueueSettings.USUAL.schedule()));
    }

    Outbound outbound() {
        return outbound(WithoutRoute.DIRECT, 9);
    }

    void route(String pattern, String target) throws IOException {
        add(NewRoute.of(pattern, target));
    }

    void route(String pattern, String target, String fallback, String tls) throws IOException {
        add(
                new NewRoute(
                        pattern,
                        target,
                        Optional.of(new NewRoute.LogIn(Optional.of("me"), "secret-word")),
                        Optional.of(tls).filter(it -> !it.isEmpty()),
                        Optional.of(fallback).filter(it -> !it.isEmpty()),
                        Optional.empty(),
                        Optional.empty(),
                        Retry.USUAL));
    }

    /** A generic rule for senders and recipients. */
    void generic(String pattern, String target) throws IOException {
        assertThat(
                        rewrites.add(
                                new RewriteRule(
                                        RewriteKind.GENERIC,
                                        RewritePattern.parse(pattern).orElseThrow(),
                                        RewriteSide.BOTH,
                                        RewriteTarget.parse(target).orElseThrow())))
                .isInstanceOf(Outcome.Done.class);
    }

    void add(NewRoute route) throws IOException {
        assertThat(routes.add(route, IfThere.REPLACE)).isInstanceOf(Outcome.Done.class);
    }

    /** A queued message. */
    QueueEntry entry(boolean submitted, String text, String... to) {
        Optional<AccountId> submitter =
                submitted ? Optional.of(new AccountId(7)) : Optional.empty();
        byte[] bytes = text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        return new QueueEntry(
                QueueId.parse("2J0Z0000000").orElse(new QueueId(1L << 40)),
                Instant.now(),
                new Envelope(
                        Optional.of(Address.parse("anna@example.org")),
                        Envelope.Body.SEVEN_BIT,
                        false,
                        new Envelope.Source("192.0.2.1", "h", "ESMTPSA", submitter, "s")),
                new Content(List.of(new Content.Inline(bytes))),
                "",
                Arrays.stream(to)
                        .map(it -> Recipient.fresh(Address.parse(it), new Action.Relay()))
                        .toList());
    }

    static Lane lane(Outbound outbound, QueueEntry entry) {
        return outbound.lane(entry, entry.recipients().getFirst());
    }

    /** Where the entry's first recipient leads; must be a site. */
    static Way.To to(Outbound outbound, QueueEntry entry) {
        Way way = outbound.way(lane(outbound, entry));
        assertThat(way).isInstanceOf(Way.To.class);
        return (Way.To) way;
    }

    @Override
    public void close() {
        listeners.forEach(it -> it.stop(Duration.ZERO));
        sockets.close();
        store.close();
    }
}
