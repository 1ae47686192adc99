package mansio.state.queue;

import mansio.net.time.Time;
import mansio.state.queue.Carrier.Schedule;
import mansio.state.queue.EntryTable.Step;
import mansio.state.queue.Failure.Stage;
import mansio.state.queue.Passage.Dispatch;
import mansio.state.queue.Passage.Result;
import mansio.state.story.StoryLine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** From what an attempt did to what is written down. Safe for use by any thread. */
final class Settlement {
    private static final Logger log = LoggerFactory.getLogger(Settlement.class);
    private static final int MAX_TRIES = 5;
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(2);

    /** What cannot be delivered here yet is tried no less often: it costs a look at memory. */
    private static final Duration AT_HOME = Duration.ofMinutes(15);

    private final Bookkeeping books;
    private final Suppressions suppressions;
    private final Time time;

    Settlement(Bookkeeping books, Suppressions suppressions, Time time) {
        this.books = books;
        this.suppressions = suppressions;
        this.time = time;
    }

    QueueEntry dotFollows(Dispatch dispatch, String host, List<Integer> places) throws IOException {
        return books.dotFollows(dispatch, host, places);
    }

    /**
     * Writes down what an attempt did. An outcome is dear: writing it is tried several times. When
     * a report cannot be made, what it would tell is put off.
     *
     * @throws IOException when nothing could be written
     */
    void settle(Attempt attempt) throws IOException {
        QueueEntry entry = attempt.dispatch().entry();
        Rules rules = new Rules(schedule(attempt), time.now(), age(entry), true);
        Step step = step(attempt, rules);
        List<AttemptLine> lines = AttemptLine.of(attempt, step);
        for (int tries = 1; tries <= MAX_TRIES; tries++) {
            try {
                List<StoryLine> story = story(attempt, lines, rules.now());
                var _ = books.settle(entry, step, story, GoingOn.of(attempt));
                lines.forEach(line -> line.log(entry.id()));
                learn(attempt);
                return;
            } catch (IOException e) {
                log.atWarn()
                        .addKeyValue("qid", entry.id())
                        .log("cannot write down an attempt now: {}", e.getMessage());
                if (!books.lanes().pause(BETWEEN_TRIES)) break;
            }
        }
        putOff(attempt, rules);
    }

    private static List<StoryLine> story(Attempt attempt, List<AttemptLine> lines, Instant now) {
        List<StoryLine> story = new ArrayList<>();
        attempt.passage()
                .flatMap(Passage::note)
                .ifPresent(it -> story.add(new StoryLine(now, "dkim", it.outcome(), it.reason())));
        story.addAll(AttemptLine.story(lines, now));
        return story;
    }

    private void putOff(Attempt attempt, Rules rules) throws IOException {
        Rules keeping = new Rules(rules.schedule(), rules.now(), rules.age(), false);
        books.settleUntold(attempt.dispatch().entry(), step(attempt, keeping));
    }

    /** What is not known of an entry's final dots is to be found out, whatever went wrong here. */
    void takeUnanswered(QueueEntry entry) {
        books.takeUnanswered(entry);
    }

    /**
     * What the schedule says of an entry now.
     *
     * @param mayFail false when nothing can be written beside the entry, no report and no message
     *     as which it goes on
     */
    private record Rules(Schedule schedule, Instant now, Duration age, boolean mayFail) {}

    private Schedule schedule(Attempt attempt) {
        Schedule schedule = books.scheduleOf(attempt.lease().lane.terms);
        return attempt.lease().home ? schedule.within(AT_HOME) : schedule;
    }

    private Duration age(QueueEntry entry) {
        return Duration.between(entry.received(), time.now());
    }

    private Step step(Attempt attempt, Rules rules) {
        List<Recipient> seen = attempt.dispatch().entry().recipients();
        return (i, recipient) -> {
            int place = attempt.dispatch().recipients().indexOf(i);
            if (place < 0) return recipient.progress();
            Result result = attempt.results().get(place);
            boolean delivered = result instanceof Result.Ended(Fate.Delivered _);
            boolean ofOthers =
                    recipient.progress() instanceof Progress.DotSent
                            && !recipient.progress().equals(seen.get(i).progress());
            // Somebody else sent a dot since, and will know more than this attempt.
            if (ofOthers && !delivered) return recipient.progress();
            return after(recipient.progress(), result, rules);
        };
    }

