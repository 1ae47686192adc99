package mansio.state.queue;

import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.state.store.Partition;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Brings mail to other servers: a dispatcher that starts a worker for each connection, a look at
 * what is overdue, and the scan that makes the lanes from the disk.
 *
 * <p>Safe for use by any thread; {@link #lock} guards the list of workers.
 */
final class RemoteDeliveries implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RemoteDeliveries.class);
    private static final Duration AFTER_CUT = Duration.ofSeconds(5);
    private static final Duration AFTER_FAULT = Duration.ofSeconds(10);

    private final Bookkeeping books;
    private final List<Partition> shards;
    private final Worker.Tools tools;
    private final Overdue overdue;
    private final Threads threads;
    private final QueueSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Worker> workers = new ArrayList<>();
    private final AtomicInteger again = new AtomicInteger();

    RemoteDeliveries(
            Bookkeeping books,
            List<Partition> shards,
            Suppressions suppressions,
            Surroundings around) {
        Time time = around.time();
        this.books = books;
        this.shards = shards;
        this.threads = around.threads();
        this.settings = books.settings();
        Settlement settlement = new Settlement(books, suppressions, time);
        Picker picker = new Picker(books, suppressions, settlement, time);
        this.tools = new Worker.Tools(books.lanes(), around.carrier(), picker, settlement, time);
        this.overdue = new Overdue(books, settlement, time);
    }

    /** What it runs on. */
    record Surroundings(Carrier carrier, Time time, Threads threads) {}

    void start() {
        threads.start("queue-dispatcher", this::dispatch);
        threads.start("queue-overdue", overdue);
    }

    /**
     * Reads what the disk has, in the background.
     *
     * @param before entries with these ids and later ones are told by whoever accepts them
     * @param each is given every other one
     */
    void load(List<QueueId> before, Consumer<QueueEntry> each) {
        load(before, each, () -> false);
    }

    /** As {@link #load}, for lanes that were forgotten; ends when they are forgotten once more. */
    void loadAgain(List<QueueId> before, Consumer<QueueEntry> each) {
        int mine = again.incrementAndGet();
        load(before, each, () -> again.get() != mine);
    }

    private void load(List<QueueId> before, Consumer<QueueEntry> each, BooleanSupplier ends) {
        Loading.Pace pace = new Loading.Pace(ends, books.lanes());
        threads.start("queue-load", new Loading(shards, before, each, pace));
    }

    private void dispatch() {
        Optional<Lease> lease = next();
        while (lease.isPresent()) {
            begin(lease.get());
            lease = next();
        }
    }

    /** A fault of ours, such as too little memory for a thread, must not end all sending. */
    private Optional<Lease> next() {
        while (true) {
            try {
                return books.lanes().next();
            } catch (RuntimeException | Error e) {
                log.atError().setCause(e).log("choosing what to send failed; it goes on");
                if (!books.lanes().pause(AFTER_FAULT)) return Optional.empty();
            }
        }
    }

    private void begin(Lease lease) {
        Worker worker = new Worker(lease, tools);
        add(worker);
        try {
            threads.start("send-" + lease.lane.lane, () -> run(worker));
        } catch (RuntimeException | Error e) {
            log.atError()
                    .addKeyValue("lane", lease.lane.lane)
                    .setCause(e)
                    .log("a delivery cannot be started; it is tried again");
            remove(worker);
            books.lanes().putBack(lease, AFTER_FAULT);
            books.lanes().end(lease);
            var _ = books.lanes().pause(AFTER_FAULT);
        }
    }

    private void run(Worker worker) {
        try {
            worker.run();
        } finally {
            remove(worker);
        }
    }

    private void add(Worker worker) {
        lock.lock();
        try {
            workers.add(worker);
        } finally {
            lock.unlock();
        }
    }

    private void remove(Worker worker) {
        lock.lock();
        try {
            workers.remove(worker);
        } finally {
            lock.unlock();
        }
    }

    /** Hands out nothing more, waits for what is under way, then cuts it off. */
    @Override
    public void close() {
        books.lanes().close();
        if (books.lanes().awaitIdle(settings.closeGrace())) return;
        List<Worker> left;
        lock.lock();
        try {
            left = List.copyOf(workers);
        } finally {
            lock.unlock();
        }
        log.atInfo().addKeyValue("connections", left.size()).log("cutting off deliveries");
        left.forEach(Worker::abort);
        if (!books.lanes().awaitIdle(AFTER_CUT))
            log.atWarn().log("some deliveries did not end in time");
    }
}
