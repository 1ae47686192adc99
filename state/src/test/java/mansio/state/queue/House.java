package mansio.state.queue;

import mansio.codec.text.Address;
import mansio.net.time.Threads;
import mansio.state.queue.Courier.Arrival;
import mansio.state.queue.Envelope.Body;
import mansio.state.queue.Envelope.Source;
import mansio.state.queue.QueueSettings.Capacity;
import mansio.state.store.BlobWriter;
import mansio.state.store.Content;
import mansio.state.store.MemoryDisk;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.state.story.StoryLine;
import mansio.testkit.sim.Simulation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** One life of a program: a store on the disk, and a queue that sends into a {@link World}. */
final class House {
    final Store store;
    final Queue queue;

    /** Where it sends to; empty of deeds where the queue was given others. */
    final World world;

    private final Simulation simulation;

    /** What is done to one program that nobody kills. */
    interface Life {
        void live(Simulation simulation, House house) throws Exception;
    }

    /** One program on a disk of its own, its queue started. */
    static void alone(long seed, Life life) {
        alone(seed, QueueSettings.USUAL.capacity(), life);
    }

    static void alone(long seed, Capacity capacity, Life life) {
        Simulation.run(
                seed,
                simulation -> {
                    House house =
                            new House(
                                    simulation,
                                    simulation.node("program"),
                                    new MemoryDisk(),
                                    new World(simulation),
                                    capacity);
                    house.queue.start();
                    life.live(simulation, house);
                });
    }

    House(Simulation simulation, Simulation.Node node, MemoryDisk disk, World world)
            throws IOException {
        this(simulation, node, disk, world, QueueSettings.USUAL.capacity());
    }

    House(
            Simulation simulation,
            Simulation.Node node,
            MemoryDisk disk,
            World world,
            Capacity capacity)
            throws IOException {
        this(simulation, node, disk, world, world.means(node, capacity));
    }

    House(
            Simulation simulation,
            Simulation.Node node,
            MemoryDisk disk,
            World world,
            Carrier carrier)
            throws IOException {
        this(
                simulation,
                node,
                disk,
                world,
                new Queue.Means(world, carrier, world, QueueSettings.USUAL));
    }

    House(Simulation simulation, Threads node, MemoryDisk disk, Queue.Means means)
            throws IOException {
        this(simulation, node, disk, new World(simulation), means);
    }

    private House(
            Simulation simulation, Threads node, MemoryDisk disk, World world, Queue.Means means)
            throws IOException {
        this.simulation = simulation;
        this.world = world;
        store =
                new Stores(
                                new Surroundings(
                                        simulation.time(), node, simulation.random(), (_, _) -> {}))
                        .memory(disk);
        queue = new Queue(store, 2, means, new Queue.Around(simulation.time(), node));
    }

    /** Accepts a message for recipients elsewhere. */
    QueueEntry accept(List<String> to) throws IOException {
        return accept(queue.newId(), to);
    }

    /** Accepts a message whose id was made before. */
    QueueEntry accept(QueueId id, List<String> to) throws IOException {
        return acceptFor(
                id,
                to.stream()
                        .map(it -> Recipient.fresh(Address.parse(it), new Action.Relay()))
                        .toList());
    }

    /** Accepts a message for recipients of any kind. */
    QueueEntry acceptFor(List<Recipient> to) throws IOException {
        return acceptFor(queue.newId(), to);
    }

    private QueueEntry acceptFor(QueueId id, List<Recipient> to) throws IOException {
        try (BlobWriter blob = store.blobs().create()) {
            byte[] text = "Subject: x\r\n\r\nbody\r\n".getBytes(StandardCharsets.UTF_8);
            blob.write(text, 0, text.length);
            blob.finish();
            QueueEntry entry = entry(id, Content.of(blob.id(), blob.length()), to);
            StoryLine line =
                    new StoryLine(simulation.time().now(), "received", "accepted", "in a test");
            queue.accept(entry, List.of(line), Optional.<Arrival>empty());
            return entry;
        }
    }

    private QueueEntry entry(QueueId id, Content content, List<Recipient> to) {
        Source source = new Source("192.0.2.1", "client.example", "ESMTP", Optional.empty(), "s1");
        Envelope envelope =
                new Envelope(
                        Optional.of(Address.parse("sender@example.com")),
                        Body.SEVEN_BIT,
                        false,
                        source);
        return new QueueEntry(
                id, simulation.time().now(), envelope, content, "m" + id + "@example.com", to);
    }
}
