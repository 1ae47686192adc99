package mansio.state.queue;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.net.time.Threads;
import mansio.state.queue.Action.Placing;
import mansio.state.queue.Envelope.Body;
import mansio.state.queue.Envelope.Source;
import mansio.state.store.AccountId;
import mansio.state.store.BlobWriter;
import mansio.state.store.Content;
import mansio.state.store.MemoryDisk;
import mansio.state.store.Partition;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** What becomes of deliveries that fail. */
class LocalDeliveriesTest {
    /** Reads, but notes nothing any more. */
    private static Partition full(Partition shard) {
        return (Partition)
                Proxy.newProxyInstance(
                        Partition.class.getClassLoader(),
                        new Class<?>[] {Partition.class},
                        (_, method, arguments) -> {
                            if (method.getName().equals("writeLazily")) {
                                throw new IOException("the disk is full");
                            }
                            return method.invoke(shard, arguments);
                        });
    }

    private static Store store(Simulation simulation, Simulation.Node node) throws IOException {
        return new Stores(
                        new Surroundings(
                                simulation.time(), node, simulation.random(), (_, _) -> {}))
                .memory(new MemoryDisk());
    }

    /** Accepts a message that a courier never brings anywhere. */
    private static void attempts(Simulation simulation, Courier courier) throws IOException {
        Simulation.Node node = simulation.node("mansio");
        Store store = store(simulation, node);
        Partition shard = store.partition(PartitionId.queueShard(0));
        LocalDeliveries deliveries =
                new LocalDeliveries(
                        books(full(shard), courier, simulation), courier, simulation.time(), node);
        deliveries.start();
        try (BlobWriter blob = store.blobs().create()) {
            blob.write(new byte[] {'x'}, 0, 1);
            blob.finish();
            QueueEntry entry = entry(QueueId.of(0, 1), Content.of(blob.id(), blob.length()));
            shard.write(
                    turn -> {
                        EntryTable.insert(turn, entry);
                        return entry.id();
                    });
            deliveries.enter();
            deliveries.now(entry, Optional.empty());
        }
        simulation.time().sleep(Duration.ofMinutes(60));
        deliveries.close();
    }

    private static Bookkeeping books(Partition shard, Courier courier, Simulation simulation) {
        return new Bookkeeping(
                new Bookkeeping.Parts(
                        List.of(shard),
                        List.of(),
                        new Lanes(simulation.time(), QueueSettings.USUAL),
                        FreshEntries.usual(simulation.time()),
                        simulation.time()),
                Queue.Means.local(courier),
                _ -> {});
    }

    private static QueueEntry entry(QueueId id, Content content) {
        return new QueueEntry(
                id,
                Instant.EPOCH,
                new Envelope(
                        Optional.empty(),
                        Body.EIGHT_BIT_MIME,
                        false,
                        new Source("192.0.2.1", "client.example", "ESMTP", Optional.empty(), "s")),
                content,
                "",
                List.of(
                        Recipient.fresh(
                                Address.parse("anna@example.org"),
                                new Action.Deliver(
                                        new AccountId(1), Optional.empty(), Placing.INBOX))));
    }

    @Test
    void anEntryWaitsOnceHoweverMuchFails() {
        Simulation.run(
                1,
                simulation -> {
                    AtomicInteger tried = new AtomicInteger();
                    attempts(
                            simulation,
                            (_, _, _) -> {
                                tried.incrementAndGet();
                                throw new IOException("no room");
                            });
                    // After 10 s, 20 s, 40 s, ... 640 s, each once.
                    assertThat(tried.get()).isBetween(8, 14);
                });
    }

    @Test
    void anErrorOfOursCostsTheAttemptNotTheEntry() {
        Simulation.run(
                2,
                simulation -> {
                    AtomicInteger tried = new AtomicInteger();
                    attempts(
                            simulation,
                            (_, _, _) -> {
                                tried.incrementAndGet();
                                throw new StackOverflowError("a bug, for the test");
                            });
                    assertThat(tried.get()).isBetween(8, 14);
                });
    }

    /** Else a client that gives up meanwhile sends again what is there already. */
    @Test
    void whoWaitsForRoomHasNothingDurableYet() {
        Simulation.run(
                3,
                simulation -> {
                    Simulation.Node node = simulation.node("mansio");
                    Store store = store(simulation, node);
                    Courier slow =
                            (_, _, _) -> {
                                simulation.time().sleep(Duration.ofMinutes(10));
                                return new Courier.Delivery("INBOX");
                            };
                    Queue queue =
                            new Queue(store, 1, slow, new Queue.Around(simulation.time(), node));
                    queue.start();
                    AtomicInteger accepted = new AtomicInteger();
                    node.start("accepts", () -> acceptAll(store, queue, accepted));
                    simulation.time().sleep(Duration.ofMinutes(5));
                    assertThat(accepted.get()).isEqualTo(LocalDeliveries.MAX_UNDER_WAY);
                    assertThat(queue.list(Queue.FIRST, 1_000)).hasSize(accepted.get());
                    simulation.time().sleep(Duration.ofMinutes(20));
                    assertThat(accepted.get()).isEqualTo(LocalDeliveries.MAX_UNDER_WAY + 1);
                    assertThat(queue.list(Queue.FIRST, 1_000)).isEmpty();
                    queue.close();
                });
    }

    /** Who closes what cannot begin closes it again when it ends. */
    @Test
    void closingTwiceIsClosingOnce() {
        Simulation.run(
                4,
                simulation -> {
                    Simulation.Node node = simulation.node("mansio");
                    Queue queue =
                            new Queue(
                                    store(simulation, node),
                                    1,
                                    (_, _, _) -> new Courier.Delivery("INBOX"),
                                    new Queue.Around(simulation.time(), node));
                    queue.start();
                    queue.close();
                    queue.close();
                });
    }

    /** What cannot begin, for want of a thread, is not waited for when the queue closes. */
    @Test
    void anAttemptWithoutAThreadIsMadeLater() {
        Simulation.run(
                5,
                simulation -> {
                    Simulation.Node node = simulation.node("mansio");
                    Store store = store(simulation, node);
                    AtomicInteger refused = new AtomicInteger();
                    Threads scarce =
                            (name, task) -> {
                                if (name.startsWith("deliver-") && refused.getAndIncrement() < 3) {
                                    throw new OutOfMemoryError("no thread, for the test");
                                }
                                return node.start(name, task);
                            };
                    AtomicInteger delivered = new AtomicInteger();
                    Courier courier =
                            (_, _, _) -> {
                                delivered.incrementAndGet();
                                return new Courier.Delivery("INBOX");
                            };
                    Queue queue =
                            new Queue(
                                    store, 1, courier, new Queue.Around(simulation.time(), scarce));
                    queue.start();
                    accept(store, queue);
                    simulation.time().sleep(Duration.ofMinutes(10));
                    assertThat(refused.get()).isEqualTo(4);
                    assertThat(delivered.get()).isEqualTo(1);
                    queue.close();
                });
    }

    private static void acceptAll(Store store, Queue queue, AtomicInteger accepted) {
        for (int i = 0; i <= LocalDeliveries.MAX_UNDER_WAY; i++) {
            try {
                accept(store, queue);
                accepted.incrementAndGet();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static void accept(Store store, Queue queue) throws IOException {
        try (BlobWriter blob = store.blobs().create()) {
            blob.write(new byte[] {'x'}, 0, 1);
            blob.finish();
            QueueEntry entry = entry(queue.newId(), Content.of(blob.id(), blob.length()));
            queue.accept(entry, List.of(), Optional.empty());
        }
    }
}
