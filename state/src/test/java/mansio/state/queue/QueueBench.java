package mansio.state.queue;

import com.sun.management.OperatingSystemMXBean;

import mansio.codec.text.Address;
import mansio.net.time.SystemTime;
import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.net.time.VirtualThreads;
import mansio.state.queue.Envelope.Body;
import mansio.state.queue.Envelope.Source;
import mansio.state.queue.Failure.Stage;
import mansio.state.store.Content;
import mansio.state.store.Content.Inline;
import mansio.state.store.DiskSettings;
import mansio.state.store.Partition;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures a start with a long queue: {@code QueueBench FOLDER fill ENTRIES RECIPIENTS DOMAINS},
 * then, as another process, {@code QueueBench FOLDER open}. Not a test; its figures stand in
 * docs/design/sending.md.
 */
public final class QueueBench {
    private static final int SHARDS = 2;
    private static final int BATCH = 500;

    /** One entry of so many is due at once. */
    private static final int DUE_OF = 997;

    private static final Time TIME = new SystemTime();
    private static final Threads THREADS = new VirtualThreads();

    private QueueBench() {}

    /** Fills a folder, or opens it and prints the figures. */
    public static void main(String[] args) throws Exception {
        Surroundings around =
                new Surroundings(
                        TIME,
                        THREADS,
                        new Random(),
                        (reason, _) -> {
                            System.err.println(reason);
                            Runtime.getRuntime().halt(1);
                        });
        try (Store store = new Stores(around).disk(new DiskSettings(Path.of(args[0])))) {
            if (args[1].equals("open")) open(store);
            else
                fill(
                        store,
                        Integer.parseInt(args[2]),
                        Integer.parseInt(args[3]),
                        Integer.parseInt(args[4]));
        }
    }

    private static void fill(Store store, int entries, int recipients, int domains)
            throws IOException {
        List<Partition> shards = Queue.shardPartitions(store, SHARDS);
        Instant now = TIME.now();
        long oldest = now.minus(Duration.ofHours(3)).toEpochMilli() << QueueId.COUNTER_BITS;
        for (int from = 0; from < entries; from += BATCH) {
            int first = from;
            int shard = from / BATCH % SHARDS;
            shards.get(shard)
                    .write(
                            turn -> {
                                for (int i = first; i < Math.min(entries, first + BATCH); i++) {
                                    List<Recipient> to = new ArrayList<>();
                                    for (int j = 0; j < recipients; j++) {
                                        int domain = (i * recipients + j) % domains;
                                        to.add(recipient(i, domain, now));
                                    }
                                    QueueId id = QueueId.of(shard, oldest + i);
                                    EntryTable.insert(turn, entry(id, to));
                                }
                                return first;
                            });
        }
    }

    private static Recipient recipient(int i, int domain, Instant now) {
        boolean due = i % DUE_OF == DUE_OF - 1;
        Failure failure =
                new Failure(
                        "4.4.1",
                        Stage.CONNECT,
                        "mx.d" + domain + ".example[192.0.2.1]",
                        "",
                        "the connection was not answered within 30 s",
                        now);
        Instant next = due ? Instant.EPOCH : now.plus(Duration.ofHours(1 + i % 4));
        return Recipient.fresh(
                        Address.parse("user" + i + "@d" + domain + ".example"), new Action.Relay())
                .with(new Progress.Waiting(3, next, Optional.of(failure), 0));
    }

    private static QueueEntry entry(QueueId id, List<Recipient> to) {
        byte[] text = "Subject: x\r\n\r\nbody\r\n".getBytes(StandardCharsets.UTF_8);
        return new QueueEntry(
                id,
                id.madeAt(),
                new Envelope(
                        Optional.of(Address.parse("sender@example.com")),
                        Body.SEVEN_BIT,
                        false,
                        new Source(
                                "192.0.2.1", "client.example", "ESMTPSA", Optional.empty(), "s1")),
                new Content(List.of(new Inline(text))),
                id + "@example.com",
                to);
    }

