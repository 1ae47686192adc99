package mansio.state.queue;

import mansio.state.queue.Carrier.Lane;
import mansio.state.queue.Carrier.Terms;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What memory knows of a lane. Guarded by {@link Lanes}. */
final class LaneState {
    final Lane lane;
    final DueHeap items = new DueHeap();

    /** Where it led when that was asked last. */
    Optional<SiteState> site = Optional.empty();

    Terms terms = Terms.USUAL;

    /** Why nothing leaves before a person has done something. */
    Optional<String> hold = Optional.empty();

    /** How often a person did something that may end a hold. */
    int endsOfHold;

    /** While it cannot be told where it leads. */
    final Rest rest = new Rest();

    /** True while it stands in a line: with the ready ones, or parked at a gate. */
    boolean inLine;

    /** Somebody finds out where it leads. */
    boolean beingAsked;

    /** Connections that took items of it. */
    int workers;

    /** Recipients that are held one by one, by the id of their entry. */
    final Map<Long, Integer> held = new HashMap<>(0);

    /** When it is looked at again; {@link Long#MAX_VALUE} for not by itself. */
    long wakeNanos = Long.MAX_VALUE;

    LaneState(Lane lane) {
        this.lane = lane;
    }

    boolean hasDue(int now) {
        return hold.isEmpty() && items.hasDue(now);
    }

    int heldRecipients() {
        return held.values().stream().mapToInt(it -> it).sum();
    }

    /** True when nothing is known of it that must be kept. */
    boolean isIdle() {
        return items.isEmpty() && workers == 0 && held.isEmpty() && !inLine && !beingAsked;
    }

    /** Why its mail does not leave now, if there is a reason of the lane or its site. */
    Optional<Failure> trouble() {
        return rest.why().or(() -> site.flatMap(at -> at.rest.why()));
    }
}
