package mansio.state.queue;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.net.time.SystemTime;
import mansio.net.time.VirtualThreads;
import mansio.state.queue.Envelope.Body;
import mansio.state.queue.Envelope.Source;
import mansio.state.store.Content;
import mansio.state.store.MemoryDisk;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The end of the queue while a connection is being opened. */
class CutOffTest {
    /** A host that is silent: only an interrupt ends the wait for it. */
    private static final class SilentHost implements Carrier {
        final CountDownLatch opening = new CountDownLatch(1);
        final CountDownLatch cutOff = new CountDownLatch(1);
        private final CountDownLatch never = new CountDownLatch(1);

        @Override
        public Lane lane(QueueEntry entry, Recipient recipient) {
            return new Lane("", "silent.example");
        }

        @Override
        public Way way(Lane lane) {
            return new Way.To(() -> "silent", Terms.USUAL);
        }

        @Override
        public Opening open(Site site, Lane lane) throws IOException {
            opening.countDown();
            try {
                never.await();
                throw new AssertionError("nobody answers");
            } catch (InterruptedException e) {
                cutOff.countDown();
                throw new InterruptedIOException("closed");
            }
        }
    }

    @Test
    void theEndDoesNotWaitForAHostThatIsSilent() throws Exception {
        SystemTime time = new SystemTime();
        VirtualThreads threads = new VirtualThreads();
        QueueSettings usual = QueueSettings.USUAL;
        QueueSettings settings =
                new QueueSettings(
                        usual.schedule(),
                        usual.delayNotices(),
                        usual.dotSentWait(),
                        usual.capacity(),
                        usual.keepSuppressed(),
                        Duration.ofMillis(10));
        SilentHost host = new SilentHost();
        try (Store store =
                new Stores(new Surroundings(time, threads, new Random(1), (_, _) -> {}))
                        .memory(new MemoryDisk())) {
            Courier courier = (_, _, _) -> new Courier.Delivery("INBOX");
            Queue queue =
                    new Queue(
                            store,
                            1,
                            new Queue.Means(courier, host, Reports.NONE, settings),
                            new Queue.Around(time, threads));
            queue.start();
            queue.accept(entry(queue.newId(), time), List.of(), Optional.empty());
            assertThat(host.opening.await(1, TimeUnit.MINUTES)).isTrue();
            queue.close();
            assertThat(host.cutOff.await(1, TimeUnit.MINUTES)).isTrue();
            Recipient left = queue.list(Queue.FIRST, 10).getFirst().recipients().getFirst();
            assertThat(left.progress()).isInstanceOf(Progress.Waiting.class);
            assertThat(((Progress.Waiting) left.progress()).attempts())
                    .as("an end of ours is no attempt")
                    .isZero();
        }
    }

    private static QueueEntry entry(QueueId id, SystemTime time) {
        return new QueueEntry(
                id,
                time.now(),
                new Envelope(
                        Optional.empty(),
                        Body.SEVEN_BIT,
                        false,
                        new Source("192.0.2.1", "c", "ESMTP", Optional.empty(), "s")),
                new Content(List.of(new Content.Inline(new byte[] {'x'}))),
                "",
                List.of(Recipient.fresh(Address.parse("ann@silent.example"), new Action.Relay())));
    }
}
