package mansio.state.queue;

import mansio.state.queue.Carrier.Lane;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Set;

/** Makes one item of all recipients of an entry that wait in one lane for one moment. */
final class ItemSink {
    private record Pending(Lane lane, Instant at, int flags) {}

    private final Bookkeeping books;
    private final QueueEntry entry;
    private final Duration most;
    private final Set<Pending> pending = new LinkedHashSet<>();
    private boolean hurries;

    /**
     * @param most nothing waits longer, whatever its stored time says
     */
    ItemSink(Bookkeeping books, QueueEntry entry, Duration most) {
        this.books = books;
        this.entry = entry;
        this.most = most;
    }

    /**
     * What waits for another server needs not wait when it stays here after all, unless the other
     * one perhaps has it.
     */
    ItemSink hurryingHome() {
        hurries = true;
        return this;
    }

    /** Adds a recipient, if it waits for something. */
    void add(Recipient recipient) {
        switch (recipient.progress()) {
            case Progress.Waiting waiting ->
                    add(recipient, dueAt(recipient, waiting), ItemFlags.of(waiting));
            case Progress.DotSent sent ->
                    add(
                            recipient,
                            sent.at().plus(books.settings().dotSentWait()),
                            ItemFlags.of(sent));
            case Progress.Held _, Progress.Done _ -> {}
        }
    }

    private Instant dueAt(Recipient recipient, Progress.Waiting waiting) {
        boolean tried = hurries && waiting.attempts() > 0;
        return tried && books.leadsHome(books.laneOf(entry, recipient))
                ? waiting.released(Instant.EPOCH).notBefore()
                : waiting.notBefore();
    }

    private void add(Recipient recipient, Instant at, int flags) {
        pending.add(new Pending(books.laneOf(entry, recipient), at, flags));
    }

    void flush() {
        for (Pending each : pending) {
            Duration wait = books.until(each.at(), most);
            books.lanes().add(each.lane(), entry.id().value(), wait, each.flags());
        }
    }
}
