package mansio.app.wiring;

import mansio.app.wiring.ServerFacts.KeyChoice;
import mansio.net.time.Threads;
import mansio.net.time.WorkPool;
import mansio.serve.dmarcreports.ReportFiling;
import mansio.serve.inbound.LocalCourier;
import mansio.serve.inbound.MovedDomains;
import mansio.serve.inbound.QuotaCheck;
import mansio.serve.outbound.LogInAlarm;
import mansio.serve.outbound.Outbound;
import mansio.state.directory.DirectoryEditor;
import mansio.state.directory.PasswordAuthenticator;
import mansio.state.directory.PasswordMaker;
import mansio.state.directory.StoredDirectory;
import mansio.state.dkimkey.DkimKeys;
import mansio.state.dkimkey.JdkKeyMaker;
import mansio.state.dkimkey.KeyRounds;
import mansio.state.dsn.AdminNotices;
import mansio.state.dsn.SenderReports;
import mansio.state.mailbox.Accounts;
import mansio.state.mailbox.MailLimits;
import mansio.state.password.Argon2Hash;
import mansio.state.password.PasswordHasher;
import mansio.state.queue.Carrier;
import mansio.state.queue.NoCarrier;
import mansio.state.queue.Queue;
import mansio.state.rewrite.Rewrites;
import mansio.state.route.Detours;
import mansio.state.route.LogInTroubles;
import mansio.state.route.OwnDoors;
import mansio.state.route.Routes;
import mansio.state.seal.KeyPlace;
import mansio.state.seal.Seal;
import mansio.state.store.DiskSettings;
import mansio.state.store.DiskSettings.Loss;
import mansio.state.store.Partition;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.state.story.Stories;
import mansio.trust.dkim.Crypto;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The rooms that keep things, opened on a data folder: for a server, and for a command that finds
 * no server running. Closed once, by its owner.
 */
public final class State implements AutoCloseable {
    /** Entries of the queue are spread over this many partitions. */
    private static final int QUEUE_SHARDS = 2;

    private static final int HASHES_WAITING = 2_000;

    /** More are computed by who wants them. */
    private static final int SIGNATURES_WAITING = 1_000;

    /** One imported hash of the largest kind at a time, or three of ours. */
    private static final int HASHING_MIB = 64;

    private final Store store;
    private final WorkPool work;
    private final WorkPool signing;
    private final Crypto crypto;
    private final StoredDirectory directory;
    private final DirectoryEditor editor;
    private final PasswordAuthenticator authenticator;
    private final Accounts accounts;
    private final Queue queue;
    private final Stories stories;
    private final Reports reports;
    private final Seal seal;
    private final OwnDoors doors;
    private final Routes routes;
    private final Detours detours;
    private final Rewrites rewrites;
    private final DkimKeys keys;
    private final Optional<KeyRounds> keyRounds;
    private final ServerFacts facts;
    private final Optional<Internet> internet;
    private final Optional<Outbound> outbound;

    /**
     * What is needed to open it.
     *
     * @param exempt whom no log-in delays are for
     * @param internet what mail leaves by; empty for a command, which delivers nothing. It is
     *     closed with the state
     */
    public record Opening(
            ServerFacts facts,
            Loss loss,
            Predicate<InetAddress> exempt,
            Optional<Internet> internet) {}

    /**
     * Opens everything; nothing is delivered before {@link #start}.
     *
     * @throws IOException with a sentence for the administrator
     */
    public State(Opening opening, Machine machine) throws IOException {
        crypto = machine.crypto();
        facts = opening.facts();
        internet = opening.internet();
        Surroundings around =
                new Surroundings(machine.time(), machine.threads(), machine.random(), State::halt);
        store =
                new Stores(around)
                        .disk(
                                new DiskSettings(
                                        facts.folder(), facts.minFreeBytes(), opening.loss()));
        signing =
                new WorkPool(
                        "sign", Runtime.getRuntime().availableProcessors(), SIGNATURES_WAITING);
        work = new WorkPool("work", Runtime.getRuntime().availableProcessors(), HASHES_WAITING);
        directory =
                StoredDirectory.open(
                        store.partition(PartitionId.DIRECTORY), machine.time(), machine.random());
        PasswordHasher hasher =
                new PasswordHasher(Argon2Hash.Costs.OWN, HASHING_MIB, work, machine.random());
        PasswordMaker maker = new PasswordMaker(hasher, facts.passwords(), machine.random());
        editor = new DirectoryEditor(directory, maker, machine.time(), machine.random());
        authenticator =
                new PasswordAuthenticator(
                        new PasswordAuthenticator.Parts(
                                directory,
                                hasher,
                                maker,
                                machine.time(),
                                machine.random(),
                                opening.exempt()));
        Partition settings = store.partition(PartitionId.DIRECTORY);
        seal = new Seal(settings, keyPlace(facts.key(), settings), machine.random());
        doors = doors(opening, settings);
        routes = Routes.open(settings, seal, machine.time(), doors);
        detours = Detours.open(settings, machine.time());
        rewrites = Rewrites.open(settings, directory);
        keys = keys(settings, machine);
        keyRounds = internet.map(it -> rounds(it, machine));
        accounts = new Accounts(store, machine.time(), machine.threads(), MailLimits.DEFAULT);
        reports = Reports.open(store.partition(PartitionId.REPORTS), machine.time());
        MovedDomains moved = moved(machine);
        LocalCourier courier = courier(moved, machine);
        outbound = outbound(opening, moved, machine);
        SenderReports toSenders =
                new SenderReports(directory, store.blobs(), facts.hostname(), machine.random());
        queue =
                new Queue(
                        store,
                        QUEUE_SHARDS,
                        new Queue.Means(
                                courier,
                                outbound.<Carrier>map(it -> it)
                                        .orElseGet(() -> new NoCarrier("the server does not run")),
                                toSenders,
                                facts.outgoing().queue()),
                        new Queue.Around(machine.time(), machine.threads()));
        routes.listen(queue::reroute);
        directory.listenToDomains(queue::reroute);
        if (outbound.isPresent()) outbound.get().onRefusedLogIn(alarm(settings, machine));
        stories =
                new Stories(
                        Queue.shardPartitions(store, QUEUE_SHARDS),
                        machine.time(),
                        facts.limits().keepStories());
    }

