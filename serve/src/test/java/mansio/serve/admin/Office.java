package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.net.time.SystemTime;
import mansio.net.time.Time;
import mansio.net.time.VirtualThreads;
import mansio.net.time.Work;
import mansio.serve.dnshelp.Presence;
import mansio.serve.inbound.LocalCourier;
import mansio.serve.rehearsal.Rehearser;
import mansio.state.directory.AliasEditor;
import mansio.state.directory.DirectoryEditor;
import mansio.state.directory.Outcome;
import mansio.state.directory.PasswdImport;
import mansio.state.directory.PasswordMaker;
import mansio.state.directory.PasswordSettings;
import mansio.state.directory.StoredDirectory;
import mansio.state.dkimkey.DkimKeys;
import mansio.state.dkimkey.JdkKeyMaker;
import mansio.state.dmarcstore.ReceivedReports;
import mansio.state.mailbox.Accounts;
import mansio.state.mailbox.MailLimits;
import mansio.state.password.Argon2Hash;
import mansio.state.password.PasswordHasher;
import mansio.state.password.SchemeParser;
import mansio.state.queue.Queue;
import mansio.state.rewrite.Rewrites;
import mansio.state.route.Detours;
import mansio.state.route.OwnDoors;
import mansio.state.route.Routes;
import mansio.state.seal.KeyPlace;
import mansio.state.seal.Seal;
import mansio.state.store.MemoryDisk;
import mansio.state.store.Partition;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.state.story.Stories;
import mansio.trust.dkim.Crypto;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/** All rooms on a disk in memory, and a server that counts how often it is told to stop. */
final class Office implements AutoCloseable {
    final Time time = new SystemTime();
    final AtomicInteger stops = new AtomicInteger();
    final Store store;
    final Queue queue;
    final Rooms rooms;

    Office(Path folder) throws IOException {
        Random random = new Random(42);
        VirtualThreads threads = new VirtualThreads();
        store =
                new Stores(new Surroundings(time, threads, random, (_, _) -> {}))
                        .memory(new MemoryDisk());
        PasswordHasher hasher =
                new PasswordHasher(new Argon2Hash.Costs(8, 1, 1), 64, new AtOnce(), random);
        StoredDirectory directory =
                StoredDirectory.open(store.partition(PartitionId.DIRECTORY), time, random);
        DirectoryEditor editor =
                new DirectoryEditor(
                        directory,
                        new PasswordMaker(hasher, PasswordSettings.DEFAULT, random),
                        time,
                        random);
        Accounts accounts = new Accounts(store, time, threads, MailLimits.DEFAULT);
        queue =
                new Queue(
                        store,
                        1,
                        new LocalCourier(accounts, directory, store.blobs(), time),
                        new Queue.Around(time, threads));
        Partition settings = store.partition(PartitionId.DIRECTORY);
        Seal seal =
                new Seal(
                        settings,
                        new KeyPlace(folder.resolve("secrets.key"), KeyPlace.Guard.PERMISSIONS),
                        random);
        Routes routes =
                Routes.open(
                        settings,
                        seal,
                        time,
                        new OwnDoors(Domain.parse("mail.example.org"), List.of()));
        rooms =
                new Rooms(
                        new Rooms.Site("9.9.9", folder, Optional.of(new Counting())),
                        new Presence(
                                Domain.parse("mail.example.org"),
                                List.of(InetAddress.ofLiteral("192.0.2.25")),
                                Map.of("imaps", 993, "submissions", 465)),
                        new Rooms.Names(
                                directory,
                                editor,
                                new AliasEditor(directory),
                                new PasswdImport(directory, editor, new SchemeParser(random))),
                        new Rooms.Signing(keys(settings, seal, directory), Optional.empty()),
                        new Rooms.Ways(
                                routes,
                                Detours.open(settings, time),
                                Rewrites.open(settings, directory),
                                Optional.empty()),
                        new Rooms.Mail(
                                store,
                                accounts,
                                queue,
                                new Stories(
                                        Queue.shardPartitions(store, 1), time, Duration.ofDays(30)),
                                new ReceivedReports(store.partition(PartitionId.REPORTS)),
                                List.of()),
                        time,
                        random);
    }

    private DkimKeys keys(Partition settings, Seal seal, StoredDirectory directory)
            throws IOException {
        return DkimKeys.open(
                settings,
                new DkimKeys.Means(
                        seal,
                        directory,
                        new JdkKeyMaker(Work.INLINE, new SecureRandom()),
                        Crypto.jdk(),
                        time,
                        DkimKeys.Publication.REQUIRED));
    }

    /** Runs an operation that must be done. */
    <A extends Answer> A done(Operation<A> operation) throws IOException {
        return switch (operation.run(rooms)) {
            case Outcome.Done<A>(A answer) -> answer;
            case Outcome.Refused<A>(Outcome.Problem problem, String sentence) ->
                    throw new AssertionError(problem + ": " + sentence);
        };
    }

    @Override
    public void close() {
        queue.close();
        store.close();
    }

    private static final class AtOnce implements Work {
        @Override
        public <T> T run(Task<T> task) throws IOException {
            return task.run();
        }
    }

    private final class Counting implements RunningServer {
        @Override
        public Instant since() {
            return Instant.EPOCH;
        }

        @Override
        public List<Door> doors() {
            return List.of(new Door("smtp", "127.0.0.1:25"));
        }

        @Override
        public int openConnections() {
            return 3;
        }

        @Override
        public Optional<Rehearser> rehearser() {
            return Optional.empty();
        }

        @Override
        public void stop() {
            stops.incrementAndGet();
        }
    }
}
