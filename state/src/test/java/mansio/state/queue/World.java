package mansio.state.queue;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.queue.Action.Placing;
import mansio.state.queue.Failure.Stage;
import mansio.state.queue.Passage.Dispatch;
import mansio.state.queue.Passage.Result;
import mansio.state.queue.QueueSettings.Capacity;
import mansio.state.store.AccountId;
import mansio.testkit.sim.Simulation;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All servers but ours, and the sender's mailbox, outside of the programs that are killed. It
 * remembers who got what, and which final dots nobody learned the answer to.
 */
final class World implements Reports, Courier {
    static final List<String> HOSTS =
            List.of(
                    "good.example",
                    "fine.example",
                    "moody.example",
                    "busy.example",
                    "dead.example",
                    "gone.example",
                    "unknown.example",
                    World.MOVING);

    /** A domain that is {@link #ours} at times. */
    static final String MOVING = "moving.example";

    /**
     * Fates as "queue id, recipient"; the id is the first one when a message goes on as another.
     */
    final Map<String, Integer> delivered = new LinkedHashMap<>();

    final Map<String, Integer> told = new LinkedHashMap<>();
    final List<String> delays = new ArrayList<>();
    final List<String> successes = new ArrayList<>();
    final List<String> sentences = new ArrayList<>();
    final List<String> attempts = new ArrayList<>();
    final List<String> order = new ArrayList<>();

    /** Those of which a program could not know whether they have it. */
    final Set<String> cutOff = new HashSet<>();

    /** Local faults happen now and then. */
    boolean rough;

    /** Accounts whose disk is full. */
    final Set<AccountId> full = new HashSet<>();

    /** No report can be made. */
    boolean mute;

    /** True while mail for {@link #MOVING} ends here; the queue is to be told. */
    boolean ours;

    int wentHome;
    int wentAway;

    int dotsCutOff;
    int opened;
    int mostAtOnce;
    private int atOnce;
    private final Set<String> reported = new HashSet<>();
    private final Set<String> receipts = new HashSet<>();
    private final Map<String, Set<String>> unanswered = new HashMap<>();
    private final Simulation simulation;

    World(Simulation simulation) {
        this.simulation = simulation;
    }

    Queue.Means means(Simulation.Node node, Capacity capacity) {
        QueueSettings usual = QueueSettings.USUAL;
        return new Queue.Means(
                this,
                new Ways(node.name()),
                this,
                new QueueSettings(
                        usual.schedule(),
                        usual.delayNotices(),
                        usual.dotSentWait(),
                        capacity,
                        usual.keepSuppressed(),
                        usual.closeGrace()));
    }

    void kill(Simulation.Node node) {
        node.kill();
        Set<String> lost = unanswered.getOrDefault(node.name(), Set.of());
        cutOff.addAll(lost);
        dotsCutOff += lost.size();
        unanswered.remove(node.name());
        atOnce = 0;
    }

    int doubled() {
        return delivered.values().stream().mapToInt(it -> it - 1).sum();
    }

    @Override
    public Optional<QueueEntry> about(Occasion occasion) throws IOException {
        simulation.maybeYield();
        if (mute || (rough && chance(50))) throw new IOException("no report now");
        for (Recipient recipient : occasion.told()) {
            if (recipient.progress() instanceof Progress.Done(Fate.Failed(Failure why)))
                sentences.add(why.line());
        }
        List<String> names =
                occasion.told().stream().map(it -> it.forwardPath().toString()).toList();
        Action action = new Action.Deliver(new AccountId(1), Optional.empty(), Placing.INBOX);
        Address sender = occasion.entry().envelope().reversePath().orElseThrow();
        return Optional.of(
                new QueueEntry(
                        occasion.reportId(),
                        simulation.time().now(),
                        new Envelope(
                                Optional.empty(),
                                Envelope.Body.SEVEN_BIT,
                                false,
                                occasion.entry().envelope().source()),
                        occasion.entry().content(),
                        occasion.kind()
                                + " "
                                + first(occasion.entry())
                                + " "
                                + String.join(",", names),
                        List.of(Recipient.fresh(sender, action))));
    }

    /** The id that a message had at first. */
    private static String first(QueueEntry entry) {
        return entry.messageId().substring(1, entry.messageId().indexOf('@'));
    }

    private static boolean isMoving(Recipient recipient) {
        return recipient.destination().host().text().equals(MOVING);
    }

