package mansio.state.queue;

import mansio.state.queue.DueHeap.Item;

import java.util.Optional;

/**
 * A worker's right to send: an item, and later a place at the gates. Made and changed by {@link
 * Lanes} under its lock; used by one worker.
 */
final class Lease {
    LaneState lane;
    Optional<Item> item;
    Optional<SiteState> site = Optional.empty();
    Optional<Gate> kind = Optional.empty();
    boolean asking;

    /** {@link LaneState#endsOfHold} when it began. */
    final int endsOfHold;

    /** Its lane leads home. */
    boolean home;

    /** Transactions so far. */
    int transactions;

    Lease(LaneState lane, Item item) {
        this.lane = lane;
        this.endsOfHold = lane.endsOfHold;
        this.item = Optional.of(item);
    }
}
