package mansio.state.queue;

import mansio.state.queue.EntryTable.Listed;
import mansio.state.store.Partition;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Reads all that the disk has. An entry that cannot be read keeps nobody else waiting: it is passed
 * over and looked at again now and then. One thread.
 */
final class Loading implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Loading.class);
    private static final int PAGE = 500;
    private static final Duration AGAIN = Duration.ofSeconds(30);
    private static final Duration DAMAGED_AGAIN = Duration.ofMinutes(30);

    private final List<Partition> shards;
    private final List<QueueId> before;
    private final Consumer<QueueEntry> each;
    private final Pace pace;
    private final List<QueueId> passedOver = new ArrayList<>();

    /**
     * @param before entries with these ids and later ones are told by whoever accepts them
     * @param each is given every other one
     */
    Loading(List<Partition> shards, List<QueueId> before, Consumer<QueueEntry> each, Pace pace) {
        this.shards = shards;
        this.before = before;
        this.each = each;
        this.pace = pace;
    }

    /** When it waits, and when it ends early. */
    record Pace(BooleanSupplier ends, Lanes lanes) {
        boolean goesOn() {
            return !ends.getAsBoolean() && !lanes.isClosed();
        }

        boolean pause(Duration length) {
            return goesOn() && lanes.pause(length) && goesOn();
        }
    }

    @Override
    public void run() {
        for (QueueId end : before) load(end);
        while (!passedOver.isEmpty() && pace.pause(DAMAGED_AGAIN)) {
            passedOver.removeIf(this::readable);
        }
    }

    private void load(QueueId end) {
        Partition shard = shards.get(end.shard());
        Optional<QueueId> next = Optional.of(QueueId.of(end.shard(), 0));
        int size = PAGE;
        int failures = 0;
        // What is on its way to the disk may have been told to lanes that are forgotten by now.
        boolean settled = false;
        while (next.isPresent() && pace.goesOn()) {
            try {
                if (!settled) settled = shard.writeFreeing(_ -> true);
                Listed page = EntryTable.page(shard, next.get(), size);
                page.entries().forEach(entry -> give(entry, end));
                next = page.last().filter(id -> id.compareTo(end) < 0);
                size = Math.min(PAGE, size * 2);
                failures = 0;
            } catch (IOException | RuntimeException e) {
                // Alone, so that all in front of the one that is damaged are had.
                size = 1;
                failures++;
                if (failures == 1) continue;
                log.atWarn().setCause(e).log("cannot read the queue now");
                if (failures == 2) {
                    if (!pace.pause(AGAIN)) return;
                } else {
                    next = passOver(shard, next.get());
                    failures = 0;
                }
            }
        }
    }

    private Optional<QueueId> passOver(Partition shard, QueueId after) {
        try {
            Optional<QueueId> damaged = EntryTable.idBehind(shard, after);
            damaged.ifPresent(
                    id -> {
                        log.atError().addKeyValue("qid", id).log("cannot be read: waits");
                        passedOver.add(id);
                    });
            return damaged;
        } catch (IOException e) {
            return pace.pause(AGAIN) ? Optional.of(after) : Optional.empty();
        }
    }

    private void give(QueueEntry entry, QueueId end) {
        if (entry.id().compareTo(end) >= 0) return;
        try {
            each.accept(entry);
        } catch (RuntimeException e) {
            log.atError().addKeyValue("qid", entry.id()).setCause(e).log("cannot be taken up");
            passedOver.add(entry.id());
        }
    }

    /** False when it is to be looked at again. */
    private boolean readable(QueueId id) {
        try {
            EntryTable.find(shards.get(id.shard()), id).ifPresent(each);
            return true;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }
}
