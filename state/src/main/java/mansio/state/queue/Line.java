package mansio.state.queue;

import mansio.net.time.Time;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.Condition;

/**
 * The line in which lanes with something due stand, and when the others come to it. Guarded by
 * {@link Lanes}.
 */
final class Line {
    private final Time time;
    private final long originNanos;
    private final Condition changed;
    private final Deque<LaneState> ready = new ArrayDeque<>();
    private final Wakes wakes = new Wakes();

    Line(Time time, Condition changed) {
        this.time = time;
        this.originNanos = time.nanos();
        this.changed = changed;
    }

    /** Seconds since the queue was made. */
    int nowSeconds() {
        return (int) ((time.nanos() - originNanos) / 1_000_000_000L);
    }

    Optional<LaneState> poll() {
        return Optional.ofNullable(ready.poll());
    }

    /** Lets those come whose time it is. */
    void wake() {
        wakes.run(time.nanos());
    }

    /** When somebody comes by himself; empty for never. */
    OptionalLong nextNanos() {
        return wakes.isEmpty() ? OptionalLong.empty() : OptionalLong.of(wakes.first());
    }

    /** Puts a lane in line when something of it is due, or sees to it that it is woken. */
    void consider(LaneState lane) {
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

    void wakeAt(LaneState lane, long nanos) {
        if (lane.wakeNanos <= nanos) return;
        lane.wakeNanos = nanos;
        wakes.at(
                nanos,
                () -> {
                    if (lane.wakeNanos != nanos) return; // An earlier one was set.
                    lane.wakeNanos = Long.MAX_VALUE;
                    consider(lane);
                });
        changed.signalAll();
    }

    void wakeAt(SiteState site, long nanos) {
        if (site.wakeNanos <= nanos) return;
        site.wakeNanos = nanos;
        wakes.at(
                nanos,
                () -> {
                    if (site.wakeNanos != nanos) return;
                    site.wakeNanos = Long.MAX_VALUE;
                    if (site.rest.lasts(time.nanos())) wakeAt(site, site.rest.untilNanos());
                    else pass(site);
                });
        changed.signalAll();
    }

    /** When a lane of a site with room got nothing from it, the next one of that site may. */
    void pass(LaneState lane) {
        lane.site.ifPresent(this::pass);
    }

    void pass(SiteState site) {
        if (!site.takesOne(time.nanos())) return;
        LaneState next = site.gate.parked().poll();
        if (next != null) ready.add(next);
        changed.signalAll();
    }
}
