package mansio.state.queue;

import mansio.net.time.Time;
import mansio.state.queue.Settlement.LaneView;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Looks now and then at all that waits: who is to be told that it takes long, and what is too old
 * while its lane does not move. The age is in the queue id, so only what is due for one or the
 * other is read. One thread.
 */
final class Overdue implements Runnable {
    private static final Logger log = LoggerFactory.getLogger(Overdue.class);
    private static final Duration EVERY = Duration.ofMinutes(5);

    /** Taken up in one go; the next go follows at once. */
    private static final int MAX_FOUND = 1_000;

    private record Found(
            QueueId id, LaneView lane, Optional<Failure> trouble, int flags, boolean takenOut) {}

    private final Bookkeeping books;
    private final Settlement settlement;
    private final Time time;

    /** Notices that failed and are marked as dealt with in memory. The thread's own. */
    private final List<Found> again = new ArrayList<>();

    Overdue(Bookkeeping books, Settlement settlement, Time time) {
        this.books = books;
        this.settlement = settlement;
        this.time = time;
    }

    @Override
    public void run() {
        while (books.lanes().pause(EVERY)) {
            try {
                round();
            } catch (RuntimeException | Error e) {
                log.atError().setCause(e).log("looking for overdue mail failed; it goes on");
            }
        }
    }

    private void round() {
        List<Found> failed = List.copyOf(again);
        again.clear();
        for (Found each : failed) {
            if (books.lanes().isClosed()) return;
            handle(each);
        }
        List<Found> found = find();
        while (!found.isEmpty()) {
            for (Found each : found) {
                if (books.lanes().isClosed()) return;
                handle(each);
            }
            found = found.size() < MAX_FOUND ? List.of() : find();
        }
    }

    private List<Found> find() {
        List<Found> found = new ArrayList<>();
        if (again.size() < MAX_FOUND) books.lanes().forEach(lane -> lookAt(lane, found));
        return found;
    }

    /** What is too old is taken out of the lane; what gets a notice is marked. */
    private void lookAt(LaneState lane, List<Found> found) {
        if (lane.hold.isPresent()) return; // A person knows of it.
        Instant now = time.now();
        Optional<Failure> trouble = lane.trouble();
        LaneView view = new LaneView(lane.lane, books.scheduleOf(lane.terms));
        lane.items.look(
                (id, flags) -> {
                    if (found.size() >= MAX_FOUND) return flags;
                    QueueId queueId = new QueueId(id);
                    Duration age = Duration.between(queueId.madeAt(), now);
                    boolean tooOld = age.compareTo(view.schedule().lifetime()) >= 0;
                    int notices = settlement.noticesAt(age);
                    if (tooOld && trouble.isPresent()) {
                        found.add(new Found(queueId, view, trouble, flags, true));
                        return -1;
                    }
                    if (notices <= ItemFlags.notices(flags)) return flags;
                    found.add(new Found(queueId, view, trouble, flags, false));
                    return ItemFlags.withNotices(flags, notices);
                });
    }

    private void handle(Found each) {
        try {
            Optional<QueueEntry> entry = books.read(each.id());
            if (entry.isEmpty()) return;
            settlement.overdue(entry.get(), each.lane(), each.trouble());
            // Some of it may still wait: for an answer, or because its age by the id is not all.
            if (each.takenOut())
                books.read(each.id()).ifPresent(it -> books.takeAgain(it, each.flags()));
        } catch (IOException | RuntimeException e) {
            log.atWarn()
                    .addKeyValue("qid", each.id())
                    .setCause(e)
                    .log("overdue mail is looked at later");
            if (each.takenOut())
                books.lanes().add(each.lane().lane(), each.id().value(), EVERY, each.flags());
            else again.add(each);
        }
    }
}
