package mansio.state.queue;

import mansio.net.time.Time;
import mansio.state.queue.Bookkeeping.WithdrawnException;
import mansio.state.queue.Carrier.Opening;
import mansio.state.queue.Carrier.Way;
import mansio.state.queue.Failure.Stage;
import mansio.state.queue.Passage.Dispatch;
import mansio.state.queue.Passage.Result;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One connection's life: where the lane leads, the connection, and one transaction after the other
 * while something is due. Owned by its thread; {@link #abort} alone is for others.
 */
final class Worker implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Worker.class);
    private static final Duration AGAIN = Duration.ofSeconds(10);

    private final Lease lease;
    private final Lanes lanes;
    private final Carrier carrier;
    private final Picker picker;
    private final Settlement settlement;
    private final Time time;

    /** The connection; null before it is open. Closed by another thread when the queue ends. */
    private volatile @Nullable Passage passage;

    private volatile boolean over;

    private final ReentrantLock openingLock = new ReentrantLock();

    /** Who waits for a connection to open; null otherwise. Guarded by {@link #openingLock}. */
    private @Nullable Thread opening;

    /** The entry whose final dot was announced, until its results are written down. */
    private @Nullable QueueEntry unanswered;

    /** What a worker works with. */
    record Tools(Lanes lanes, Carrier carrier, Picker picker, Settlement settlement, Time time) {}

    Worker(Lease lease, Tools tools) {
        this.lease = lease;
        this.lanes = tools.lanes();
        this.carrier = tools.carrier();
        this.picker = tools.picker();
        this.settlement = tools.settlement();
        this.time = tools.time();
    }

    @Override
    public void run() {
        boolean placed = true;
        try {
            placed = travel();
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("lane", lease.lane.lane)
                    .log("sends later: {}", e.getMessage());
            lanes.putBack(lease, AGAIN);
        } catch (RuntimeException | Error e) {
            log.atError()
                    .addKeyValue("lane", lease.lane.lane)
                    .setCause(e)
                    .log("sending failed; it will be tried again");
            lanes.putBack(lease, AGAIN);
        } finally {
            end(placed);
        }
    }

    private void end(boolean placed) {
        QueueEntry left = unanswered;
        try {
            Passage open = passage;
            if (open != null) open.close();
        } finally {
            // The item that was taken is not made for those whose dot was sent.
            if (left != null) settlement.takeUnanswered(left);
            if (placed) lanes.end(lease);
        }
    }

    /** Cuts off what is under way. */
    void abort() {
        over = true;
        openingLock.lock();
        try {
            // The one place where a thread is interrupted: there is no connection to close yet,
            // and a connect to a host that is silent takes minutes.
            if (opening != null) opening.interrupt();
        } finally {
            openingLock.unlock();
        }
        Passage open = passage;
        if (open != null) open.close();
    }

    /** From now on {@link #abort} interrupts this thread; with null no more. */
    private void opening(@Nullable Thread thread) {
        openingLock.lock();
        try {
            opening = thread;
            if (thread == null) {
                boolean _ = Thread.interrupted(); // What follows is written down in peace.
            }
        } finally {
            openingLock.unlock();
        }
    }

    /**
     * @return false when the lease is over already
     */
    private boolean travel() throws IOException {
        Stopwatch watch = new Stopwatch(time);
        switch (way()) {
            case Way.To(Carrier.Site site, Carrier.Terms terms) -> {
                if (!lanes.leads(lease, site, terms)) return false;
                sendAll(site, watch);
            }
            case Way.Hold(String reason) -> lanes.hold(lease, reason);
            case Way.Later(Failure failure) -> {
                lanes.cannotTell(lease, failure);
                Optional<Dispatch> first = picker.pick(lease, _ -> false);
                if (first.isPresent())
                    settle(first.get(), same(new Result.Deferred(failure)), watch);
            }
            case Way.Home(Homecoming ours) -> {
                lease.home = true;
                settleAll(ours::arrive, watch);
            }
            case Way.Fail(Failure failure) ->
                    settleAll(same(new Result.Ended(new Fate.Failed(failure))), watch);
            case Way.Discard(String reason) ->
                    settleAll(same(new Result.Ended(new Fate.Removed(reason))), watch);
        }
        return true;
    }

    private Way way() {
        try {
            return carrier.way(lease.lane.lane);
        } catch (IOException e) {
            return new Way.Later(fault(e));
        }
    }

    private Failure fault(Exception e) {
        return Failure.here(Stage.LOCAL, "4.3.0", "cannot tell now: " + e.getMessage(), time.now());
    }

    /** What becomes of a message that nobody has to be called for. */
    private interface Ending {
        List<Result> of(Dispatch dispatch) throws IOException;
    }

    private static Ending same(Result result) {
        return dispatch -> Collections.nCopies(dispatch.recipients().size(), result);
    }

    private void settleAll(Ending ending, Stopwatch watch) throws IOException {
        Optional<Dispatch> next = picker.pick(lease, _ -> false);
        for (int i = 0; next.isPresent() && i < Lanes.MAX_TURN; i++) {
            settle(next.get(), ending, watch);
            next = picker.pick(lease, _ -> false);
        }
        if (next.isPresent()) lanes.putBack(lease, Duration.ZERO);
    }

    private void settle(Dispatch dispatch, Ending ending, Stopwatch watch) throws IOException {
        List<Result> results = ending.of(dispatch);
        settlement.settle(new Attempt(dispatch, lease, results, Optional.empty(), watch.times()));
        lanes.done(lease);
    }

    private void sendAll(Carrier.Site site, Stopwatch watch) throws IOException {
        Optional<Dispatch> first = picker.pick(lease, _ -> false);
        if (first.isEmpty()) return;
        watch.begin();
        switch (open(site)) {
            case Opening.Opened(Passage opened) -> {
                passage = opened;
                if (over) opened.close();
                watch.opened();
                send(opened, first.get(), watch);
            }
            case Opening.NotNow(Failure _) when over -> lanes.putBack(lease, Duration.ZERO);
            case Opening.NotNow(Failure failure) -> {
                lanes.failed(lease, failure);
                watch.opened();
                settle(first.get(), same(new Result.Deferred(failure)), watch);
            }
            case Opening.Hold(Failure failure) -> lanes.hold(lease, failure.line());
        }
    }

    private Opening open(Carrier.Site site) {
        opening(Thread.currentThread());
        try {
            if (over) throw new IOException("the server ends");
            return carrier.open(site, lease.lane.lane);
        } catch (IOException e) {
            return new Opening.NotNow(fault(e));
        } finally {
            opening(null);
        }
    }

    private void send(Passage open, Dispatch first, Stopwatch watch) throws IOException {
        Optional<Dispatch> next = Optional.of(first);
        while (next.isPresent()) {
            if (!sendOne(open, next.get(), watch)) return;
            watch.reused();
            next = picker.pick(lease, open::fits);
        }
    }

    /**
     * @return true when the connection is good for more
     */
    private boolean sendOne(Passage open, Dispatch dispatch, Stopwatch watch) throws IOException {
        Sending sending = new Sending(dispatch, open.host());
        List<Result> results = sending.results(open);
        watch.sent();
        boolean broken = open.state() == Passage.State.BROKEN;
        if (broken && !sending.withdrawn) lanes.failed(lease, reason(results, open));
        else if (!broken) lanes.succeeded(lease);
        if (sending.withdrawn) {
            // Those that were not taken back are as they were.
            lanes.putBack(lease, Duration.ZERO);
            return false;
        }
        settlement.settle(
                new Attempt(
                        new Dispatch(sending.entry, dispatch.lane(), dispatch.recipients()),
                        lease,
                        results,
                        Optional.of(open),
                        watch.times()));
        unanswered = null;
        lanes.done(lease);
        return open.state() == Passage.State.USABLE;
    }

    private Failure reason(List<Result> results, Passage open) {
        for (Result result : results)
            if (result instanceof Result.Deferred(Failure why)) return why;
        return new Failure(
                "4.4.2", Stage.MAIL, open.host(), "", "the connection was lost", time.now());
    }

    /** One transaction, and what is known of its entry meanwhile. */
    private final class Sending {
        private final Dispatch dispatch;
        private final String host;
        private QueueEntry entry;
        private boolean withdrawn;
        private boolean dotSent;

        Sending(Dispatch dispatch, String host) {
            this.dispatch = dispatch;
            this.host = host;
            this.entry = dispatch.entry();
        }

        private List<Result> results(Passage open) {
            int count = dispatch.recipients().size();
            try {
                List<Result> results = new ArrayList<>(open.send(dispatch, this::dotFollows));
                if (results.size() != count)
                    throw new IllegalStateException(results.size() + " results for " + count);
                return results;
            } catch (RuntimeException e) {
                log.atError()
                        .addKeyValue("qid", entry.id())
                        .setCause(e)
                        .log("a transaction failed");
                Stage stage = dotSent ? Stage.DOT : Stage.LOCAL;
                Failure failure = new Failure("4.3.0", stage, host, "", e.toString(), time.now());
                open.close();
                return Collections.nCopies(count, new Result.Deferred(failure));
            }
        }

        private void dotFollows(List<Integer> places) throws IOException {
            if (over) throw new IOException("the server ends");
            try {
                entry = settlement.dotFollows(dispatch, host, places);
                dotSent = true;
                unanswered = entry;
            } catch (WithdrawnException e) {
                withdrawn = true;
                throw e;
            }
        }
    }
}