    private static void open(Store store) throws Exception {
        long before = heap();
        long began = TIME.nanos();
        long cpu = cpu();
        Open open = new Open();
        Queue queue =
                new Queue(
                        store,
                        SHARDS,
                        new Queue.Means(
                                (_, _, _) -> new Courier.Delivery("nowhere"),
                                open,
                                Reports.NONE,
                                QueueSettings.USUAL),
                        new Queue.Around(TIME, open));
        queue.start();
        open.loaded.await();
        long loaded = TIME.nanos();
        long loadedCpu = cpu();
        QueueSummary summary = queue.operations().summary(0);
        long held = heap() - before;
        System.out.printf(
                "waiting items %,d in %,d lanes, %,d delivered meanwhile%n",
                summary.waiting(), summary.laneCount(), open.delivered.get());
        // On a machine with other work the processor's time says more than the clock's.
        System.out.printf(
                "first delivery after %.2f s, %.2f s of processor; %,d items were read%n",
                (open.first.get() - began) / 1e9,
                (open.firstCpu.get() - cpu) / 1e9,
                open.firstRead.get());
        System.out.printf(
                "scan done after %.2f s, %.2f s of processor%n",
                (loaded - began) / 1e9, (loadedCpu - cpu) / 1e9);
        System.out.printf(
                "heap after GC %,d KiB, of these for the queue %,d KiB: %.1f bytes an item%n",
                (before + held) >> 10, held >> 10, (double) held / Math.max(1, summary.waiting()));
        long look = TIME.nanos();
        var _ = queue.operations().summary(10);
        System.out.printf("summary in %.0f ms%n", (TIME.nanos() - look) / 1e6);
        queue.close();
    }

    private static long cpu() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static long heap() {
        for (int i = 0; i < 3; i++) System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** A world that takes everything, and threads that say when the scan is done. */
    private static final class Open implements Carrier, Threads {
        final CountDownLatch loaded = new CountDownLatch(1);
        final AtomicLong first = new AtomicLong();
        final AtomicLong firstCpu = new AtomicLong();
        final AtomicInteger firstRead = new AtomicInteger();
        final AtomicInteger read = new AtomicInteger();
        final AtomicInteger delivered = new AtomicInteger();

        @Override
        public Thread start(String name, Runnable task) {
            return THREADS.start(
                    name,
                    () -> {
                        task.run();
                        if (name.equals("queue-load")) loaded.countDown();
                    });
        }

        @Override
        public Lane lane(QueueEntry entry, Recipient recipient) {
            read.incrementAndGet();
            return new Lane("", recipient.destination().host().text());
        }

        private record Host(String name) implements Site {}

        @Override
        public Way way(Lane lane) {
            return new Way.To(new Host("mx." + lane.domain()), Terms.USUAL);
        }

        @Override
        public Opening open(Site site, Lane lane) {
            return new Opening.Opened(new Line(site.name()));
        }

        private final class Line implements Passage {
            private final String host;

            Line(String host) {
                this.host = host;
            }

            @Override
            public String host() {
                return host;
            }

            @Override
            public String tls() {
                return "";
            }

            @Override
            public boolean fits(Lane lane) {
                return true;
            }

            @Override
            public List<Result> send(Dispatch dispatch, BeforeDot beforeDot) {
                Fate fate = new Fate.Delivered(host, "250 ok", "", false);
                if (first.compareAndSet(0, TIME.nanos())) {
                    firstCpu.set(cpu());
                    firstRead.set(read.get());
                }
                delivered.addAndGet(dispatch.recipients().size());
                return Collections.nCopies(dispatch.recipients().size(), new Result.Ended(fate));
            }

            @Override
            public State state() {
                return State.USABLE;
            }

            @Override
            public void close() {}
        }
    }
}
