package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.state.directory.Outcome;
import mansio.state.queue.Failure;
import mansio.state.queue.Progress;
import mansio.state.queue.Queue;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.QueueId;
import mansio.state.queue.QueueSummary;
import mansio.state.queue.QueueSummary.Cause;
import mansio.state.queue.QueueSummary.LaneSummary;
import mansio.state.queue.QueueSummary.State;
import mansio.state.queue.Recipient;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code queue list}, a page of it; the first one has the groups too, which a running server knows.
 *
 * @param after the last that was shown already
 */
public record ListQueue(Optional<QueueId> after) implements Operation<ListQueue.Entries> {
    private static final int PAGE = 500;
    private static final int MAX_GROUPS = 50;
    private static final int MAX_LANES = 10_000;

    /**
     * Messages that wait for the same site for the same cause.
     *
     * @param site the other side, or the lane while it is not known where that leads
     * @param messages one for several recipients counts in each of its lanes
     * @param oldest of the site
     * @param next attempt for the site; empty when none is planned
     */
    public record Group(
            String site,
            String cause,
            int messages,
            Optional<Instant> oldest,
            Optional<Instant> next) {
        static List<Group> of(QueueSummary summary) {
            Map<String, Group> groups = new LinkedHashMap<>();
            for (LaneSummary lane : summary.lanes()) {
                if (!lane.reason().isEmpty()) {
                    String why = lane.state() == State.HELD ? "held: " : "";
                    add(groups, lane, why + lane.reason(), lane.counts().waiting());
                    continue;
                }
                for (Cause cause : lane.causes()) {
                    String stage = cause.stage().name().toLowerCase(Locale.ROOT);
                    add(groups, lane, "failed at " + stage, cause.messages());
                }
                add(groups, lane, "not tried yet", lane.counts().untried());
            }
            return groups.values().stream()
                    .sorted(Comparator.comparingInt(it -> -it.messages))
                    .limit(MAX_GROUPS)
                    .toList();
        }

        private static void add(
                Map<String, Group> groups, LaneSummary lane, String cause, int messages) {
            if (messages == 0) return;
            String site = lane.site().isEmpty() ? lane.lane() : lane.site();
            groups.merge(
                    site + "\n" + cause,
                    new Group(site, cause, messages, lane.oldest(), lane.next()),
                    Group::with);
        }

        private Group with(Group other) {
            return new Group(
                    site,
                    cause,
                    messages + other.messages,
                    earlier(oldest, other.oldest),
                    earlier(next, other.next));
        }

        private static Optional<Instant> earlier(Optional<Instant> a, Optional<Instant> b) {
            return Stream.of(a, b).flatMap(Optional::stream).min(Comparator.naturalOrder());
        }

        private String line() {
            return "%7d  %s  %s%s%s"
                    .formatted(
                            messages,
                            site,
                            oldest.map(it -> "oldest " + Times.second(it) + ", ").orElse(""),
                            next.map(it -> "next " + Times.second(it) + ", ").orElse(""),
                            cause);
        }
    }

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
     * @param groups the largest first; only those of the first page, of a running server
     * @param more there are others behind these
     */
    public record Entries(List<Group> groups, List<Facts> entries, boolean more) implements Answer {
        public Entries {
            groups = List.copyOf(groups);
            entries = List.copyOf(entries);
        }

        /** These and those of the next page. */
        public Entries with(Entries next) {
            List<Facts> all = new ArrayList<>(entries);
            all.addAll(next.entries);
            return new Entries(groups, all, next.more);
        }

        /** So many of them. */
        public Entries first(int most) {
            if (entries.size() <= most) return this;
            return new Entries(groups, entries.subList(0, most), true);
        }

        @Override
        public List<String> lines() {
            if (entries.isEmpty()) return List.of("The queue is empty.");
            List<String> lines = new ArrayList<>(groups.stream().map(Group::line).toList());
            if (!groups.isEmpty()) lines.add("");
            entries.forEach(it -> lines.add(it.line()));
            if (more) lines.add("and more");
            return lines;
        }
    }

    @Override
    public Outcome<Entries> run(Rooms rooms) throws IOException {
        List<QueueEntry> page = rooms.mail().queue().list(after.orElse(Queue.FIRST), PAGE);
        boolean asks = after.isEmpty() && rooms.site().server().isPresent();
        List<Group> groups =
                asks ? Group.of(rooms.mail().queue().operations().summary(MAX_LANES)) : List.of();
        return Outcome.done(
                new Entries(groups, page.stream().map(Facts::of).toList(), page.size() == PAGE));
    }
}
