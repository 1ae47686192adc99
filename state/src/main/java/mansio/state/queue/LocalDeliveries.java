package mansio.state.queue;

import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.state.queue.Courier.Arrival;
import mansio.state.queue.EntryTable.Step;
import mansio.state.queue.Failure.Stage;
import mansio.state.story.StoryLine;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings accepted mail into mailboxes: at once, on a thread of its own for each entry, and again
 * later when that failed.
 *
 * <p>At most {@link #MAX_UNDER_WAY} entries are under way; whoever is about to accept one more
 * waits, so that receiving cannot run away from delivering. It waits before the entry is durable:
 * the time between that and the 250 is the time in which mail can be doubled. Only ids wait for a
 * later attempt, so a full disk costs no memory.
 *
 * <p>Safe for use by any thread. {@link #lock} guards the waiting ids and is held for a few
 * instructions only.
 */
final class LocalDeliveries implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LocalDeliveries.class);
    static final int MAX_UNDER_WAY = 256;
    private static final Duration FIRST_WAIT = Duration.ofSeconds(10);
    private static final int MAX_DOUBLINGS = 6;

    /** An id that is due at a point of {@code Time.nanos()}, after so many failures. */
    private record Due(long nanos, QueueId id, int failures) {}

    private final Bookkeeping books;
    private final Courier courier;
    private final Time time;
    private final Threads threads;
    private final Semaphore underWay = new Semaphore(MAX_UNDER_WAY);
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Due> waiting =
            new PriorityQueue<>(Comparator.comparingLong(Due::nanos));
    private boolean closed;

    LocalDeliveries(Bookkeeping books, Courier courier, Time time, Threads threads) {
        this.books = books;
        this.courier = courier;
        this.time = time;
        this.threads = threads;
    }

    void start() {
        threads.start("queue-local-retries", this::serveWaiting);
    }

    /** Waits while too much is under way; then {@link #now} or {@link #leave} is due. */
    void enter() {
        underWay.acquireUninterruptibly();
    }

    /** There is nothing to deliver after all. */
    void leave() {
        underWay.release();
    }

    /** Delivers on another thread, after {@link #enter}. */
    void now(QueueEntry entry, Optional<Arrival> arrival) {
        run(entry.id(), 0, () -> deliver(entry, arrival, 0));
    }

    /**
     * Runs one attempt. A fault of ours, such as too little memory for a thread, costs that
     * attempt, never the entry.
     */
    private void run(QueueId id, int failures, Runnable attempt) {
        Runnable whole =
                () -> {
                    try {
                        attempt.run();
                    } catch (RuntimeException | Error e) {
                        again(id, failures, e);
                    } finally {
                        underWay.release();
                    }
                };
        try {
            threads.start("deliver-" + id, whole);
        } catch (RuntimeException | Error e) {
            underWay.release();
            again(id, failures, e);
        }
    }

    private void again(QueueId id, int failures, Throwable fault) {
        log.atError()
                .addKeyValue("qid", id)
                .setCause(fault)
                .log("delivery failed; it will be tried again");
        later(id, failures + 1);
    }

    /** Delivers when it is due; {@code failures} attempts have failed so far. */
    void later(QueueId id, int failures) {
        Duration wait =
                failures == 0
                        ? Duration.ZERO
                        : FIRST_WAIT.multipliedBy(1L << Math.min(failures - 1, MAX_DOUBLINGS));
        lock.lock();
        try {
            waiting.add(new Due(time.deadline(wait), id, failures));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void serveWaiting() {
        for (Optional<Due> due = nextDue(); due.isPresent(); due = nextDue()) {
            Due next = due.get();
            enter();
            run(next.id(), next.failures(), () -> deliverStored(next));
        }
    }

    /** Waits for the next id that is due; empty when the queue closes. */
    private Optional<Due> nextDue() {
        lock.lock();
        try {
            while (!closed) {
                Due first = waiting.peek();
                if (first != null && first.nanos() - time.nanos() <= 0)
                    return Optional.of(waiting.remove());
                if (first == null) changed.awaitUninterruptibly();
                else time.await(lock, changed, first.nanos());
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    private void deliverStored(Due due) {
        try {
            Optional<QueueEntry> entry = books.glance(due.id());
            if (entry.isPresent()) deliver(entry.get(), Optional.empty(), due.failures());
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("qid", due.id())
                    .log("cannot read the queue entry now: {}", e.getMessage());
            later(due.id(), due.failures() + 1);
        }
    }

    /** What came of the attempts for one entry, by the numbers of its recipients. */
    private record Results(
            Map<Integer, Progress> progress,
            Map<Integer, List<Recipient>> onward,
            List<StoryLine> lines) {
        Results() {
            this(new HashMap<>(), new HashMap<>(), new ArrayList<>());
        }
    }

    private void deliver(QueueEntry entry, Optional<Arrival> arrival, int failures) {
        Results results = new Results();
        boolean deferred = false;
        for (int i = 0; i < entry.recipients().size(); i++) {
            if (!entry.recipients().get(i).waitsForLocal()) continue;
            Progress result = attempt(entry, i, arrival, results);
            results.progress().put(i, result);
            deferred |= result instanceof Progress.Waiting;
        }
        boolean noted = write(entry, results);
        // Once, whatever failed: two would be four the next time, for as long as the disk is full.
        if (deferred || !noted) later(entry.id(), failures + 1);
    }

    private Progress attempt(
            QueueEntry entry, int number, Optional<Arrival> arrival, Results results) {
        Recipient recipient = entry.recipients().get(number);
        List<StoryLine> lines = results.lines();
        String to = recipient.forwardPath().toString();
        try {
            Courier.Delivery delivery = courier.deliver(entry, recipient, arrival);
            if (delivery.onward().isPresent()) {
                results.onward().put(number, List.of(delivery.onward().get()));
                String why = to + ": " + delivery.result();
                lines.add(new StoryLine(time.now(), "delivered", "goes on", why));
                return new Progress.Done(new Fate.WentOn(delivery.result()));
            }
            lines.add(
                    new StoryLine(time.now(), "delivered", "done", to + ": " + delivery.result()));
            log.atInfo()
                    .addKeyValue("qid", entry.id())
                    .addKeyValue("to", to)
                    .log("delivered: {}", delivery.result());
            return new Progress.Done(new Fate.LocalDelivered(delivery.result()));
        } catch (IOException e) {
            Failure failure =
                    Failure.here(
                            Stage.LOCAL,
                            "4.3.0",
                            "cannot deliver now: " + e.getMessage(),
                            time.now());
            String reason = failure.sentence();
            lines.add(new StoryLine(time.now(), "delivered", "deferred", to + ": " + reason));
            log.atWarn().addKeyValue("qid", entry.id()).addKeyValue("to", to).log(reason);
            return ((Progress.Waiting) recipient.progress()).deferred(failure, time.now());
        }
    }

    /** False when it could not be written, or a report on it could not be made. */
    private boolean write(QueueEntry entry, Results results) {
        Step step = (i, now) -> merged(now.progress(), results.progress().get(i));
        List<StoryLine> lines = results.lines();
        GoingOn going = new GoingOn(results.onward());
        try {
            if (books.settle(entry, step, lines, going).isEmpty())
                books.tellOfRemoved(entry, lines);
            return true;
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("qid", entry.id())
                    .log("cannot note the delivery now: {}", e.getMessage());
            return false;
        }
    }

    /** A recipient that was held meanwhile stays held, unless it has the message. */
    private static Progress merged(Progress now, @Nullable Progress result) {
        if (result == null) return now;
        boolean delivered =
                result instanceof Progress.Done(Fate fate) && !(fate instanceof Fate.WentOn);
        return now instanceof Progress.Waiting || delivered ? result : now;
    }

    /**
     * Waits for what is under way; nothing begins from then on, as the permits are kept. A second
     * call does nothing.
     */
    @Override
    public void close() {
        lock.lock();
        try {
            if (closed) return;
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        underWay.acquireUninterruptibly(MAX_UNDER_WAY);
    }
}
