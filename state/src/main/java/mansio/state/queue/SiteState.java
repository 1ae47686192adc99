package mansio.state.queue;

import mansio.state.queue.Carrier.Site;

/**
 * What was learned of the other side, whatever lanes lead there: how many connections it bears, and
 * whether it answers. Guarded by {@link Lanes}.
 */
final class SiteState {
    /** Connections to a site nothing is known of. */
    private static final int SLOW_START = 2;

    final Rest rest = new Rest();
    final Gate gate;

    /** As the carrier gave it last. */
    Site site;

    /** The last connection worked. */
    boolean proven;

    /** Lanes that lead here. */
    int lanes;

    long wakeNanos = Long.MAX_VALUE;
    private int most;

    SiteState(Site site, int most) {
        this.site = site;
        this.most = most;
        this.gate = new Gate(Math.min(SLOW_START, most));
    }

    void setMost(int connections) {
        most = connections;
        gate.setLimit(Math.min(gate.limit(), most));
    }

    void succeeded() {
        int more = rest.isInDoubt() ? SLOW_START : gate.limit() + 1;
        rest.end();
        proven = true;
        gate.setLimit(Math.min(most, more));
    }

    /** A connection could not be made, or was lost: it rests when no other one is open. */
    void failed(long nowNanos, Failure why) {
        gate.setLimit(Math.max(1, gate.limit() / 2));
        if (gate.inside() > 1) return;
        proven = false;
        gate.setLimit(1); // One message finds out whether it is back.
        rest.failed(nowNanos, why);
    }

    boolean takesOne(long nowNanos) {
        return gate.hasRoom() && !rest.lasts(nowNanos);
    }
}
