package mansio.state.mailbox;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Bounds the placements that all accounts keep in memory: the mailboxes looked at least recently
 * are let go. Safe for use by any thread.
 */
final class PlacementCache {
    /** What a mailbox takes beside its placements, counted as placements. */
    private static final int OVERHEAD = 100;

    private record Slot(Shown account, long mailboxId) {}

    private final int maxPlacements;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<Slot, Integer> slots = new LinkedHashMap<>(16, 0.75f, true);
    private long total;

    PlacementCache(int maxPlacements) {
        this.maxPlacements = maxPlacements;
    }

    /**
     * Notes that a mailbox of that many placements was looked at. No lock of an account is held.
     */
    void used(Shown account, long mailboxId, int placements) {
        List<Slot> victims = new ArrayList<>();
        lock.lock();
        try {
            int weight = placements + OVERHEAD;
            Integer before = slots.put(new Slot(account, mailboxId), weight);
            total += weight - (before == null ? 0 : before);
            Iterator<Map.Entry<Slot, Integer>> oldest = slots.entrySet().iterator();
            while (total > maxPlacements && slots.size() > 1) {
                Map.Entry<Slot, Integer> entry = oldest.next();
                victims.add(entry.getKey());
                total -= entry.getValue();
                oldest.remove();
            }
        } finally {
            lock.unlock();
        }
        for (Slot victim : victims) victim.account().evict(victim.mailboxId());
    }
}
