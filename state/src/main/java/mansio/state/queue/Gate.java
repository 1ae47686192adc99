package mansio.state.queue;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * So many may be inside at once; lanes that found no room wait in turn. Guarded by {@link Lanes}.
 */
final class Gate {
    private final Deque<LaneState> parked = new ArrayDeque<>(1);
    private int limit;
    private int inside;

    Gate(int limit) {
        this.limit = limit;
    }

    boolean hasRoom() {
        return inside < limit;
    }

    void enter() {
        inside++;
    }

    void leave() {
        inside--;
    }

    int inside() {
        return inside;
    }

    int limit() {
        return limit;
    }

    void setLimit(int now) {
        limit = now;
    }

    Deque<LaneState> parked() {
        return parked;
    }
}
