package mansio.state.queue;

import mansio.net.time.Time;
import mansio.state.queue.Carrier.Lane;
import mansio.state.queue.Carrier.Site;
import mansio.state.queue.Carrier.Terms;
import mansio.state.queue.DueHeap.Item;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
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

    /** Lanes of which it is found out at once where they lead. */
    private static final int MAX_ASKING = 64;

    /** An item somebody else works on is looked at again after so many seconds. */
    private static final int BUSY_SECONDS = 5;

    private record Busy(long id, Lane lane) {}

    private record Wake(long nanos, Runnable look) implements Comparable<Wake> {
        @Override
        public int compareTo(Wake other) {
            return Long.compare(nanos, other.nanos);
        }
    }

    private final Time time;
    private final QueueSettings settings;
    private final long originNanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition closing = lock.newCondition();
    private final Map<Lane, LaneState> lanes = new LinkedHashMap<>();
    private final Map<String, SiteState> sites = new LinkedHashMap<>();
    private final Deque<LaneState> ready = new ArrayDeque<>();
    private final PriorityQueue<Wake> wakes = new PriorityQueue<>();
    private final Set<Busy> busy = new HashSet<>();
    private final Gate all;
    private final Gate fresh;
    private final Gate doubtful;
    private final Gate asking;
    private int leases;
    private boolean closed;

    Lanes(Time time, QueueSettings settings) {
        this.time = time;
        this.settings = settings;
        this.originNanos = time.nanos();
        int most = settings.capacity().connections();
        all = new Gate(most);
        fresh = new Gate(Math.max(1, most - most / 4));
        doubtful = new Gate(Math.max(1, most / 4));
        asking = new Gate(MAX_ASKING);
    }

    /** Adds an item that is due after {@code wait}. */
    void add(Lane lane, long id, Duration wait, int flags) {
        lock.lock();
        try {
            LaneState state = lanes.computeIfAbsent(lane, LaneState::new);
            state.items.add(new Item(id, nowSeconds() + (int) wait.toSeconds(), flags));
            consider(state);
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
            if (recipients == 0 && !lanes.containsKey(lane)) return;
            LaneState state = lanes.computeIfAbsent(lane, LaneState::new);
            if (recipients == 0) state.held.remove(id.value());
            else state.held.put(id.value(), recipients);
            forgetIdle(state);
        } finally {
            lock.unlock();
        }
    }

    /** Waits for the next that may send; empty when the queue closes. */
    Optional<Lease> next() {
        lock.lock();
        try {
            while (!closed) {
                wake();
                for (Optional<LaneState> lane = inTurn(); lane.isPresent(); lane = inTurn()) {
                    Optional<Lease> lease = start(lane.get());
                    if (lease.isPresent()) return lease;
                }
                if (wakes.isEmpty()) changed.awaitUninterruptibly();
                else time.await(lock, changed, wakes.peek().nanos());
            }
            return Optional.empty();
        } finally {
            lock.unlock();
        }
    }

    /** The next of the line, or one that waits at a gate which has room now. */
    private Optional<LaneState> inTurn() {
        LaneState next = ready.poll();
        for (Gate gate : List.of(all, fresh, doubtful, asking)) {
            if (next == null && gate.hasRoom()) next = gate.parked().poll();
        }
        if (next != null) next.inLine = false;
        return Optional.ofNullable(next);
    }

    private Optional<Lease> start(LaneState lane) {
        int now = nowSeconds();
        long nanos = time.nanos();
        if (!lane.hasDue(now) || lane.beingAsked) {
            consider(lane);
            pass(lane);
            return Optional.empty();
        }
        if (lane.rest.lasts(nanos)) {
            wakeAt(lane, lane.rest.untilNanos());
            pass(lane);
            return Optional.empty();
        }
        Optional<Lease> lease = lane.site.isEmpty() ? ask(lane) : send(lane, lane.site.get());
        if (!lane.inLine) consider(lane); // There may be more to do.
        pass(lane);
        return lease;
    }

    private Optional<Lease> ask(LaneState lane) {
        if (!asking.hasRoom()) return park(lane, asking);
        Optional<Lease> lease = take(lane);
        lease.ifPresent(
                it -> {
                    asking.enter();
                    lane.beingAsked = true;
                    it.asking = true;
                });
        return lease;
    }

    private Optional<Lease> send(LaneState lane, SiteState site) {
        Optional<Gate> full = fullGate(site);
        if (full.isPresent()) return park(lane, full.get());
        Optional<Lease> lease = take(lane);
        lease.ifPresent(it -> enter(it, site));
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
            if (site.rest.lasts(nanos)) wakeAt(site, site.rest.untilNanos());
            return Optional.of(site.gate);
        }
        Optional<Gate> kind = kindOf(site);
        if (kind.isPresent() && !kind.get().hasRoom()) return kind;
        return all.hasRoom() ? Optional.empty() : Optional.of(all);
    }

    /** Sites that work need no gate of their own, so that the others cannot crowd them out. */
    private Optional<Gate> kindOf(SiteState site) {
        if (site.rest.isInDoubt()) return Optional.of(doubtful);
        return site.proven ? Optional.empty() : Optional.of(fresh);
    }

    private void enter(Lease lease, SiteState site) {
        lease.site = Optional.of(site);
        lease.kind = kindOf(site);
        lease.kind.ifPresent(Gate::enter);
        site.gate.enter();
        all.enter();
    }

    private void leaveKind(Lease lease) {
        lease.kind.ifPresent(Gate::leave);
        lease.kind = Optional.empty();
    }

    private void leaveSite(Lease lease) {
        if (lease.site.isEmpty()) return;
        SiteState site = lease.site.get();
        leaveKind(lease);
        site.gate.leave();
        all.leave();
        lease.site = Optional.empty();
        forgetIdle(site);
        pass(site);
    }

    /** When a lane of a site with room got nothing from it, the next one of that site may. */
    private void pass(LaneState lane) {
        lane.site.ifPresent(this::pass);
    }

    private void pass(SiteState site) {
        if (!site.takesOne(time.nanos())) return;
        LaneState next = site.gate.parked().poll();
        if (next != null) ready.add(next);
        changed.signalAll();
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
            SiteState site = sites.computeIfAbsent(to.name(), _ -> new SiteState(to, most));
            site.site = to;
            site.setMost(most);
            LaneState lane = lease.lane;
            lane.terms = terms;
            lane.rest.end();
            moveTo(lane, site);
            endAsking(lease);
            if (lease.site.equals(Optional.of(site))) return true;
            leaveSite(lease);
            Optional<Gate> full = fullGate(site);
            if (full.isEmpty()) {
                enter(lease, site);
                consider(lane);
                return true;
            }
            putBack(lease);
            end(lease);
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void moveTo(LaneState lane, SiteState site) {
        if (lane.site.equals(Optional.of(site))) return;
        lane.site.ifPresent(
                old -> {
                    old.lanes--;
                    if (old.gate.parked().remove(lane)) lane.inLine = false;
                    forgetIdle(old);
                });
        lane.site = Optional.of(site);
        site.lanes++;
    }

    private void endAsking(Lease lease) {
        if (!lease.asking) return;
        lease.asking = false;
        lease.lane.beingAsked = false;
        asking.leave();
        changed.signalAll();
    }

    /** Nothing of the lane leaves before a person has done something. */
    void hold(Lease lease, String reason) {
        lock.lock();
        try {
            lease.lane.hold = Optional.of(reason);
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
            leaveKind(lease);
            lease.site.ifPresent(this::pass);
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
                        if (site.rest.lasts(time.nanos())) wakeAt(site, site.rest.untilNanos());
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
                consider(other);
                return;
            }
            LaneState own = lease.lane;
            own.workers--;
            other.workers++;
            lease.lane = other;
            if (!own.inLine && own.hasDue(nowSeconds())) {
                var _ = park(own, site.gate);
            } else consider(own);
            if (!other.inLine) consider(other);
            return;
        }
    }

    private boolean somebodyWaits(Lease lease) {
        boolean atSite = lease.site.map(site -> !site.gate.parked().isEmpty()).orElse(false);
        return atSite || !all.parked().isEmpty();
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
            consider(lease.lane);
            forgetIdle(lease.lane);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Puts a lane in line when something of it is due, or sees to it that it is woken. */
    private void consider(LaneState lane) {
        if (lane.inLine || lane.hold.isPresent() || lane.items.isEmpty()) return;
        if (lane.items.hasDue(nowSeconds())) {
            if (lane.beingAsked) return;
            ready.add(lane);
            lane.inLine = true;
            changed.signalAll();
        } else {
            wakeAt(lane, originNanos + lane.items.firstDue() * 1_000_000_000L);
        }
    }

    private void wakeAt(LaneState lane, long nanos) {
        if (lane.wakeNanos <= nanos) return;
        lane.wakeNanos = nanos;
        wakes.add(
                new Wake(
                        nanos,
                        () -> {
                            if (lane.wakeNanos != nanos) return; // An earlier one was set.
                            lane.wakeNanos = Long.MAX_VALUE;
                            consider(lane);
                        }));
        changed.signalAll();
    }

    private void wakeAt(SiteState site, long nanos) {
        if (site.wakeNanos <= nanos) return;
        site.wakeNanos = nanos;
        wakes.add(
                new Wake(
                        nanos,
                        () -> {
                            if (site.wakeNanos != nanos) return;
                            site.wakeNanos = Long.MAX_VALUE;
                            if (site.rest.lasts(time.nanos())) wakeAt(site, site.rest.untilNanos());
                            else pass(site);
                        }));
        changed.signalAll();
    }

    private void wake() {
        while (!wakes.isEmpty() && wakes.peek().nanos() - time.nanos() <= 0) {
            wakes.remove().look().run();
        }
    }

    private void forgetIdle(LaneState lane) {
        if (!lane.isIdle() || !lane.equals(lanes.get(lane.lane))) return;
        lanes.remove(lane.lane);
        lane.site.ifPresent(
                site -> {
                    site.lanes--;
                    forgetIdle(site);
                });
        lane.site = Optional.empty();
    }

    private void forgetIdle(SiteState site) {
        if (site.lanes == 0 && site.gate.inside() == 0) sites.remove(site.site.name());
    }

    /** Makes everything due that waits for its time or for a person, and lets nobody rest. */
    void allDue() {
        lock.lock();
        try {
            for (LaneState lane : List.copyOf(lanes.values())) {
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
            LaneState state = lanes.get(lane);
            if (state != null) cutShort(state);
        } finally {
            lock.unlock();
        }
    }

    private void cutShort(LaneState lane) {
        long nanos = time.nanos();
        lane.hold = Optional.empty();
        lane.rest.cutShort(nanos);
        lane.site.ifPresent(site -> site.rest.cutShort(nanos));
        consider(lane);
        pass(lane);
    }

    /** Forgets all items, and what was learned of lanes; who sends goes on. */
    void clear() {
        lock.lock();
        try {
            for (LaneState lane : List.copyOf(lanes.values())) {
                lane.items.look((_, _) -> -1);
                lane.held.clear();
                lane.rest.end();
                cutShort(lane);
                forgetIdle(lane);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Shows every lane to {@code look}, which is not to wait for anything. */
    void forEach(Consumer<LaneState> look) {
        lock.lock();
        try {
            List<LaneState> all = List.copyOf(lanes.values());
            all.forEach(look);
            all.forEach(this::forgetIdle);
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
        return (int) ((time.nanos() - originNanos) / 1_000_000_000L);
    }
}
