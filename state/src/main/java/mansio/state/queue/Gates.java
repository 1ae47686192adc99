package mansio.state.queue;

import java.util.List;
import java.util.Optional;

/**
 * The gates before all sites: how many connections there may be in all, to sites nothing is known
 * of, and to sites that failed last. Guarded by {@link Lanes}.
 */
final class Gates {
    /** Lanes of which it is found out at once where they lead. */
    private static final int MAX_ASKING = 64;

    private final Gate all;
    private final Gate fresh;
    private final Gate doubtful;
    private final Gate asking = new Gate(MAX_ASKING);

    /**
     * @param most connections in all
     */
    Gates(int most) {
        all = new Gate(most);
        fresh = new Gate(Math.max(1, most - most / 4));
        doubtful = new Gate(Math.max(1, most / 4));
    }

    /** For finding out where a lane leads. */
    Gate asking() {
        return asking;
    }

    /** A lane that waits at a gate which has room now. */
    Optional<LaneState> next() {
        for (Gate gate : List.of(all, fresh, doubtful, asking)) {
            if (!gate.hasRoom()) continue;
            LaneState next = gate.parked().poll();
            if (next != null) return Optional.of(next);
        }
        return Optional.empty();
    }

    /** The gate that has no room for one more connection to that site, which has room itself. */
    Optional<Gate> full(SiteState site) {
        Optional<Gate> kind = kindOf(site);
        if (kind.isPresent() && !kind.get().hasRoom()) return kind;
        return all.hasRoom() ? Optional.empty() : Optional.of(all);
    }

    /** Sites that work need no gate of their own, so that the others cannot crowd them out. */
    private Optional<Gate> kindOf(SiteState site) {
        if (site.rest.isInDoubt()) return Optional.of(doubtful);
        return site.proven ? Optional.empty() : Optional.of(fresh);
    }

    void enter(Lease lease, SiteState site) {
        lease.site = Optional.of(site);
        lease.kind = kindOf(site);
        lease.kind.ifPresent(Gate::enter);
        site.gate.enter();
        all.enter();
    }

    /** The site works: it needs the gate of its kind no more. */
    void leaveKind(Lease lease) {
        lease.kind.ifPresent(Gate::leave);
        lease.kind = Optional.empty();
    }

    void leave(Lease lease, SiteState site) {
        leaveKind(lease);
        site.gate.leave();
        all.leave();
        lease.site = Optional.empty();
    }

    /** True when a lane waits for any connection to end. */
    boolean somebodyWaits() {
        return !all.parked().isEmpty();
    }
}
