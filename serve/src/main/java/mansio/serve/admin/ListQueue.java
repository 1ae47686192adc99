package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.state.directory.Outcome;
import mansio.state.queue.Failure;
import mansio.state.queue.Progress;
import mansio.state.queue.Queue;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.QueueId;
import mansio.state.queue.Recipient;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code queue list}, a page of it.
 *
 * @param after the last that was shown already
 */
public record ListQueue(Optional<QueueId> after) implements Operation<ListQueue.Entries> {
    private static final int PAGE = 500;

    /**
     * One message.
     *
     * @param sender the reverse-path, empty for the null one
     * @param recipient the first that is not done
     * @param waiting how many are not done
     * @param reason why the first of them waits; empty before an attempt
     */
    public record Facts(
            QueueId id,
            Instant received,
            long size,
            Optional<Address> sender,
            Address recipient,
            int waiting,
            String reason) {
        static Facts of(QueueEntry entry) {
            List<Recipient> waiting =
                    entry.recipients().stream().filter(it -> !it.isDone()).toList();
            Recipient first =
                    waiting.isEmpty() ? entry.recipients().getFirst() : waiting.getFirst();
            return new Facts(
                    entry.id(),
                    entry.received(),
                    entry.content().length(),
                    entry.envelope().reversePath(),
                    first.forwardPath(),
                    waiting.size(),
                    reason(first.progress()));
        }

        private static String reason(Progress progress) {
            return switch (progress) {
                case Progress.Waiting waiting -> waiting.failure().map(Failure::line).orElse("");
                case Progress.DotSent sent -> "no answer yet of " + sent.host();
                case Progress.Held held -> "held: " + held.reason();
                case Progress.Done _ -> "";
            };
        }

        private String line() {
            return "%s  %s  %8d  %s -> %s%s%s"
                    .formatted(
                            id,
                            Times.second(received),
                            size,
                            sender.map(Address::toDisplay).orElse("<>"),
                            recipient.toDisplay(),
                            waiting > 1 ? " and " + (waiting - 1) + " more" : "",
                            reason.isEmpty() ? "" : " (" + reason + ")");
        }
    }

    /**
     * Some of them, oldest first within a shard.
     *
     * @param more there are others behind these
     */
    public record Entries(List<Facts> entries, boolean more) implements Answer {
        public Entries {
            entries = List.copyOf(entries);
        }

        /** These and those of the next page. */
        public Entries with(Entries next) {
            List<Facts> all = new ArrayList<>(entries);
            all.addAll(next.entries);
            return new Entries(all, next.more);
        }

        @Override
        public List<String> lines() {
            if (entries.isEmpty()) return List.of("The queue is empty.");
            List<String> lines = new ArrayList<>(entries.stream().map(Facts::line).toList());
            if (more) lines.add("and more");
            return lines;
        }
    }

    @Override
    public Outcome<Entries> run(Rooms rooms) throws IOException {
        List<QueueEntry> page = rooms.mail().queue().list(after.orElse(Queue.FIRST), PAGE);
        return Outcome.done(
                new Entries(page.stream().map(Facts::of).toList(), page.size() == PAGE));
    }
}
