package mansio.serve.imapserver;

import mansio.codec.line.BufferPool;
import mansio.net.dial.Target;
import mansio.net.listen.Connection;
import mansio.net.time.Threads;
import mansio.state.mailbox.Accounts;
import mansio.state.mailbox.MailLimits;
import mansio.state.mailbox.MailboxCounts;
import mansio.state.mailbox.MailboxName;
import mansio.state.mailbox.QuotaLimit;
import mansio.state.store.MemoryDisk;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.testkit.dialogue.Dialogue;
import mansio.testkit.dialogue.DialoguePlayer;
import mansio.testkit.sim.FakeNetwork;
import mansio.testkit.sim.Faults;
import mansio.testkit.sim.Simulation;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/** An IMAP server with everything below it, on a disk in memory, within a simulation. */
final class ImapHouse {
    private static final InetSocketAddress PLAIN =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 143);
    private static final InetSocketAddress STRICT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1143);

    /** A message may have this many octets here. */
    static final long APPEND_LIMIT = 20_000;

    /** So many sessions there may be here. */
    private static final int IN_ALL = 9;

    private static final int OF_NETWORK = 8;
    private static final int OF_ACCOUNT = 4;

    final Simulation simulation;
    final FakePeople people = new FakePeople();
    final Store store;
    final Accounts accounts;
    private final FakeNetwork network;
    private DialoguePlayer player;

    ImapHouse(Simulation simulation) {
        this.simulation = simulation;
        Simulation.Node node = simulation.node("server");
        Surroundings around =
                new Surroundings(
                        simulation.time(), node, simulation.random(), (reason, cause) -> {});
        this.store = new Stores(around).memory(new MemoryDisk());
        this.accounts = new Accounts(store, simulation.time(), node, MailLimits.DEFAULT);
        this.player = new DialoguePlayer(this::dial, simulation.time(), this::act);
        this.network = new FakeNetwork(simulation, Faults.NONE);
        Rooms rooms = new Rooms(people.directory(), people, accounts, store.blobs());
        Environment environment = environment(simulation, node);
        ImapSettings.Limits limits =
                new ImapSettings.Limits(
                        APPEND_LIMIT, QuotaLimit.UNLIMITED, 20, 10, ImapSettings.Timeouts.USUAL);
        ImapSettings strict = ImapSettings.of("imap.example.org").with(limits);
        network.serve(STRICT, node, new ImapServer(strict, rooms, environment));
        network.serve(PLAIN, node, new ImapServer(strict.with(_ -> true), rooms, environment));
    }

    /** For what lives as long as the simulation. */
    static Environment environment(Simulation simulation) {
        return environment(simulation, simulation.threads());
    }

    private static Environment environment(Simulation simulation, Threads threads) {
        return new Environment(
                simulation.time(),
                threads,
                simulation.random(),
                new BufferPool(BufferPool.USUAL_BYTES, 4),
                Admission.of(simulation.time(), IN_ALL, OF_NETWORK, OF_ACCOUNT));
    }

    /** Where log-in without TLS is allowed. */
    Connection dial() throws IOException {
        return dial(PLAIN);
    }

    /** Where it is not. */
    Connection dialStrict() throws IOException {
        return dial(STRICT);
    }

    private Connection dial(InetSocketAddress address) throws IOException {
        return network.dial(
                new Target(address, "imap.example.org", Target.Trust.ANY),
                simulation.time().deadline(Duration.ofDays(1)));
    }

    /** Plays a dialogue of {@code resources/imap}. */
    void play(String name) throws IOException {
        Dialogue dialogue = Dialogue.load(ImapHouse.class, "/imap/" + name);
        boolean strict = name.startsWith("strict-");
        player =
                new DialoguePlayer(
                        strict ? this::dialStrict : this::dial, simulation.time(), this::act);
        player.play(dialogue);
    }

    void changeThePasswordOfFred() {
        people.listeners.forEach(it -> it.changed(people.accounts.getFirst().id(), 2));
    }

    private void act(String action) throws IOException {
        switch (action) {
            case "remember INBOX" -> {
                MailboxCounts counts =
                        accounts.open(people.accounts.getFirst().id())
                                .mailbox(MailboxName.INBOX)
                                .orElseThrow()
                                .counts();
                player.with("UIDVALIDITY", String.valueOf(counts.uidValidity()))
                        .with("HIGHESTMODSEQ", String.valueOf(counts.highestModSeq()));
            }
            case "stop" -> network.shutDown(PLAIN);
            case "cannot-tell" -> people.cannotTell = true;
            case "locked" -> people.locked = true;
            case "password-changed" -> changeThePasswordOfFred();
            default -> throw new IllegalArgumentException(action);
        }
    }
}
