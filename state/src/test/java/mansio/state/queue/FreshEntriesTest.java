package mansio.state.queue;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.state.store.BlobId;
import mansio.state.store.Content;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

class FreshEntriesTest {
    private static QueueEntry entry(long number, int inlineBytes) {
        return new QueueEntry(
                QueueId.of(0, number),
                Instant.EPOCH,
                new Envelope(
                        Optional.empty(),
                        Envelope.Body.SEVEN_BIT,
                        false,
                        new Envelope.Source("192.0.2.1", "c", "ESMTP", Optional.empty(), "s")),
                Content.of(new BlobId(1, number), 10).prepend(new byte[inlineBytes]),
                "m",
                List.of(Recipient.fresh(Address.parse("ann@good.example"), new Action.Relay())));
    }

    @Test
    void anEntryIsKnownFromItsWriteToItsNextTurn() {
        Simulation.run(
                1,
                simulation -> {
                    FreshEntries fresh = new FreshEntries(simulation.time(), 1 << 20);
                    QueueEntry entry = entry(1, 0);
                    fresh.inserting(entry, 7);
                    assertThat(fresh.find(entry.id())).as("before it is durable").isEmpty();
                    fresh.written(entry, 7);
                    assertThat(fresh.find(entry.id())).contains(entry);
                    fresh.changing(entry.id(), 8);
                    assertThat(fresh.find(entry.id())).as("a turn changes it").isEmpty();
                    fresh.written(entry, 8);
                    fresh.forget(entry.id());
                    fresh.written(entry, 8);
                    assertThat(fresh.find(entry.id())).as("forgotten").isEmpty();
                });
    }

    /** Turns go in order; those who wait for their writes wake in any. */
    @Test
    void aLateWriterDoesNotBringBackAnOldState() {
        Simulation.run(
                1,
                simulation -> {
                    FreshEntries fresh = new FreshEntries(simulation.time(), 1 << 20);
                    QueueEntry entry = entry(1, 0);
                    QueueEntry later =
                            entry.with(
                                    List.of(
                                            entry.recipients()
                                                    .getFirst()
                                                    .with(
                                                            Progress.Waiting.FRESH.dueAt(
                                                                    Instant.ofEpochSecond(9)))));
                    fresh.inserting(entry, 7);
                    fresh.written(entry, 7);
                    fresh.changing(entry.id(), 8);
                    fresh.changing(entry.id(), 9);
                    fresh.written(entry, 8);
                    assertThat(fresh.find(entry.id())).isEmpty();
                    fresh.written(later, 9);
                    assertThat(fresh.find(entry.id())).contains(later);
                    fresh.written(entry, 8);
                    assertThat(fresh.find(entry.id())).contains(later);
                });
    }

    @Test
    void theOldestKeepTheirPlaceUntilTheyAreStale() {
        Simulation.run(
                1,
                simulation -> {
                    FreshEntries fresh = new FreshEntries(simulation.time(), 1 << 20);
                    int many = (1 << 20) / (60 << 10);
                    for (int i = 0; i < many; i++) add(fresh, entry(i, 60 << 10));
                    assertThat(fresh.find(QueueId.of(0, 0))).isPresent();
                    assertThat(fresh.find(QueueId.of(0, many - 1))).isEmpty();
                    simulation.time().sleep(FreshEntries.STALE);
                    add(fresh, entry(many, 60 << 10));
                    assertThat(fresh.find(QueueId.of(0, 0))).isEmpty();
                    assertThat(fresh.find(QueueId.of(0, 2))).isEmpty();
                    assertThat(fresh.find(QueueId.of(0, many))).isPresent();
                });
    }

    private static void add(FreshEntries fresh, QueueEntry entry) {
        fresh.inserting(entry, 1);
        fresh.written(entry, 1);
    }
}
