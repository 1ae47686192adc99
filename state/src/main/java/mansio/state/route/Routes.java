package mansio.state.route;

import mansio.codec.text.Address;
import mansio.net.time.Time;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.route.RouteTarget.LogIn;
import mansio.state.route.RouteTarget.Relay;
import mansio.state.seal.Seal;
import mansio.state.store.Page;
import mansio.state.store.Partition;
import mansio.state.store.Range;
import mansio.state.store.Reads;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The routes, as they stand in the directory partition and in memory. Questions read one table that
 * never changes; a change is written first and then replaces it.
 *
 * <p>Safe for use by any thread. The lock is held around a whole change, its disk write included.
 */
public final class Routes {
    /** There are never more. */
    public static final int MAX_ROUTES = 5_000;

    private static final int PAGE = 1_000;

    private final Partition directory;
    private final Seal seal;
    private final Time time;
    private final OwnDoors ours;
    private final ReentrantLock changing = new ReentrantLock();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile RouteTable table;

    private Routes(Partition directory, Seal seal, Time time, OwnDoors ours) throws IOException {
        this.directory = directory;
        this.seal = seal;
        this.time = time;
        this.ours = ours;
        this.table = load(directory);
    }

    /**
     * Reads the routes.
     *
     * @param directory the directory partition
     * @param ours where no route may lead
     */
    public static Routes open(Partition directory, Seal seal, Time time, OwnDoors ours)
            throws IOException {
        return new Routes(directory, seal, time, ours);
    }

    private static RouteTable load(Partition directory) throws IOException {
        List<RemoteRoute> all = new ArrayList<>();
        Range range = Range.prefix(RouteRows.ROUTES);
        Page page;
        do {
            page = directory.scan(range, Reads.Direction.FORWARD, PAGE, Reads.MAX_SCAN_BYTES);
            page.entries().forEach(entry -> all.add(RouteRows.route(entry.value())));
            if (page.more()) range = new Range(page.entries().getLast().key().next(), range.to());
        } while (page.more());
        return new RouteTable(all);
    }

    /** What becomes of a route that is there already. */
    public enum IfThere {
        REFUSE,
        REPLACE
    }

    /** Whether {@link #add} can tell a target that is this server itself. */
    public boolean knowsOwnDoors() {
        return ours.known();
    }

    /** All routes, in the order of their names. */
    public List<RemoteRoute> all() {
        return table.all();
    }

    /** The route of that name; empty when it is gone. */
    public Optional<RemoteRoute> named(String name) {
        return table.named(name);
    }

    /**
     * The route for a message; empty when none is for it.
     *
     * @param reversePath the one that goes out; empty for the null reverse-path, which is nobody's
     */
    public Optional<RemoteRoute> find(Optional<Address> reversePath, Address destination) {
        return table.find(reversePath, destination);
    }

    /**
     * The password that a route logs in with.
     *
     * @return the caller wipes it
     * @throws IOException with a sentence for the administrator: it cannot be opened
     */
    public byte[] password(RemoteRoute route) throws IOException {
        LogIn logIn = route.target().relay().flatMap(Relay::logIn).orElseThrow();
        return seal.open(purpose(route.pattern()), logIn.sealed());
    }

    /** Adds or replaces a route. */
    public Outcome<RemoteRoute> add(NewRoute wish, IfThere ifThere) throws IOException {
        RouteReader.Read read;
        try {
            read = new RouteReader(wish).read();
            refuseOurselves(read.target());
        } catch (BadRouteException e) {
            return Outcome.refused(Problem.INVALID, String.valueOf(e.getMessage()));
        }
        changing.lock();
        try {
            boolean there = table.named(read.pattern().text()).isPresent();
            if (there && ifThere == IfThere.REFUSE) {
                return Outcome.refused(
                        Problem.EXISTS,
                        "there is a route for "
                                + read.pattern().text()
                                + " already; add it with --replace, or remove that one first");
            }
            if (!there && table.all().size() >= MAX_ROUTES) {
                return Outcome.refused(Problem.INVALID, "there are " + MAX_ROUTES + " routes");
            }
            RemoteRoute route =
                    new RemoteRoute(read.pattern(), withLogIn(read), read.settings(), time.now());
            directory.write(
                    turn -> {
                        turn.put(RouteRows.key(route.pattern()), RouteRows.encode(route));
                        return true;
                    });
            changed();
            return Outcome.done(route);
        } finally {
            changing.unlock();
        }
    }

    private void refuseOurselves(RouteTarget target) throws BadRouteException {
        for (Endpoint host : target.relay().map(Relay::hosts).orElse(List.of())) {
            if (ours.lead(host)) {
                throw new BadRouteException(
                        host + " is this server itself; mail would go round for ever");
            }
        }
    }

    private RouteTarget withLogIn(RouteReader.Read read) throws IOException {
        if (read.logIn().isEmpty()) return read.target();
        NewRoute.LogIn given = read.logIn().get();
        LogIn logIn =
                new LogIn(given.user().orElseThrow(), sealed(read.pattern(), given.password()));
        return switch (read.target()) {
            case Relay relay -> with(relay, logIn);
            case RouteTarget.Direct(TlsMode tls, Optional<Relay> fallback) ->
                    new RouteTarget.Direct(tls, fallback.map(it -> with(it, logIn)));
            case RouteTarget.Discard(), RouteTarget.Hold() -> read.target();
        };
    }

    private byte[] sealed(RoutePattern pattern, String password) throws IOException {
        byte[] bytes = password.getBytes(StandardCharsets.UTF_8);
        try {
            return seal.seal(purpose(pattern), bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static Relay with(Relay relay, LogIn logIn) {
        return new Relay(relay.protocol(), relay.hosts(), relay.tls(), Optional.of(logIn));
    }

    private static String purpose(RoutePattern pattern) {
        return "route " + pattern.text();
    }

    /** Removes a route. */
    public Outcome<RemoteRoute> remove(RoutePattern pattern) throws IOException {
        changing.lock();
        try {
            Optional<RemoteRoute> route = table.named(pattern.text());
            if (route.isEmpty()) {
                return Outcome.refused(
                        Problem.NOT_FOUND, "there is no route for " + pattern.text());
            }
            directory.writeFreeing(
                    turn -> {
                        turn.delete(RouteRows.key(pattern));
                        return true;
                    });
            changed();
            return Outcome.done(route.get());
        } finally {
            changing.unlock();
        }
    }

    private void changed() throws IOException {
        table = load(directory);
        listeners.forEach(Runnable::run);
    }

    /**
     * Calls {@code listener} after each change, on the thread that made it and before it returns:
     * return at once.
     */
    public void listen(Runnable listener) {
        listeners.add(listener);
    }
}