    private Progress after(Progress progress, Result result, Rules rules) {
        return switch (progress) {
            case Progress.Waiting waiting -> after(waiting, result, rules);
            case Progress.DotSent sent -> after(sent.before(), result, rules);
            case Progress.Held(String reason, Progress.Waiting before) ->
                    switch (result) {
                        case Result.Ended(Fate fate) -> new Progress.Done(fate);
                        case Result.Deferred(Failure why) ->
                                new Progress.Held(reason, before.deferred(why, rules.now()));
                        case Result.GoesOn _ -> progress;
                    };
            case Progress.Done done -> done;
        };
    }

    private Progress after(Progress.Waiting waiting, Result result, Rules rules) {
        return switch (result) {
            case Result.Ended(Fate.Failed(Failure why)) when !rules.mayFail() ->
                    deferred(waiting, why, rules);
            case Result.Ended(Fate fate) -> new Progress.Done(fate);
            case Result.GoesOn(var _, String why) ->
                    rules.mayFail()
                            ? new Progress.Done(new Fate.WentOn(why))
                            : deferred(waiting, notNow(why, rules.now()), rules);
            case Result.Deferred(Failure why) -> {
                boolean tooOld = rules.age().compareTo(rules.schedule().lifetime()) >= 0;
                yield tooOld && rules.mayFail()
                        ? new Progress.Done(new Fate.Expired(why))
                        : deferred(waiting, why, rules);
            }
        };
    }

    private static Failure notNow(String what, Instant now) {
        return Failure.here(Stage.LOCAL, "4.3.0", what + "; that cannot be noted now", now);
    }

    private Progress deferred(Progress.Waiting waiting, Failure why, Rules rules) {
        Duration pause = rules.schedule().pause(rules.age());
        Duration unknown = books.settings().dotSentWait();
        if (why.stage() == Stage.DOT && pause.compareTo(unknown) < 0) pause = unknown;
        Progress.Waiting next = waiting.deferred(why, rules.now().plus(pause));
        if (!rules.mayFail()) return next;
        int notices = noticesAt(rules.age());
        return notices > next.notices() ? next.noticed(notices) : next;
    }

    /** How many delay notices are due at an age. */
    int noticesAt(Duration age) {
        return (int)
                books.settings().delayNotices().stream()
                        .filter(at -> at.compareTo(age) <= 0)
                        .count();
    }

    /**
     * Recipients that are not tried at all: ended together, so that the sender gets few reports.
     *
     * @param why by the number of the recipient
     */
    void suppressed(QueueEntry entry, Map<Integer, Suppression> why) throws IOException {
        Instant now = time.now();
        Step step =
                (i, it) ->
                        why.containsKey(i) && it.progress() instanceof Progress.Waiting
                                ? new Progress.Done(suppressed(why.get(i), now))
                                : it.progress();
        List<AttemptLine> lines = AttemptLine.ofEnded(entry, step);
        var _ = books.settle(entry, step, AttemptLine.story(lines, now));
        lines.forEach(line -> line.log(entry.id()));
    }

    private static Fate suppressed(Suppression suppression, Instant now) {
        LocalDate since = LocalDate.ofInstant(suppression.since(), ZoneOffset.UTC);
        return new Fate.Failed(
                Failure.here(
                        Stage.SUPPRESSED,
                        suppression.status(),
                        "not tried: on " + since + " its server said " + suppression.reason(),
                        now));
    }

    /**
     * For a message that waits behind a trouble of its lane: given up when it is too old, or its
     * sender told that it takes long.
     *
     * @param trouble why the lane does not move; empty when it does
     */
    void overdue(QueueEntry entry, LaneView lane, Optional<Failure> trouble) throws IOException {
        Duration age = age(entry);
        boolean tooOld = age.compareTo(lane.schedule().lifetime()) >= 0;
        Step step =
                (_, it) -> {
                    if (it.isLocal()
                            || !(it.progress() instanceof Progress.Waiting waiting)
                            || !books.laneOf(entry, it).equals(lane.lane())) return it.progress();
                    if (tooOld && trouble.isPresent())
                        return new Progress.Done(new Fate.Expired(trouble.get()));
                    int notices = noticesAt(age);
                    if (notices <= waiting.notices()) return waiting;
                    return waiting.behind(trouble).noticed(notices);
                };
        List<AttemptLine> lines = AttemptLine.ofEnded(entry, step);
        var _ = books.settle(entry, step, AttemptLine.story(lines, time.now()));
        lines.forEach(line -> line.log(entry.id()));
    }

    /** A lane as it was when the message was found. */
    record LaneView(Carrier.Lane lane, Schedule schedule) {}

    private void learn(Attempt attempt) throws IOException {
        for (int i = 0; i < attempt.results().size(); i++) {
            if (attempt.results().get(i) instanceof Result.Ended(Fate.Failed(Failure why)))
                suppressions.learn(attempt.dispatch().recipient(i).destination(), why);
        }
    }
}
