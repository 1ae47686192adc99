package mansio.state.queue;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.smtp.RcptParameters.Notify;
import mansio.codec.text.Address;
import mansio.state.mailbox.Derived;
import mansio.state.mailbox.ThreadKeys;
import mansio.state.queue.Action.Placing;
import mansio.state.queue.Courier.Arrival;
import mansio.state.queue.Envelope.Body;
import mansio.state.queue.Envelope.Source;
import mansio.state.store.AccountId;
import mansio.state.store.BlobWriter;
import mansio.state.store.Content;
import mansio.state.store.MemoryDisk;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.state.story.Stories;
import mansio.state.story.StoryLine;
import mansio.testkit.sim.Seeds;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Programs that accept mail, deliver it to mailboxes that sometimes fail, and are killed at any
 * moment. What was accepted is delivered to each account; an account that keeps receipts sees it
 * once; who wants to be told of success is told once; no id is used twice; nothing stays behind.
 */
class QueueSimulationTest {
    private static final int LIVES = 6;
    private static final int ACCOUNTS = 4;
    private static final ReportWish TELL_SUCCESS =
            new ReportWish(Optional.of(Set.of(Notify.SUCCESS)), Optional.empty());
    private static final Derived NOTHING = new Derived(new byte[0], new byte[0], ThreadKeys.NONE);

    /** Mailboxes that keep receipts, the sender's too, outside of the program that is killed. */
    private static final class Mailboxes implements Courier, Reports {
        static final AccountId SENDER = new AccountId(ACCOUNTS + 1_000);
        final Simulation simulation;
        final Set<String> receipts = new HashSet<>();
        final List<String> delivered = new ArrayList<>();

        /** Of what the sender was told, "queue id, address". */
        final List<String> told = new ArrayList<>();

        Mailboxes(Simulation simulation) {
            this.simulation = simulation;
        }

        @Override
        public Delivery deliver(QueueEntry entry, Recipient recipient, Optional<Arrival> arrival)
                throws IOException {
            simulation.maybeYield();
            if (simulation.random().nextInt(4) == 0) throw new IOException("the mailbox is busy");
            String receipt = entry.id() + " " + recipient.action();
            if (receipts.add(receipt)) {
                delivered.add(receipt);
                if (entry.envelope().reversePath().isEmpty())
                    told.addAll(List.of(entry.messageId().split(",")));
            } else {
                assertThat(arrival)
                        .as("a first attempt cannot find a receipt: " + receipt)
                        .isEmpty();
            }
            simulation.maybeYield();
            return new Delivery("INBOX");
        }

        @Override
        public Optional<QueueEntry> about(Occasion occasion) throws IOException {
            simulation.maybeYield();
            if (simulation.random().nextInt(8) == 0) throw new IOException("no report now");
            assertThat(occasion.kind()).isEqualTo(Kind.DELIVERED);
            Address sender = occasion.entry().envelope().reversePath().orElseThrow();
            Action action = new Action.Deliver(SENDER, Optional.empty(), Placing.INBOX);
            return Optional.of(
                    new QueueEntry(
                            occasion.reportId(),
                            occasion.now(),
                            new Envelope(
                                    Optional.empty(),
                                    Body.SEVEN_BIT,
                                    false,
                                    occasion.entry().envelope().source()),
                            occasion.entry().content(),
                            occasion.told().stream()
                                    .map(it -> occasion.entry().id() + " " + it.forwardPath())
                                    .collect(Collectors.joining(",")),
                            List.of(Recipient.fresh(sender, action))));
        }

        Queue.Means means() {
            return new Queue.Means(
                    this, new NoCarrier("not in this test"), this, QueueSettings.USUAL);
        }
    }

    private final Map<QueueId, QueueEntry> accepted = new HashMap<>();
    private final Set<QueueId> used = new HashSet<>();

