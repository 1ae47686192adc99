package mansio.serve.rehearsal;

import mansio.codec.line.ByteSink;
import mansio.codec.message.FromFinder;
import mansio.codec.message.MessageParser;
import mansio.codec.message.ParsedMessage;
import mansio.codec.smtp.ContentGate;
import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.dns.Resolver;
import mansio.net.listen.Sockets;
import mansio.net.smtpclient.SmtpClient.Begin;
import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.serve.checks.Checks;
import mansio.serve.checks.Client;
import mansio.serve.checks.Findings;
import mansio.serve.checks.MessageChecks;
import mansio.serve.inbound.Inbound;
import mansio.serve.inbound.Origin;
import mansio.serve.inbound.Reception;
import mansio.serve.inbound.Reception.Rehearsed;
import mansio.serve.inbound.Refusal;
import mansio.serve.inbound.Transaction;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.serve.outbound.DryRun;
import mansio.serve.outbound.DryRun.Aim;
import mansio.serve.outbound.DryRun.End;
import mansio.serve.outbound.Outbound;
import mansio.serve.preflight.Arrived;
import mansio.serve.preflight.Score;
import mansio.state.directory.Account;
import mansio.state.directory.Directory;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.directory.Route;
import mansio.state.queue.Envelope;
import mansio.state.queue.QueueEntry;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/**
 * Sends test messages to itself: submitted as an account would, taken the way that mail goes out,
 * signed and all, into a {@link StrictReceiver}, and judged by what arrives there. Made once; safe
 * for use by any thread. One message takes 30 seconds at most.
 */
public final class Rehearser {
    /** Of a message that is given. */
    public static final int MAX_BYTES = 2 << 20;

    /** Of what arrives, encoded anew and signed: it is held in memory. */
    private static final long MAX_ARRIVING_BYTES = 3L * MAX_BYTES;

    private static final Duration ADDRESS_LOOK_UP = Duration.ofSeconds(4);
    private static final Duration RECEIVER_LIFE = Duration.ofSeconds(12);
    private static final String RECEIVER = "receiver.invalid";

    /**
     * An address that nobody's SPF record names (kept for documentation): for a relay that is not
     * found now.
     */
    private static final InetAddress UNKNOWN_RELAY = InetAddress.ofLiteral("192.0.2.0");

    /** RFC 5321 section 6.3, as for any message that is submitted. */
    private static final int MAX_RECEIVED_FIELDS = 100;

    private final Rooms rooms;
    private final Supplier<World> world;
    private final Around around;
    private final Settings settings;

    /** Where messages come in and go out. */
    public record Rooms(Inbound inbound, Outbound outbound, Directory directory) {}

    /**
     * What receivers in the world look with.
     *
     * @param asksLists whether block lists are among the checks
     */
    public record World(Resolver resolver, Checks checks, boolean asksLists) {}

    /** What the machine gives. */
    public record Around(Sockets sockets, Time time, Threads threads, RandomGenerator random) {}

    /**
     * What is configured.
     *
     * @param hostname what the server is called in the DNS
     * @param anySender whether accounts may send with any address
     */
    public record Settings(Domain hostname, boolean anySender) {}

    /**
     * What is to be sent.
     *
     * @param from of an account that sends it
     * @param to elsewhere; empty for anybody
     * @param message with CRLF, at most {@link #MAX_BYTES}; empty for one of ours
     * @param ip the address that the world sees; empty for that of the host name
     */
    public record Wish(
            Address from,
            Optional<Address> to,
            Optional<byte[]> message,
            Optional<InetAddress> ip) {}

    /**
     * @param world made anew for each message, so that nothing of the DNS is remembered
     */
    public Rehearser(Rooms rooms, Supplier<World> world, Around around, Settings settings) {
        this.rooms = rooms;
        this.world = world;
        this.around = around;
        this.settings = settings;
    }

