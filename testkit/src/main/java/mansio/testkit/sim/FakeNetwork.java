package mansio.testkit.sim;

import mansio.net.dial.Dialer;
import mansio.net.dial.Target;
import mansio.net.listen.Connection;
import mansio.net.listen.Service;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A network in a {@link Simulation}: bytes travel for a while, arrive in pieces, and some
 * connections are reset or fall silent, as the seed will have it. Used by the simulation's threads
 * only.
 */
public final class FakeNetwork implements Dialer {
    private static final int MAX_BYTES_BEFORE_FAULT = 4000;

    private final Simulation simulation;
    private final Faults faults;
    private final SplittableRandom random;
    private final Map<InetSocketAddress, Served> services = new HashMap<>();
    private final List<FakeConnection> connections = new ArrayList<>();
    private int count;

    private record Served(Simulation.Node node, Service service) {}

    public FakeNetwork(Simulation simulation, Faults faults) {
        this.simulation = simulation;
        this.faults = faults;
        this.random = new SplittableRandom(simulation.random().nextLong());
        simulation.onKill(this::killed);
    }

    /** Accepts connections at {@code address}; each is served on a new thread of {@code node}. */
    public void serve(InetSocketAddress address, Simulation.Node node, Service service) {
        services.put(address, new Served(node, service));
    }

    /** Refuses new connections at {@code address}. */
    public void stop(InetSocketAddress address) {
        services.remove(address);
    }

    /** Does so too, and ends the waits between commands, as a listener does that stops. */
    public void shutDown(InetSocketAddress address) {
        stop(address);
        for (FakeConnection connection : List.copyOf(connections)) {
            if (connection.local().equals(address)) {
                connection.shutDown();
            }
        }
    }

    @Override
    public Connection dial(Target target, long deadlineNanos) throws IOException {
        simulation.time().sleep(Duration.ofNanos(random.nextLong(1, nanos() + 1)));
        Served served = services.get(target.address());
        if (served == null || !(target.address() instanceof InetSocketAddress address)) {
            throw new ConnectException("Connection refused");
        }
        String id = "c" + ++count;
        InetSocketAddress caller =
                new InetSocketAddress(target.source().orElse(address.getAddress()), 20_000 + count);
        Pipe there = new Pipe(simulation, random.split(), faults.maxDelay());
        Pipe back = new Pipe(simulation, random.split(), faults.maxDelay());
        FakeConnection ours =
                new FakeConnection(
                        new FakeConnection.Ends(id, caller, address),
                        simulation.currentNode(),
                        back,
                        there);
        FakeConnection theirs =
                new FakeConnection(
                        new FakeConnection.Ends(id, address, caller), served.node, there, back);
        connections.add(ours);
        connections.add(theirs);
        ours.deadline(deadlineNanos);
        arrangeFault(ours);
        served.node.start("serve-" + id, () -> serve(served.service, theirs));
        return ours;
    }

    private long nanos() {
        return faults.maxDelay().toNanos();
    }

    private void serve(Service service, FakeConnection connection) {
        try {
            service.serve(connection);
        } catch (IOException e) {
            simulation.trace(connection.id() + " ended: " + e.getMessage());
        } finally {
            connection.close();
            connections.remove(connection);
        }
    }

    private void arrangeFault(FakeConnection connection) {
        double fate = random.nextDouble();
        if (fate < faults.resetChance()) {
            connection.resetAfter(random.nextInt(MAX_BYTES_BEFORE_FAULT));
        } else if (fate < faults.resetChance() + faults.silenceChance()) {
            connection.silentAfter(random.nextInt(MAX_BYTES_BEFORE_FAULT));
        }
    }

    private void killed(Simulation.Node node) {
        services.values().removeIf(served -> served.node == node);
        for (FakeConnection connection : List.copyOf(connections)) {
            if (connection.node() == node) {
                connection.reset();
                connections.remove(connection);
            }
        }
    }
}
