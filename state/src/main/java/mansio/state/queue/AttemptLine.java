package mansio.state.queue;

import mansio.state.queue.EntryTable.Step;
import mansio.state.story.StoryLine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A line of the story and of the log: what an attempt did for some recipients, and why.
 *
 * @param outcome in one word
 * @param to those it is about, who all got the same answer
 * @param reason the other side, how the connection was protected, its answer
 * @param delays where the time went, as seconds: until it was due, until it was taken up, until the
 *     connection was there, until the answer
 */
record AttemptLine(String outcome, List<String> to, String reason, String delays) {
    private static final Logger log = LoggerFactory.getLogger("mansio.sent");
    private static final int MAX_LINES = 10;
    private static final int MAX_NAMES = 3;

    private record Told(String outcome, String reason) {}

    static List<AttemptLine> of(Attempt attempt, Step step) {
        QueueEntry entry = attempt.dispatch().entry();
        String tls =
                attempt.passage().map(it -> it.tls().isEmpty() ? "no TLS" : it.tls()).orElse("");
        Map<Told, List<String>> groups = new LinkedHashMap<>();
        for (int i : attempt.dispatch().recipients()) {
            Recipient recipient = entry.recipients().get(i);
            Told told = told(stepped(step, i, recipient), tls);
            groups.computeIfAbsent(told, _ -> new ArrayList<>())
                    .add(recipient.destination().toString());
        }
        int first = attempt.dispatch().recipients().getFirst();
        String delays = delays(entry, first, attempt.times());
        List<AttemptLine> lines = new ArrayList<>();
        groups.forEach(
                (told, to) ->
                        lines.add(new AttemptLine(told.outcome(), to, told.reason(), delays)));
        return lines;
    }

    static AttemptLine of(Recipient recipient, Fate fate) {
        Told told = told(new Progress.Done(fate), "");
        return new AttemptLine(
                told.outcome(), List.of(recipient.destination().toString()), told.reason(), "");
    }

    /** A line for each recipient that the step ends. */
    static List<AttemptLine> ofEnded(QueueEntry entry, Step step) {
        List<AttemptLine> lines = new ArrayList<>();
        for (int i = 0; i < entry.recipients().size(); i++) {
            Recipient recipient = entry.recipients().get(i);
            boolean ends = !recipient.isDone();
            if (ends && stepped(step, i, recipient) instanceof Progress.Done(Fate fate))
                lines.add(of(recipient, fate));
        }
        return lines;
    }

    private static Progress stepped(Step step, int i, Recipient recipient) {
        try {
            return step.of(i, recipient);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Told told(Progress progress, String tls) {
        return switch (progress) {
            case Progress.Waiting waiting ->
                    new Told("deferred", waiting.failure().map(it -> withTls(it, tls)).orElse(""));
            case Progress.Held held -> new Told("held", held.reason());
            case Progress.DotSent sent -> new Told("unknown", "no answer of " + sent.host());
            case Progress.Done(Fate fate) ->
                    switch (fate) {
                        case Fate.Delivered _, Fate.LocalDelivered _ ->
                                new Told("delivered", fate.line());
                        case Fate.Failed(Failure failure) ->
                                new Told("failed", withTls(failure, tls));
                        case Fate.Expired(Failure failure) ->
                                new Told("given up", withTls(failure, tls));
                        case Fate.Removed(String who) -> new Told("removed", who);
                        case Fate.WentOn(String why) -> new Told("goes on here", why);
                    };
        };
    }

    private static String withTls(Failure failure, String tls) {
        String stage = failure.stage().name().toLowerCase(java.util.Locale.ROOT);
        return failure.status()
                + " at "
                + stage
                + ", "
                + (tls.isEmpty() ? "" : tls + ", ")
                + failure.line();
    }

    private static String delays(QueueEntry entry, int recipient, Stopwatch.Times times) {
        Instant due =
                switch (entry.recipients().get(recipient).progress()) {
                    case Progress.Waiting waiting -> waiting.notBefore();
                    case Progress.DotSent sent -> sent.before().notBefore();
                    case Progress.Held held -> held.before().notBefore();
                    case Progress.Done _ -> entry.received();
                };
        return seconds(Duration.between(entry.received(), due))
                + "/"
                + seconds(Duration.between(due, times.began()))
                + "/"
                + seconds(times.setUp())
                + "/"
                + seconds(times.transmission());
    }

    private static String seconds(Duration duration) {
        long millis = Math.max(0, duration.toMillis());
        if (millis >= 10_000) return Long.toString(millis / 1000);
        return millis / 1000 + "." + millis % 1000 / 100 + millis % 100 / 10;
    }

    /** For the story: a few lines, the rest counted. */
    static List<StoryLine> story(List<AttemptLine> lines, Instant at) {
        List<StoryLine> story = new ArrayList<>();
        for (AttemptLine line : lines.subList(0, Math.min(MAX_LINES, lines.size()))) {
            story.add(new StoryLine(at, "sent", line.outcome, line.text()));
        }
        int left = lines.size() - MAX_LINES;
        if (left > 0) story.add(new StoryLine(at, "sent", "and more", left + " other answers"));
        return story;
    }

    private String text() {
        List<String> named = to.subList(0, Math.min(MAX_NAMES, to.size()));
        String others = to.size() > MAX_NAMES ? " and " + (to.size() - MAX_NAMES) + " more" : "";
        String after = delays.isEmpty() ? "" : "; delays " + delays;
        return String.join(", ", named) + others + ": " + reason + after;
    }

    void log(QueueId id) {
        log.atInfo()
                .addKeyValue("qid", id)
                .addKeyValue("to", to.getFirst())
                .addKeyValue("rcpts", to.size())
                .addKeyValue("delays", delays)
                .log("{}: {}", outcome, reason);
    }
}