    /** Reports arrive here, and what came home. */
    @Override
    public Delivery deliver(QueueEntry entry, Recipient recipient, Optional<Arrival> arrival)
            throws IOException {
        simulation.maybeYield();
        if (recipient.action() instanceof Action.Deliver(AccountId account, var _, var _)
                && full.contains(account)) throw new IOException("its disk is full");
        if (isMoving(recipient)) return deliverMoving(entry, recipient);
        if (entry.envelope().reversePath().isPresent()) return new Delivery("INBOX");
        if (!reported.add(entry.id().toString())) return new Delivery("again");
        String[] parts = entry.messageId().split(" ", 3);
        for (String name : parts[2].split(",")) {
            String key = parts[1] + " " + name;
            switch (Kind.valueOf(parts[0])) {
                case FAILED -> told.merge(key, 1, Integer::sum);
                case DELAYED -> delays.add(key);
                case RELAYED, DELIVERED -> successes.add(parts[0] + " " + name);
            }
        }
        return new Delivery("INBOX");
    }

    private Delivery deliverMoving(QueueEntry entry, Recipient recipient) throws IOException {
        if (rough && chance(3)) throw new IOException("disk full");
        Address to = recipient.forwardPath();
        if (!ours) {
            wentAway++;
            return new Delivery("moved", Optional.of(Recipient.fresh(to, new Action.Relay())));
        }
        if (receipts.add(entry.id() + " " + to))
            delivered.merge(first(entry) + " " + to, 1, Integer::sum);
        return new Delivery("INBOX");
    }

    /** Who takes in what waits for {@link #MOVING}. */
    private final class Home implements Homecoming {
        @Override
        public boolean isOurs(Domain domain) {
            return ours && domain.text().equals(MOVING);
        }

        @Override
        public List<Result> arrive(Dispatch dispatch) throws IOException {
            simulation.maybeYield();
            if (rough && chance(20)) throw new IOException("cannot tell");
            List<Result> results = new ArrayList<>();
            for (int place = 0; place < dispatch.recipients().size(); place++) {
                Address to = dispatch.recipient(place).forwardPath();
                if (to.toString().startsWith("nobody")) {
                    Failure unknown = failure("5.1.1", Stage.ROUTE, "unknown");
                    results.add(new Result.Ended(new Fate.Failed(unknown)));
                } else if (rough && chance(10)) {
                    results.add(new Result.Deferred(failure("4.2.2", Stage.LOCAL, "full")));
                } else {
                    AccountId account = new AccountId(to.hashCode());
                    Action action = new Action.Deliver(account, Optional.empty(), Placing.INBOX);
                    results.add(new Result.GoesOn(List.of(Recipient.fresh(to, action)), "ours"));
                    wentHome++;
                }
            }
            return results;
        }
    }

    private record Host(String name) implements Carrier.Site {}

    /** The ways of one program. */
    private final class Ways implements Carrier {
        private final String program;

        Ways(String program) {
            this.program = program;
        }

        @Override
        public Lane lane(QueueEntry entry, Recipient recipient) {
            String route = ours && isMoving(recipient) ? "" : "mx";
            return new Lane(route, recipient.destination().host().text());
        }

        @Override
        public boolean leadsHome(Lane lane) {
            return ours && lane.equals(new Lane("", MOVING));
        }

        @Override
        public Way way(Lane lane) throws IOException {
            simulation.maybeYield();
            if (rough && chance(30)) throw new IOException("no socket");
            if (leadsHome(lane)) return new Way.Home(new Home());
            return switch (lane.domain()) {
                case "gone.example" ->
                        new Way.Fail(failure("5.1.2", Stage.ROUTE, "no such domain"));
                case "unknown.example" ->
                        new Way.Later(failure("4.4.3", Stage.ROUTE, "no answer of the DNS"));
                case "fine.example" -> new Way.To(new Host("good.example"), Terms.USUAL);
                default -> new Way.To(new Host(lane.domain()), Terms.USUAL);
            };
        }

        @Override
        public Opening open(Site site, Lane lane) {
            opened++;
            atOnce++;
            mostAtOnce = Math.max(mostAtOnce, atOnce);
            boolean dead = site.name().endsWith("dead.example");
            simulation.time().sleep(dead ? Duration.ofSeconds(30) : Duration.ofMillis(50));
            boolean refused = dead || (site.name().equals("moody.example") && chance(4));
            if (!refused) return new Opening.Opened(new Line(program, site.name()));
            atOnce--;
            return new Opening.NotNow(failure("4.4.1", Stage.CONNECT, "no answer of " + site));
        }
    }