    private MovedDomains moved(Machine machine) {
        QuotaCheck quota = QuotaCheck.of(directory, accounts, facts.limits().usualQuota());
        return new MovedDomains(
                new MovedDomains.Places(directory, quota), facts.forwarding(), machine.time());
    }

    private LocalCourier courier(MovedDomains moved, Machine machine) {
        ReportFiling filing =
                new ReportFiling(
                        new ReportFiling.Places(reports.received(), directory, store.blobs()),
                        new ReportFiling.Settings(facts.hostname(), facts.reporting().address()),
                        machine.time());
        return new LocalCourier(
                new LocalCourier.Places(accounts, directory, store.blobs(), Optional.of(moved)),
                machine.time(),
                Optional.of(filing));
    }

    private LogInAlarm alarm(Partition settings, Machine machine) throws IOException {
        return new LogInAlarm(
                LogInTroubles.open(settings, machine.time()),
                new AdminNotices(directory, facts.hostname()),
                queue,
                machine.time());
    }

    /** A command without configuration does as the server that ran last. */
    private static OwnDoors doors(Opening opening, Partition settings) throws IOException {
        boolean said = opening.internet().isPresent() || !opening.facts().doors().isEmpty();
        return said ? opening.facts().ownDoors() : OwnDoors.last(settings);
    }

    private DkimKeys keys(Partition settings, Machine machine) throws IOException {
        return DkimKeys.open(
                settings,
                new DkimKeys.Means(
                        seal,
                        directory,
                        new JdkKeyMaker(work, machine.random()),
                        crypto,
                        machine.time(),
                        facts.signing().publication()));
    }

    private KeyRounds rounds(Internet world, Machine machine) {
        return new KeyRounds(
                keys,
                directory,
                new KeyRounds.Habits(world.resolver(), facts.signing().rotateAfter()),
                machine.time());
    }

    private Optional<Outbound> outbound(Opening opening, MovedDomains moved, Machine machine)
            throws IOException {
        if (internet.isEmpty()) return Optional.empty();
        return Optional.of(
                Sending.carrier(
                        new Outbound.Kept(
                                routes,
                                detours,
                                rewrites,
                                new Outbound.Signing(keys, crypto, signing),
                                store.blobs()),
                        moved,
                        opening,
                        machine));
    }

    private static KeyPlace keyPlace(KeyChoice choice, Partition directory) throws IOException {
        if (choice.said().isPresent()) return choice.said().get();
        return Seal.lastPlace(directory).orElse(choice.usual());
    }

    /**
     * A failed write or sync: nothing may be answered any more. Recovery at the next start decides
     * what holds.
     */
    private static void halt(String reason, Throwable cause) {
        System.err.println(
                "mansio: the store failed and the server stops at once: " + reason + ": " + cause);
        Runtime.getRuntime().halt(EXIT_STORE_FAILED);
    }

    /** The world that mail leaves to and names are looked up in; empty for a command. */
    Optional<Internet> internet() {
        return internet;
    }

    /** The exit code after {@link #halt}; systemd restarts the server. */
    private static final int EXIT_STORE_FAILED = 70;

    /** Takes up what an earlier run left to deliver, and looks after the keys. */
    void start(Threads threads) throws IOException {
        seal.check();
        doors.remember(store.partition(PartitionId.DIRECTORY));
        queue.start();
        keyRounds.ifPresent(it -> it.start(threads));
    }

    public Store store() {
        return store;
    }

    public StoredDirectory directory() {
        return directory;
    }

    public DirectoryEditor editor() {
        return editor;
    }

    public PasswordAuthenticator authenticator() {
        return authenticator;
    }

    public Accounts accounts() {
        return accounts;
    }

    public Queue queue() {
        return queue;
    }

    public Stories stories() {
        return stories;
    }

    /** DMARC reports. */
    public Reports reports() {
        return reports;
    }

    public Seal seal() {
        return seal;
    }

    /** Empty for a command, which sends nothing. */
    public Optional<Outbound> outbound() {
        return outbound;
    }

    public Routes routes() {
        return routes;
    }

    public Detours detours() {
        return detours;
    }

    public Rewrites rewrites() {
        return rewrites;
    }

    public DkimKeys keys() {
        return keys;
    }

    /** Empty for a command, which asks no DNS. */
    public Optional<KeyRounds> keyRounds() {
        return keyRounds;
    }

    /** What it was opened for. */
    ServerFacts facts() {
        return facts;
    }

    /** The partitions that have the stories. */
    List<Partition> queueShards() {
        return Queue.shardPartitions(store, QUEUE_SHARDS);
    }

    @Override
    public void close() {
        keyRounds.ifPresent(KeyRounds::close);
        queue.close();
        internet.ifPresent(Internet::close);
        store.close();
        work.close();
        signing.close();
    }
}
