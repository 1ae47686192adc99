package mansio.state.queue;

import mansio.net.time.Time;
import mansio.state.queue.EntryTable.Change;
import mansio.state.queue.EntryTable.Step;
import mansio.state.queue.Failure.Stage;
import mansio.state.store.Partition;
import mansio.state.story.StoryLine;
import mansio.state.story.StoryTables;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What administrators do to queued mail. All of it is safe while a message is being sent: what is
 * stored decides, and a message whose final dot was not sent yet is not sent any more. Safe for use
 * by any thread.
 */
public final class QueueOperations {
    private final Bookkeeping books;
    private final List<Partition> shards;
    private final LocalDeliveries local;
    private final Time time;

    QueueOperations(Bookkeeping books, List<Partition> shards, LocalDeliveries local, Time time) {
        this.books = books;
        this.shards = shards;
        this.local = local;
        this.time = time;
    }

    /**
     * What an operation did.
     *
     * @param recipients how many it was done to
     * @param beingSent how many it was not done to, because the other side may have the message
     *     just now
     */
    public record Handled(int recipients, int beingSent) {}

    /** Keeps a message's open recipients until {@link #release}; empty when it is not there. */
    public Optional<Handled> hold(QueueId id, String reason) throws IOException {
        boolean busy = books.lanes().isBusy(id);
        return change(
                id,
                "held",
                reason,
                (_, it) ->
                        switch (it.progress()) {
                            case Progress.Waiting waiting -> new Progress.Held(reason, waiting);
                            case Progress.DotSent sent when !busy ->
                                    new Progress.Held(
                                            reason,
                                            sent.unanswered(books.settings().dotSentWait()));
                            case Progress.DotSent _, Progress.Held _, Progress.Done _ ->
                                    it.progress();
                        });
    }

    /**
     * Lets held recipients go at once. Those of which it is not known whether the other side has
     * them still wait for their time.
     */
    public Optional<Handled> release(QueueId id) throws IOException {
        Instant now = time.now();
        Optional<Handled> handled =
                change(
                        id,
                        "released",
                        "",
                        (_, it) ->
                                it.progress() instanceof Progress.Held held
                                        ? held.before().released(now)
                                        : it.progress());
        if (handled.isPresent()) local.later(id, 0);
        return handled;
    }

    /**
     * Tries a message's waiting recipients at once, even where the site rests or the lane is held.
     * Those of which it is not known whether the other side has them wait on.
     */
    public Optional<Handled> retry(QueueId id) throws IOException {
        Instant now = time.now();
        Optional<QueueEntry> entry = books.read(id);
        if (entry.isEmpty()) return Optional.empty();
        for (Recipient it : entry.get().recipients()) {
            if (!it.isLocal()) books.lanes().cutShort(books.laneOf(entry.get(), it));
        }
        Optional<Handled> handled =
                change(
                        id,
                        "retried",
                        "",
                        (_, it) ->
                                it.progress() instanceof Progress.Waiting waiting
                                        ? waiting.dueAt(now)
                                        : it.progress());
        if (entry.get().waitsForLocal()) local.later(id, 0);
        return handled;
    }

    /** Tries all that waits as soon as there is room, whatever rests or is held as a lane. */
    public void retryAll() {
        books.lanes().allDue();
    }

    /** Throws a message away; nobody is told. */
    public Optional<Handled> remove(QueueId id, String who) throws IOException {
        if (id.shard() >= shards.size()) return Optional.empty();
        StoryLine line = new StoryLine(time.now(), "removed", "done", who);
        Optional<QueueEntry> removed =
                shards.get(id.shard())
                        .writeFreeing(
                                turn -> {
                                    Optional<QueueEntry> found = EntryTable.find(turn, id);
                                    if (found.isEmpty()) return found;
                                    books.removing(id);
                                    EntryTable.remove(
                                            turn, found.get(), EntryTable.Blobs.PERHAPS_SHARED);
                                    Instant received = found.get().received();
                                    StoryTables.append(turn, id.value(), received, List.of(line));
                                    return found;
                                });
        removed.ifPresent(books::forgetHeld);
        return removed.map(
                it ->
                        new Handled(
                                (int) it.recipients().stream().filter(r -> !r.isDone()).count(),
                                0));
    }

    /** Gives a message up for its open recipients elsewhere, and tells the sender. */
    public Optional<Handled> bounce(QueueId id, String who) throws IOException {
        Instant now = time.now();
        Step step =
                (_, it) ->
                        it.isLocal()
                                ? it.progress()
                                : switch (it.progress()) {
                                    case Progress.Waiting waiting -> bounced(waiting, who, now);
                                    case Progress.Held held -> bounced(held.before(), who, now);
                                    case Progress.DotSent _, Progress.Done _ -> it.progress();
                                };
        if (books.lanes().isBusy(id)) return Optional.of(new Handled(0, openOf(id)));
        return change(id, "bounced", who, step);
    }

    private static Progress bounced(Progress.Waiting waiting, String who, Instant now) {
        String last = waiting.failure().map(it -> "; before: " + it.line()).orElse("");
        return new Progress.Done(
                new Fate.Failed(
                        Failure.here(Stage.ADMIN, "5.0.0", "given up by " + who + last, now)));
    }

    private int openOf(QueueId id) throws IOException {
        return books.read(id)
                .map(it -> (int) it.recipients().stream().filter(r -> !r.isDone()).count())
                .orElse(0);
    }

    private Optional<Handled> change(QueueId id, String what, String why, Step step)
            throws IOException {
        Optional<QueueEntry> entry = books.read(id);
        if (entry.isEmpty()) return Optional.empty();
        StoryLine line = new StoryLine(time.now(), what, "done", why);
        Optional<Change> change = books.settle(entry.get(), step, List.of(line));
        // Some changes are written lazily; what a person is told was done is on the disk.
        var _ = books.read(id);
        return change.map(
                it -> {
                    int changed = 0;
                    int sent = 0;
                    for (int i = 0; i < it.now().recipients().size(); i++) {
                        Recipient now = it.now().recipients().get(i);
                        if (!now.equals(it.before().recipients().get(i))) changed++;
                        else if (now.progress() instanceof Progress.DotSent) sent++;
                    }
                    return new Handled(changed, sent);
                });
    }

    /**
     * How things stand.
     *
     * @param max lanes to tell of
     */
    public QueueSummary summary(int max) {
        return new QueueSummary.Maker(books.lanes(), time.now()).make(max);
    }
}