    private boolean chance(int ofSo) {
        return simulation.random().nextInt(ofSo) == 0;
    }

    private Failure failure(String status, Stage stage, String sentence) {
        return Failure.here(stage, status, sentence, simulation.time().now());
    }

    /** A connection. */
    private final class Line implements Passage {
        private final String program;
        private final String site;
        private State state = State.USABLE;
        private boolean closed;

        Line(String program, String site) {
            this.program = program;
            this.site = site;
        }

        @Override
        public String host() {
            return site + "[192.0.2.7]";
        }

        @Override
        public String tls() {
            return "";
        }

        @Override
        public boolean fits(Carrier.Lane lane) {
            return true;
        }

        @Override
        public State state() {
            return state;
        }

        @Override
        public List<Result> send(Dispatch dispatch, BeforeDot beforeDot) {
            assertThat(state).isEqualTo(State.USABLE);
            unanswered.getOrDefault(program, new HashSet<>()).removeAll(answered);
            answered.clear();
            simulation.time().sleep(Duration.ofMillis(100));
            List<Result> results = new ArrayList<>();
            List<Integer> places = new ArrayList<>();
            for (int place = 0; place < dispatch.recipients().size(); place++) {
                Recipient recipient = dispatch.recipient(place);
                attempts.add(dispatch.entry().id() + " " + recipient.forwardPath());
                results.add(answer(recipient));
                if (results.get(place) instanceof Result.Ended(Fate.Delivered _)) places.add(place);
            }
            if (places.isEmpty()) return results;
            if (moody(6)) return broken(dispatch, results, places, Stage.DATA);
            try {
                beforeDot.dotFollows(places);
            } catch (IOException e) {
                return broken(dispatch, results, places, Stage.DATA);
            }
            for (int place : places) {
                String key = key(dispatch, place);
                answered.add(key);
                unanswered.computeIfAbsent(program, _ -> new LinkedHashSet<>()).add(key);
            }
            simulation.time().sleep(Duration.ofMillis(50));
            boolean lost = moody(6);
            boolean taken = !lost || chance(2);
            for (int place : places) {
                String key = key(dispatch, place);
                if (lost) cutOff.add(key);
                if (!taken) continue;
                delivered.merge(key, 1, Integer::sum);
                order.add(dispatch.recipient(place).forwardPath().toString());
            }
            if (lost) dotsCutOff += places.size();
            simulation.time().sleep(Duration.ofMillis(50));
            return lost ? broken(dispatch, results, places, Stage.DOT) : results;
        }

        private final Set<String> answered = new LinkedHashSet<>();

        private String key(Dispatch dispatch, int place) {
            return first(dispatch.entry()) + " " + dispatch.recipient(place).forwardPath();
        }

        private boolean moody(int ofSo) {
            return site.equals("moody.example") && chance(ofSo);
        }

        private List<Result> broken(
                Dispatch dispatch, List<Result> results, List<Integer> places, Stage stage) {
            state = State.BROKEN;
            for (int place : places) {
                results.set(
                        place,
                        new Result.Deferred(failure("4.4.2", stage, "lost " + dispatch.lane())));
            }
            return results;
        }

        private Result answer(Recipient recipient) {
            var now = simulation.time().now();
            if (recipient.forwardPath().toString().startsWith("nobody"))
                return new Result.Ended(
                        new Fate.Failed(
                                new Failure(
                                        "5.1.1",
                                        Stage.RCPT,
                                        host(),
                                        "550 5.1.1 unknown",
                                        "refused",
                                        now)));
            boolean busy = site.equals("busy.example") || moody(5);
            if (site.equals(MOVING)) busy = !chance(6);
            return busy
                    ? new Result.Deferred(
                            new Failure("4.2.1", Stage.RCPT, host(), "450 try later", "busy", now))
                    : new Result.Ended(
                            new Fate.Delivered(
                                    host(), "250 ok", "", site.equals("polite.example")));
        }

        @Override
        public void close() {
            if (!closed) atOnce--;
            closed = true;
            unanswered.getOrDefault(program, new HashSet<>()).removeAll(answered);
            answered.clear();
        }
    }
}
