package mansio.state.queue;

import mansio.state.queue.Failure.Stage;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the mail for other servers stands, from memory.
 *
 * @param lanes those with the most waiting first, at most so many as were asked for
 * @param laneCount how many there are
 * @param waiting messages in all lanes; one for several lanes counts in each
 * @param held recipients that are held one by one
 */
public record QueueSummary(List<LaneSummary> lanes, int laneCount, int waiting, int held) {
    public QueueSummary {
        lanes = List.copyOf(lanes);
    }

    /** What a lane does now. */
    public enum State {
        /** Connections are open. */
        SENDING,
        /** The next attempt is at its time. */
        WAITING,
        /** The other side did not answer; one message finds out whether it is back. */
        RESTING,
        /** A person has to do something. */
        HELD
    }

    /**
     * A lane.
     *
     * @param site the other side; empty when it was not asked yet
     * @param causes where its messages failed last
     * @param next when something of it is tried
     * @param reason why it does not move, if so
     */
    public record LaneSummary(
            String lane,
            String site,
            State state,
            Counts counts,
            List<Cause> causes,
            Optional<Instant> next,
            Optional<Instant> oldest,
            String reason) {
        public LaneSummary {
            causes = List.copyOf(causes);
        }
    }

    /**
     * Numbers of a lane.
     *
     * @param waiting messages
     * @param untried messages among them that were never tried
     * @param held recipients that are held one by one
     */
    public record Counts(int waiting, int untried, int held, int connections) {}

    /** So many messages failed there last. */
    public record Cause(Stage stage, int messages) {}

    /** Of the lanes as they are now; called for each under the lock of {@link Lanes}. */
    static final class Maker {
        private final Instant now;
        private final Lanes lanes;
        private final List<LaneSummary> all = new ArrayList<>();
        private int waiting;
        private int held;

        Maker(Lanes lanes, Instant now) {
            this.lanes = lanes;
            this.now = now;
        }

        QueueSummary make(int max) {
            lanes.forEach(this::add);
            all.sort(Comparator.comparingInt((LaneSummary it) -> -it.counts().waiting()));
            return new QueueSummary(
                    all.subList(0, Math.min(max, all.size())), all.size(), waiting, held);
        }

        private void add(LaneState lane) {
            Map<Stage, Integer> causes = new EnumMap<>(Stage.class);
            long[] oldest = {0};
            lane.items.forEach(
                    item -> {
                        ItemFlags.stage(item.flags())
                                .ifPresent(stage -> causes.merge(stage, 1, Integer::sum));
                        long made = new QueueId(item.id()).madeAt().toEpochMilli();
                        if (oldest[0] == 0 || made < oldest[0]) oldest[0] = made;
                    });
            int tried = causes.values().stream().mapToInt(Integer::intValue).sum();
            int count = lane.items.size();
            waiting += count;
            held += lane.heldRecipients();
            State state = state(lane);
            all.add(
                    new LaneSummary(
                            lane.lane.toString(),
                            lane.site.map(it -> it.site.name()).orElse(""),
                            state,
                            new Counts(count, count - tried, lane.heldRecipients(), lane.workers),
                            causes.entrySet().stream()
                                    .map(it -> new Cause(it.getKey(), it.getValue()))
                                    .toList(),
                            next(lane, state),
                            oldest[0] == 0
                                    ? Optional.empty()
                                    : Optional.of(Instant.ofEpochMilli(oldest[0])),
                            lane.hold.or(() -> lane.trouble().map(Failure::line)).orElse("")));
        }

        private State state(LaneState lane) {
            if (lane.hold.isPresent()) return State.HELD;
            if (lane.workers > 0) return State.SENDING;
            return lanes.restNanos(lane) > 0 ? State.RESTING : State.WAITING;
        }

        private Optional<Instant> next(LaneState lane, State state) {
            if (state == State.HELD || lane.items.isEmpty()) return Optional.empty();
            long seconds = Math.max(0, lane.items.firstDue() - lanes.nowSeconds());
            Duration rest = Duration.ofNanos(lanes.restNanos(lane));
            Duration due = Duration.ofSeconds(seconds);
            return Optional.of(now.plus(rest.compareTo(due) > 0 ? rest : due));
        }
    }
}
