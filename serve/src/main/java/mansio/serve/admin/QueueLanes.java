package mansio.serve.admin;

import mansio.state.directory.Outcome;
import mansio.state.queue.QueueSummary;
import mansio.state.queue.QueueSummary.Cause;
import mansio.state.queue.QueueSummary.LaneSummary;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** {@code queue lanes}: the mail for other servers by where it goes, from memory. */
public record QueueLanes() implements Operation<QueueLanes.Lanes> {
    private static final int MAX = 200;

    /** How they stand. */
    public record Lanes(QueueSummary summary) implements Answer {
        @Override
        public List<String> lines() {
            if (summary.laneCount() == 0) return List.of("Nothing waits for other servers.");
            List<String> lines = new ArrayList<>();
            lines.add(
                    (summary.waiting() == 1
                                    ? "1 message waits"
                                    : summary.waiting() + " messages wait")
                            + " in "
                            + (summary.laneCount() == 1 ? "1 lane" : summary.laneCount() + " lanes")
                            + held());
            for (LaneSummary lane : summary.lanes()) lines.add(line(lane));
            return lines;
        }

        /** Those that a person holds; a lane that is held says so itself. */
        private String held() {
            if (summary.held() == 0) return ".";
            return summary.held() == 1
                    ? "; 1 recipient is held by itself."
                    : "; " + summary.held() + " recipients are held one by one.";
        }

        private static String line(LaneSummary lane) {
            String causes =
                    lane.causes().stream().map(Lanes::words).collect(Collectors.joining(", "));
            return "%7d  %s  %s%s%s%s"
                    .formatted(
                            lane.counts().waiting(),
                            lane.lane(),
                            lane.state().name().toLowerCase(Locale.ROOT),
                            lane.next().map(it -> ", next " + Times.second(it)).orElse(""),
                            causes.isEmpty() ? "" : ", failed at " + causes,
                            lane.reason().isEmpty() ? "" : " (" + lane.reason() + ")");
        }

        private static String words(Cause cause) {
            return cause.stage().name().toLowerCase(Locale.ROOT) + " " + cause.messages();
        }
    }

    @Override
    public Outcome<Lanes> run(Rooms rooms) {
        if (rooms.site().server().isEmpty()) {
            return Outcome.refused(
                    Outcome.Problem.INVALID, "no server runs; mansio queue list reads the disk");
        }
        return Outcome.done(new Lanes(rooms.mail().queue().operations().summary(MAX)));
    }
}