    /**
     * Sends one. Blocks.
     *
     * @return refused with a sentence when the account does not exist or may not send it, or when
     *     mail never leaves by this way
     * @throws IOException when it cannot be told now, with a sentence
     */
    public Outcome<Rehearsal> run(Wish wish) throws IOException {
        if (wish.message().filter(it -> it.length > MAX_BYTES).isPresent()) {
            return Outcome.refused(
                    Problem.INVALID, "a test message has " + MAX_BYTES + " bytes at most");
        }
        Optional<Account> account = account(wish.from());
        if (account.isEmpty()) {
            return Outcome.refused(Problem.NOT_FOUND, "no account here may send as " + wish.from());
        }
        if (!account.get().enabled()) {
            return Outcome.refused(
                    Problem.INVALID,
                    "the account " + account.get().address() + " is disabled and cannot send");
        }
        Address to = wish.from();
        if (wish.to().isPresent()) {
            to = rooms.inbound().ownRecipient(wish.to().get());
            if (!(rooms.directory().route(to) instanceof Route.Remote)) {
                return Outcome.refused(
                        Problem.INVALID,
                        to + " is no address of another server; leave --to out for any");
            }
        }
        return submitted(new Run(wish, account.get(), to, world.get()));
    }

    /** One that is under way. */
    private record Run(Wish wish, Account account, Address to, World world) {}

    private Optional<Account> account(Address from) throws IOException {
        if (!(rooms.directory().route(from) instanceof Route.Ours(List<Route.Target> targets, _))) {
            return Optional.empty();
        }
        for (Route.Target target : targets) {
            if (rooms.directory().owns(target.account(), from)) {
                return rooms.directory().account(target.account());
            }
        }
        return Optional.empty();
    }

    /** As a session of the submission door does it. */
    private Outcome<Rehearsal> submitted(Run run) throws IOException {
        byte[] message =
                run.wish().message().orElseGet(() -> TestMessage.of(run.wish().from(), run.to()));
        try (Reception reception = rooms.inbound().begin(transaction(run))) {
            ContentGate gate =
                    new ContentGate(
                            new Into(reception),
                            new ContentGate.Limits(
                                    rooms.inbound().maxMessageBytes(), MAX_RECEIVED_FIELDS));
            gate.write(message, 0, message.length);
            gate.end();
            if (gate.refusal().isPresent()) {
                return wouldRefuse(
                        switch (gate.refusal().get()) {
                            case TOO_MANY_HOPS -> "it has too many Received fields";
                            case TOO_LARGE -> "it is too large";
                            case BARE_LINE_BREAK -> "it has a CR or LF that is not part of a CRLF";
                        });
            }
            return switch (reception.rehearse()) {
                case Rehearsed.Refused(Refusal refusal) ->
                        wouldRefuse(refusal.code() + " " + refusal.status() + " " + refusal.text());
                case Rehearsed.Ready(QueueEntry entry) -> sent(run, entry);
            };
        }
    }

    private static Outcome<Rehearsal> wouldRefuse(String why) {
        return Outcome.refused(
                Problem.INVALID, "this server refuses the message when it is submitted: " + why);
    }

    private Transaction transaction(Run run) {
        boolean utf8 = run.wish().from().needsUtf8() || run.to().needsUtf8();
        Envelope envelope =
                new Envelope(
                        Optional.of(run.wish().from()),
                        Envelope.Body.EIGHT_BIT_MIME,
                        utf8,
                        new Envelope.Source(
                                "127.0.0.1",
                                "localhost",
                                utf8 ? "UTF8SMTPA" : "ESMTPA",
                                Optional.of(run.account().id()),
                                "preflight"));
        // Without a recipient elsewhere the sender's own address stands for one.
        return new Transaction(
                envelope,
                new Origin.Submission(run.account().id(), settings.anySender()),
                List.of(new RoutedRecipient(run.to(), new Route.Remote(run.to()))),
                Optional.empty());
    }

    private record Into(Reception reception) implements ByteSink {
        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            reception.write(from, offset, length);
        }