    static LongStream seeds() {
        return Seeds.of(20);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void whatIsAcceptedIsDelivered(long seed) {
        Simulation.run(seed, this::lives);
    }

    private void lives(Simulation simulation) throws Exception {
        MemoryDisk disk = new MemoryDisk();
        Mailboxes mailboxes = new Mailboxes(simulation);
        for (int life = 0; life < LIVES; life++) {
            Simulation.Node node = simulation.node("life" + life);
            node.start("accepts", () -> accept(simulation, node, disk, mailboxes));
            simulation.time().sleep(Duration.ofMillis(simulation.random().nextInt(1, 3_000)));
            node.kill();
            disk.crash(simulation.random());
            if (simulation.random().nextBoolean()) simulation.moveWallClock(Duration.ofMinutes(-5));
        }
        settle(simulation, disk, mailboxes);
    }

    private void accept(
            Simulation simulation, Simulation.Node node, MemoryDisk disk, Mailboxes mailboxes) {
        try {
            Store store = store(simulation, node, disk);
            Queue queue =
                    new Queue(
                            store, 2, mailboxes.means(), new Queue.Around(simulation.time(), node));
            queue.start();
            while (true) {
                simulation.time().sleep(Duration.ofMillis(simulation.random().nextInt(200)));
                acceptOne(simulation, store, queue);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void acceptOne(Simulation simulation, Store store, Queue queue) throws IOException {
        try (BlobWriter blob = store.blobs().create()) {
            byte[] text = "Subject: x\r\n\r\nbody\r\n".getBytes(StandardCharsets.UTF_8);
            blob.write(text, 0, text.length);
            blob.finish();
            QueueId id = queue.newId();
            assertThat(used.add(id)).as("id %s is new", id).isTrue();
            QueueEntry entry = entry(id, simulation, Content.of(blob.id(), blob.length()));
            StoryLine line =
                    new StoryLine(simulation.time().now(), "received", "accepted", "in a test");
            queue.accept(entry, List.of(line), Optional.of(new Arrival(NOTHING)));
            accepted.put(id, entry);
        }
    }

    private static QueueEntry entry(QueueId id, Simulation simulation, Content content) {
        List<Recipient> recipients = new ArrayList<>();
        RandomGenerator random = simulation.random();
        int count = random.nextInt(10) == 0 ? 90 : random.nextInt(1, ACCOUNTS + 1);
        for (int i = 0; i < count; i++) {
            Action action = new Action.Deliver(new AccountId(i), Optional.empty(), Placing.INBOX);
            recipients.add(
                    Recipient.fresh(
                            Address.parse("user" + i + "@example.org"),
                            action,
                            random.nextInt(3) == 0 ? TELL_SUCCESS : ReportWish.NONE));
        }
        Source source = new Source("192.0.2.1", "client.example", "ESMTP", Optional.empty(), "s1");
        Envelope envelope =
                new Envelope(
                        Optional.of(Address.parse("sender@example.com")),
                        Body.SEVEN_BIT,
                        false,
                        source);
        return new QueueEntry(
                id,
                simulation.time().now(),
                envelope,
                content,
                "m" + id + "@example.com",
                recipients);
    }

    /** A last life that is not killed. */
    private void settle(Simulation simulation, MemoryDisk disk, Mailboxes mailboxes)
            throws IOException {
        Store store = store(simulation, simulation.node("last"), disk);
        Queue queue =
                new Queue(
                        store,
                        2,
                        mailboxes.means(),
                        new Queue.Around(simulation.time(), simulation.threads()));
        queue.start();
        simulation.time().sleep(Duration.ofHours(2));
        queue.close();
        assertThat(accepted).isNotEmpty();
        assertThat(mailboxes.delivered).doesNotHaveDuplicates();
        List<String> wanted = new ArrayList<>();
        for (QueueEntry entry : accepted.values()) {
            for (Recipient recipient : entry.recipients()) {
                assertThat(mailboxes.receipts).contains(entry.id() + " " + recipient.action());
                if (recipient.wish().equals(TELL_SUCCESS))
                    wanted.add(entry.id() + " " + recipient.forwardPath());
            }
        }
        assertThat(mailboxes.told).containsExactlyInAnyOrderElementsOf(wanted);
        assertThat(queue.list(Queue.FIRST, 100)).isEmpty();
        Stories stories =
                new Stories(
                        Queue.shardPartitions(store, 2), simulation.time(), Duration.ofDays(30));
        for (QueueEntry entry : accepted.values()) {
            var found = stories.byTerm(entry.messageId(), 10);
            assertThat(found).hasSize(1);
            assertThat(found.getFirst().lines().getFirst().step()).isEqualTo("received");
            assertThat(stories.byQueueId(entry.id().value(), entry.received()))
                    .contains(found.getFirst());
        }
    }

    private static Store store(Simulation simulation, Simulation.Node node, MemoryDisk disk) {
        return new Stores(
                        new Surroundings(
                                simulation.time(), node, simulation.random(), (_, _) -> {}))
                .memory(disk);
    }
}
