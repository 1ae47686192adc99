package mansio.state.queue;

import mansio.net.time.Time;
import mansio.state.queue.Carrier.Lane;
import mansio.state.queue.Carrier.Site;
import mansio.state.queue.Carrier.Terms;
import mansio.state.queue.DueHeap.Item;

import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Who may send now: the lanes with their due items, the sites they lead to, and the gates before
 * them. The disk says what is to be done; this says when, and can be made again from it.
 *
 * <p>Lanes with something due stand in one line and are served in turn. One that finds no room
 * waits at the gate that had none: its site's, the one for sites in doubt, that for all. So a site
 * that is dead or slow holds up nobody but itself.
 *
 * <p>Due times are seconds of a clock that never jumps. Safe for use by any thread; {@link #lock}
 * guards all of it and is never held while waiting for anything but the line.
 */
final class Lanes {
    /** Transactions on a connection before others that wait get its place. */
    static final int MAX_TURN = 100;

    /** An item somebody else works on is looked at again after so many seconds. */
    private static final int BUSY_SECONDS = 5;

    private record Busy(long id, Lane lane) {}

    private final Time time;
    private final QueueSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition closing = lock.newCondition();
    private final KnownLanes lanes = new KnownLanes();
    private final Set<Busy> busy = new HashSet<>();
    private final Line line;
    private final Gates gates;
    private int leases;
    private boolean closed;

    Lanes(Time time, QueueSettings settings) {
        this.time = time;
        this.settings = settings;
        line = new Line(time, changed);
        gates = new Gates(settings.capacity().connections());
    }

    /** Adds an item that is due after {@code wait}. */
    void add(Lane lane, long id, Duration wait, int flags) {
        lock.lock();
        try {
            LaneState state = lanes.lane(lane);
            state.items.add(new Item(id, nowSeconds() + (int) wait.toSeconds(), flags));
            line.consider(state);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Notes how many recipients of an entry are held one by one. Said again, it is the same: two
     * scans of the disk may overlap.
     */
    void setHeld(Lane lane, QueueId id, int recipients) {
        lock.lock();
        try {
            if (recipients == 0 && lanes.find(lane).isEmpty()) return;
            LaneState state = lanes.lane(lane);
            if (recipients == 0) state.held.remove(id.value());
            else state.held.put(id.value(), recipients);
            lanes.forgetIdle(state);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next that may send; empty when the queue closes. */
    Optional<Lease> next() {
        lock.lock();
        try {
            while (!closed) {
                line.wake();
                for (Optional<LaneState> lane = inTurn(); lane.isPresent(); lane = inTurn()) {
                    Optional<Lease> lease = start(lane.get());
                    if (lease.isPresent()) return lease;
                }
                OptionalLong next = line.nextNanos();
                if (next.isEmpty()) changed.awaitUninterruptibly();
                else time.await(lock, changed, next.getAsLong());
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** The next of the line, or one that waits at a gate which has room now. */
    private Optional<LaneState> inTurn() {
        Optional<LaneState> next = line.poll().or(gates::next);
        next.ifPresent(lane -> lane.inLine = false);
        return next;
    }

    private Optional<Lease> start(LaneState lane) {
        int now = nowSeconds();
        long nanos = time.nanos();
        if (!lane.hasDue(now) || lane.beingAsked) {
            line.consider(lane);
            line.pass(lane);
            return Optional.empty();
        }
        if (lane.rest.lasts(nanos)) {
            line.wakeAt(lane, lane.rest.untilNanos());
            line.pass(lane);
            return Optional.empty();
        }
        Optional<Lease> lease = lane.site.isEmpty() ? ask(lane) : send(lane, lane.site.get());
        if (!lane.inLine) line.consider(lane); // There may be more to do.
        line.pass(lane);
        return lease;
    }

    private Optional<Lease> ask(LaneState lane) {
        if (!gates.asking().hasRoom()) return park(lane, gates.asking());
        Optional<Lease> lease = take(lane);
        lease.ifPresent(
                it -> {
                    gates.asking().enter();
                    lane.beingAsked = true;
                    it.asking = true;
                });
        return lease;
    }

    private Optional<Lease> send(LaneState lane, SiteState site) {
        Optional<Gate> full = fullGate(site);
        if (full.isPresent()) return park(lane, full.get());
        Optional<Lease> lease = take(lane);
        lease.ifPresent(it -> gates.enter(it, site));
        return lease;
    }

    private Optional<Lease> take(LaneState lane) {
        Optional<Item> item = takeItem(lane);
        if (item.isEmpty()) return Optional.empty();
        lane.workers++;
        leases++;
        return Optional.of(new Lease(lane, item.get()));
    }

    /** The first due item that nobody works on. */
    private Optional<Item> takeItem(LaneState lane) {
        int now = nowSeconds();
        while (lane.hasDue(now)) {
            Item item = lane.items.remove();
            if (busy.add(new Busy(item.id(), lane.lane))) return Optional.of(item);
            lane.items.add(item.at(now + BUSY_SECONDS));
        }
        return Optional.empty();
    }

    private Optional<Lease> park(LaneState lane, Gate gate) {
        gate.parked().add(lane);
        lane.inLine = true;
        return Optional.empty();
    }

    private Optional<Gate> fullGate(SiteState site) {
        long nanos = time.nanos();
        if (!site.takesOne(nanos)) {
            if (site.rest.lasts(nanos)) line.wakeAt(site, site.rest.untilNanos());
            return Optional.of(site.gate);
        }
        return gates.full(site);
    }

    private void leaveSite(Lease lease) {
        if (lease.site.isEmpty()) return;
        SiteState site = lease.site.get();
        gates.leave(lease, site);
        lanes.forgetIdle(site);
        line.pass(site);
    }

    /**
     * It was found out where the lease's lane leads.
     *
     * @return false when there is no room: the item is back in its lane, and the lease is over
     */
    boolean leads(Lease lease, Site to, Terms terms) {
        lock.lock();
        try {
            int most = terms.connections().orElse(settings.capacity().perSite());
            SiteState site = lanes.site(to, most);
            LaneState lane = lease.lane;
            lane.terms = terms;
            lane.rest.end();
            lanes.moveTo(lane, site);
            endAsking(lease);
            if (lease.site.equals(Optional.of(site))) return true;
            leaveSite(lease);
            Optional<Gate> full = fullGate(site);
            if (full.isEmpty()) {
                gates.enter(lease, site);
                line.consider(lane);
                return true;
            }
            putBack(lease);
            end(lease);
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void endAsking(Lease lease) {
        if (!lease.asking) return;
        lease.asking = false;
        lease.lane.beingAsked = false;
        gates.asking().leave();
        changed.signalAll();
    }

    /**
     * Nothing of the lane leaves before a person has done something. If one did so after the lease
     * began, the reason may be of the past: then it is tried again.
     */
    void hold(Lease lease, String reason) {
        lock.lock();
        try {
            LaneState lane = lease.lane;
            if (lease.endsOfHold == lane.endsOfHold) lane.hold = Optional.of(reason);
            putBack(lease);
        } finally {
            lock.unlock();
        }
    }

    /** It cannot be told where the lane leads. */
    void cannotTell(Lease lease, Failure why) {
        lock.lock();
        try {
            lease.lane.rest.failed(time.nanos(), why);
        } finally {
            lock.unlock();
        }
    }

    /** A transaction was made on the connection, whatever the answers were. */
    void succeeded(Lease lease) {
        lock.lock();
        try {
            lease.transactions++;
            lease.site.ifPresent(SiteState::succeeded);
            gates.leaveKind(lease);
            lease.site.ifPresent(line::pass);
        } finally {
            lock.unlock();
        }
    }

    /** No connection could be made, or it was lost. */
    void failed(Lease lease, Failure why) {
        lock.lock();
        try {
            lease.site.ifPresent(
                    site -> {
                        site.failed(time.nanos(), why);
                        if (site.rest.lasts(time.nanos()))
                            line.wakeAt(site, site.rest.untilNanos());
                    });
        } finally {
            lock.unlock();
        }
    }

    /** The item is settled, or back in a lane by other means. */
    void done(Lease lease) {
        lock.lock();
        try {
            lease.item.ifPresent(item -> busy.remove(new Busy(item.id(), lease.lane.lane)));
            lease.item = Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** The item goes back as it was, due after {@code wait}. */
    void putBack(Lease lease, Duration wait) {
        lock.lock();
        try {
            Optional<Item> item = lease.item;
            done(lease);
            item.ifPresent(it -> add(lease.lane.lane, it.id(), wait, it.flags()));
        } finally {
            lock.unlock();
        }
    }

    private void putBack(Lease lease) {
        lease.item.ifPresent(
                it -> {
                    busy.remove(new Busy(it.id(), lease.lane.lane));
                    lease.lane.items.add(it);
                });
        lease.item = Optional.empty();
    }

    /**
     * The next item for this worker: of its lane, or, in turn, of another lane of the same site.
     *
     * @param fits which other lanes its connection serves
     */
    boolean takeNext(Lease lease, Predicate<Lane> fits) {
        lock.lock();
        try {
            if (closed || (lease.transactions >= MAX_TURN && somebodyWaits(lease))) return false;
            lease.site.ifPresent(site -> turnTo(lease, site, fits));
            lease.item = takeItem(lease.lane);
            return lease.item.isPresent();
        } finally {
            lock.unlock();
        }
    }

    /** Lets another lane of the site have the connection; the own one waits for its next turn. */
    private void turnTo(Lease lease, SiteState site, Predicate<Lane> fits) {
        Iterator<LaneState> others = site.gate.parked().iterator();
        while (others.hasNext()) {
            LaneState other = others.next();
            if (other.equals(lease.lane) || !fits.test(other.lane)) continue;
            others.remove();
            other.inLine = false;
            if (!other.hasDue(nowSeconds())) {
                line.consider(other);
                return;
            }
            LaneState own = lease.lane;
            own.workers--;
            other.workers++;
            lease.lane = other;
            if (!own.inLine && own.hasDue(nowSeconds())) {
                var _ = park(own, site.gate);
            } else line.consider(own);
            if (!other.inLine) line.consider(other);
            return;
        }
    }

    private boolean somebodyWaits(Lease lease) {
        boolean atSite = lease.site.map(site -> !site.gate.parked().isEmpty()).orElse(false);
        return atSite || gates.somebodyWaits();
    }

    /** The worker ends. An item it still has is due again soon. */
    void end(Lease lease) {
        lock.lock();
        try {
            if (lease.item.isPresent()) putBack(lease, Duration.ofSeconds(BUSY_SECONDS));
            endAsking(lease);
            leaveSite(lease);
            lease.lane.workers--;
            leases--;
            line.consider(lease.lane);
            lanes.forgetIdle(lease.lane);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Makes everything due that waits for its time or for a person, and lets nobody rest. */
    void allDue() {
        lock.lock();
        try {
            for (LaneState lane : lanes.all()) {
                lane.items.allDue(nowSeconds());
                cutShort(lane);
            }
        } finally {
            lock.unlock();
        }
    }

    /** The lane is neither held nor rests any more. */
    void cutShort(Lane lane) {
        lock.lock();
        try {
            lanes.find(lane).ifPresent(this::cutShort);
        } finally {
            lock.unlock();
        }
    }

    private void cutShort(LaneState lane) {
        long nanos = time.nanos();
        lane.hold = Optional.empty();
        lane.endsOfHold++;
        lane.rest.cutShort(nanos);
        lane.site.ifPresent(site -> site.rest.cutShort(nanos));
        line.consider(lane);
        line.pass(lane);
    }

    /** Forgets all items, and what was learned of lanes; who sends goes on. */
    void clear() {
        lock.lock();
        try {
            for (LaneState lane : lanes.all()) {
                lane.items.look((_, _) -> -1);
                lane.held.clear();
                lane.rest.end();
                cutShort(lane);
                lanes.forgetIdle(lane);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Shows every lane to {@code look}, which is not to wait for anything. */
    void forEach(Consumer<LaneState> look) {
        lock.lock();
        try {
            List<LaneState> all = lanes.all();
            all.forEach(look);
            all.forEach(lanes::forgetIdle);
        } finally {
            lock.unlock();
        }
    }

    /** How long the lane or its site still rests; only within {@link #forEach}. */
    long restNanos(LaneState lane) {
        long nanos = time.nanos();
        long own = lane.rest.lasts(nanos) ? lane.rest.untilNanos() - nanos : 0;
        boolean resting = lane.site.map(it -> it.rest.lasts(nanos)).orElse(false);
        return resting ? Math.max(own, lane.site.orElseThrow().rest.untilNanos() - nanos) : own;
    }

    /** True while somebody works on recipients of that entry. */
    boolean isBusy(QueueId id) {
        lock.lock();
        try {
            return busy.stream().anyMatch(it -> it.id() == id.value());
        } finally {
            lock.unlock();
        }
    }

    /** True while somebody works on recipients of that entry in another lane. */
    boolean isBusyElsewhere(QueueId id, Lane lane) {
        lock.lock();
        try {
            return busy.stream().anyMatch(it -> it.id() == id.value() && !it.lane().equals(lane));
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Nobody gets anything to do any more. */
    void close() {
        lock.lock();
        try {
            closed = true;
            closing.signalAll();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until no worker is left; false when some are at the deadline. */
    boolean awaitIdle(Duration most) {
        lock.lock();
        try {
            long deadline = time.deadline(most);
            while (leases > 0 && time.nanos() - deadline < 0) time.await(lock, changed, deadline);
            return leases == 0;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the deadline; false when the queue closes before. */
    boolean pause(Duration duration) {
        lock.lock();
        try {
            long deadline = time.deadline(duration);
            while (!closed && time.nanos() - deadline < 0) time.await(lock, closing, deadline);
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Seconds since the queue was made. */
    int nowSeconds() {
        return line.nowSeconds();
    }
}