        @Override
        public void flush() {
            // Nothing waits.
        }
    }

    private Outcome<Rehearsal> sent(Run run, QueueEntry entry) throws IOException {
        try (Receiving receiving = new Receiving()) {
            Aim aim = run.wish().to().isPresent() ? Aim.RECIPIENT : Aim.ANYBODY;
            DryRun way = rooms.outbound().dryRun(entry, new DryRun.Stage(aim, receiving::open));
            return switch (way.end()) {
                case End.Taken(String reply) -> arrived(run, way, receiving.visit(reply));
                case End.Stays(String why) ->
                        Outcome.refused(
                                Problem.INVALID,
                                "mail for " + run.to() + " does not leave: " + why);
                case End.Failed(String why) ->
                        Outcome.refused(
                                Problem.INVALID, "the receiver within did not take it: " + why);
            };
        }
    }

    /** The receiver, from when the way is known. */
    private final class Receiving implements AutoCloseable {
        private Optional<StrictReceiver> receiver = Optional.empty();

        InetSocketAddress open(Begin begin) throws IOException {
            StrictReceiver opened =
                    StrictReceiver.open(
                            new StrictReceiver.Terms(
                                    RECEIVER,
                                    MAX_ARRIVING_BYTES,
                                    around.time().deadline(RECEIVER_LIFE)),
                            begin,
                            around.time().now(),
                            new StrictReceiver.Around(
                                    around.sockets(), around.threads(), around.random()));
            receiver = Optional.of(opened);
            return opened.address();
        }

        Visit visit(String reply) throws IOException {
            return receiver.flatMap(it -> it.visit(reply))
                    .orElseThrow(() -> new IOException("what took the message was not ours"));
        }

        @Override
        public void close() {
            receiver.ifPresent(StrictReceiver::close);
        }
    }

    private Outcome<Rehearsal> arrived(Run run, DryRun way, Visit visit) throws IOException {
        List<InetAddress> seen = addresses(run, way);
        return seen.isEmpty()
                ? Outcome.refused(
                        Problem.NOT_FOUND,
                        "the DNS has no address for "
                                + settings.hostname()
                                + "; name the one that mail leaves from with --ip")
                : Outcome.done(judged(run, way, new Arrival(visit, seen)));
    }

    /**
     * What came, as the world would have got it.
     *
     * @param addresses it may come from; the first is looked at
     */
    private record Arrival(Visit visit, List<InetAddress> addresses) {}

    /** Of the host whose mail the world gets, as far as it is known. */
    private List<InetAddress> addresses(Run run, DryRun way) throws IOException {
        if (run.wish().ip().isPresent()) return List.of(run.wish().ip().get());
        if (way.relay().isPresent()) {
            return List.of(way.relay().get().address().orElse(UNKNOWN_RELAY));
        }
        if (way.source().isPresent()) return List.of(way.source().get());
        return PublicAddress.of(
                run.world().resolver(),
                settings.hostname(),
                around.time().deadline(ADDRESS_LOOK_UP));
    }

    private Rehearsal judged(Run run, DryRun way, Arrival arrival) {
        Visit visit = arrival.visit();
        Client client =
                new Client(arrival.addresses().getFirst(), visit.ehlo(), visit.reversePath());
        MessageChecks checks = run.world().checks().begin(client);
        checks.feed(visit.bytes(), 0, visit.bytes().length);
        ParsedMessage message = MessageParser.parse(visit.bytes());
        Findings findings = checks.finish(FromFinder.of(message));
        Optional<String> tls = visit.tls().map(it -> it.protocol() + " " + it.cipherSuite());
        Score score =
                Score.of(
                        new Arrived(
                                visit.bytes(),
                                message,
                                findings,
                                around.time().now(),
                                Optional.of(
                                        new Arrived.Journey(
                                                tls, way.relay().map(it -> relay(run, it))))));
        List<String> notes = new ArrayList<>(way.notes());
        notes.addAll(notes(run, way, arrival.addresses()));
        notes.addAll(score.notes());
        return new Rehearsal(
                visit.bytes().length,
                new Rehearsal.Envelope(client, visit.forwardPaths()),
                new Rehearsal.Journey(
                        way.way(), way.relay().map(DryRun.Relay::name), tls, way.signing()),
                findings,
                score,
                notes);
    }

    private static Arrived.Relay relay(Run run, DryRun.Relay relay) {
        return new Arrived.Relay(
                relay.name(),
                run.wish().ip().isPresent()
                        ? Arrived.Relay.Address.TOLD
                        : Arrived.Relay.Address.UNKNOWN);
    }

    private static List<String> notes(Run run, DryRun way, List<InetAddress> addresses) {
        List<String> notes = new ArrayList<>();
        way.relay()
                .ifPresent(
                        it ->
                                notes.add(
                                        it.name()
                                                + " sends it on: the world sees its address and"
                                                + " name, and SPF has to name that service; --ip"
                                                + " tells an address of it to look at"));
        for (InetAddress other : addresses.subList(1, addresses.size())) {
            notes.add(
                    "mail may leave from "
                            + other.getHostAddress()
                            + " too; look at that with --ip");
        }
        if (!run.world().asksLists()) notes.add("no block list is configured, so none was asked");
        return notes;
    }
}
