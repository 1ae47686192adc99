package mansio.state.queue;

import mansio.codec.smtp.RcptParameters.Notify;
import mansio.codec.text.Address;
import mansio.net.time.Time;
import mansio.state.queue.Carrier.Lane;
import mansio.state.queue.Carrier.Schedule;
import mansio.state.queue.EntryTable.Change;
import mansio.state.queue.EntryTable.Step;
import mansio.state.queue.Passage.Dispatch;
import mansio.state.queue.Reports.Kind;
import mansio.state.queue.Reports.Occasion;
import mansio.state.store.Partition;
import mansio.state.store.Turn;
import mansio.state.story.StoryHead;
import mansio.state.story.StoryLine;
import mansio.state.story.StoryTables;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Writes down what becomes of recipients, with the reports that go with it, and tells {@link Lanes}
 * what is to be done next. The stored progress decides, in the turn that changes it: whatever an
 * administrator or another worker did meanwhile holds. Safe for use by any thread.
 */
final class Bookkeeping {
    private static final Logger log = LoggerFactory.getLogger(Bookkeeping.class);
    private static final int MAX_CONFLICTS = 20;
    private static final int MAX_REPORT_FAULTS = 1_000;
    private static final Duration LONGEST = Duration.ofDays(365);

    private final List<Partition> shards;
    private final List<QueueIds> ids;
    private final Lanes lanes;
    private final Carrier carrier;
    private final Reports reports;
    private final QueueSettings settings;
    private final Time time;
    private final Consumer<QueueEntry> begin;
    private final FreshEntries fresh;

    /** Entries whose report could not be made by a mistake of ours. */
    private final Set<QueueId> reportFaults = ConcurrentHashMap.newKeySet();

    /** What it works with. */
    record Parts(
            List<Partition> shards,
            List<QueueIds> ids,
            Lanes lanes,
            FreshEntries fresh,
            Time time) {}

    /**
     * @param begin takes up a message of our own making that is durable
     */
    Bookkeeping(Parts parts, Queue.Means means, Consumer<QueueEntry> begin) {
        this.shards = parts.shards();
        this.ids = parts.ids();
        this.lanes = parts.lanes();
        this.fresh = parts.fresh();
        this.time = parts.time();
        this.carrier = means.carrier();
        this.reports = means.reports();
        this.settings = means.settings();
        this.begin = begin;
    }

    /**
     * The entry as it stands, with what is still on its way to the disk.
     *
     * @param id of an entry; empty when it is gone
     */
    Optional<QueueEntry> read(QueueId id) throws IOException {
        if (id.shard() >= shards.size()) return Optional.empty();
        return shard(id).writeFreeing(turn -> EntryTable.find(turn, id));
    }

    /** The entry as it is on the disk, without waiting for what is on its way there. */
    Optional<QueueEntry> glance(QueueId id) throws IOException {
        Optional<QueueEntry> known = fresh.find(id);
        return known.isPresent() ? known : EntryTable.find(shard(id), id);
    }

    /** An entry as a turn finds it. */
    private record Seen(QueueEntry entry, EntryTable.Blobs blobs) {}

    private Optional<Seen> find(Turn turn, QueueId id) throws IOException {
        Optional<QueueEntry> known = fresh.find(id);
        return known.isPresent()
                ? known.map(it -> new Seen(it, EntryTable.Blobs.ITS_OWN))
                : EntryTable.find(turn, id)
                        .map(it -> new Seen(it, EntryTable.Blobs.PERHAPS_SHARED));
    }

    /**
     * Makes it durable that the other side may have the message.
     *
     * @return the entry as it is now
     * @throws WithdrawnException when one of the recipients is not to be tried any more
     */
    QueueEntry dotFollows(Dispatch dispatch, String host, List<Integer> places) throws IOException {
        QueueId id = dispatch.entry().id();
        List<Recipient> seen = dispatch.entry().recipients();
        List<Integer> sending = places.stream().map(dispatch.recipients()::get).toList();
        Instant now = time.now();
        Step step =
                (i, recipient) ->
                        sending.contains(i)
                                ? dotSent(recipient.progress(), seen.get(i), host, now)
                                : recipient.progress();
        Versioned made =
                shard(id)
                        .writeFreeing(
                                turn -> {
                                    Seen found =
                                            find(turn, id).orElseThrow(WithdrawnException::new);
                                    fresh.changing(id, turn.version());
                                    Change change =
                                            EntryTable.change(
                                                    turn, found.entry(), step, found.blobs());
                                    return new Versioned(change.now(), turn.version());
                                });
        fresh.written(made.entry(), made.version());
        return made.entry();
    }

    private record Versioned(QueueEntry entry, long version) {}

    /** A dot of somebody else, who began before the routes changed, leaves no room for another. */
    private static Progress dotSent(Progress progress, Recipient seen, String host, Instant now)
            throws WithdrawnException {
        return switch (progress) {
            case Progress.Waiting waiting -> new Progress.DotSent(now, host, waiting);
            case Progress.DotSent sent when sent.equals(seen.progress()) ->
                    new Progress.DotSent(now, host, sent.before());
            case Progress.DotSent _, Progress.Held _, Progress.Done _ ->
                    throw new WithdrawnException();
        };
    }

    /** Somebody took the message back before it was sent. */
    static final class WithdrawnException extends IOException {
        private static final long serialVersionUID = 1;

        WithdrawnException() {
            super("the message was withdrawn");
        }
    }

    /**
     * Writes down what a step makes of the recipients, reports included.
     *
     * @param entry as it was seen last
     * @param lines of the story
     * @return the entry before and after; empty when it was gone
     */
    Optional<Change> settle(QueueEntry entry, Step step, List<StoryLine> lines) throws IOException {
        return settle(entry, step, lines, this::reports);
    }

    /** As {@link #settle}, with the message as which some of the recipients go on. */
    Optional<Change> settle(QueueEntry entry, Step step, List<StoryLine> lines, GoingOn going)
            throws IOException {
        if (going.equals(GoingOn.NOBODY)) return settle(entry, step, lines);
        return settle(entry, step, lines, (before, now) -> beside(before, now, going));
    }

    /** As {@link #settle}, and nobody is told anything: what came of an attempt is dearer. */
    void settleUntold(QueueEntry entry, Step step) throws IOException {
        var _ = settle(entry, step, List.of(), (_, _) -> List.of());
    }

    /** What is written in the same batch as a change: reports on it, and what goes on. */
    private interface Telling {
        List<Made> of(QueueEntry before, QueueEntry now) throws IOException;
    }

    /** A message of our own making, and how its story begins. */
    private record Made(QueueEntry entry, StoryLine line) {}

    private List<Made> beside(QueueEntry before, QueueEntry now, GoingOn going) throws IOException {
        List<Made> made = new ArrayList<>(reports(before, now));
        Instant at = time.now();
        going.entry(before, now, ids.get(before.id().shard())::next, at)
                .map(it -> new Made(it.acceptedAt(at), went(at, before, now)))
                .ifPresent(made::add);
        return made;
    }

    private static StoryLine went(Instant at, QueueEntry before, QueueEntry now) {
        String why =
                now.recipients().stream()
                        .filter(it -> !before.recipients().contains(it))
                        .map(it -> GoingOn.why(it.progress()))
                        .flatMap(Optional::stream)
                        .findFirst()
                        .orElse("");
        return new StoryLine(at, "received", "goes on", "was " + before.id() + ": " + why);
    }

    private Optional<Change> settle(
            QueueEntry entry, Step step, List<StoryLine> lines, Telling telling)
            throws IOException {
        QueueEntry seen = entry;
        for (int round = 0; round < MAX_CONFLICTS; round++) {
            List<Made> made = telling.of(seen, apply(seen, step));
            Settled settled = write(seen, step, made, lines);
            if (settled.change().isEmpty()) return Optional.empty();
            if (settled.written()) {
                settled.change().ifPresent(this::passOn);
                made.forEach(it -> begin.accept(it.entry()));
                return settled.change();
            }
            seen = settled.change().get().before();
        }
        throw new IOException("the recipients of " + entry.id() + " change all the time");
    }

    /** In a turn that removes an entry. */
    void removing(QueueId id) {
        fresh.forget(id);
    }

    /** The story of an entry that somebody removed meanwhile goes on. */
    void tellOfRemoved(QueueEntry entry, List<StoryLine> lines) throws IOException {
        shard(entry.id())
                .writeLazily(
                        turn -> {
                            long id = entry.id().value();
                            StoryTables.append(turn, id, entry.received(), lines);
                            return id;
                        });
    }

    /** What a turn did; a conflict leaves everything as it was. */
    private record Settled(Optional<Change> change, boolean written) {}

    private Settled write(QueueEntry seen, Step step, List<Made> made, List<StoryLine> lines)
            throws IOException {
        Partition shard = shard(seen.id());
        boolean durable = !made.isEmpty() || isDear(seen, step);
        return durable
                ? shard.writeFreeing(turn -> settle(turn, seen, step, new Beside(made, lines)))
                : shard.writeLazily(turn -> settle(turn, seen, step, new Beside(made, lines)));
    }

    private record Beside(List<Made> entries, List<StoryLine> lines) {}

    private Settled settle(Turn turn, QueueEntry seen, Step step, Beside beside)
            throws IOException {
        QueueId id = seen.id();
        Optional<Seen> found = find(turn, id);
        if (found.isEmpty()) return new Settled(Optional.empty(), false);
        QueueEntry current = found.get().entry();
        if (conflicts(current, seen, step)) {
            return new Settled(Optional.of(new Change(current, current)), false);
        }
        // What is left of it mostly waits long, or shares its blobs with a report.
        fresh.forget(id);
        for (Made made : beside.entries()) {
            EntryTable.insertBeside(turn, made.entry(), current);
            StoryTables.begin(turn, headOf(made.entry()), List.of(made.line()));
        }
        EntryTable.Blobs blobs =
                beside.entries().isEmpty() ? found.get().blobs() : EntryTable.Blobs.PERHAPS_SHARED;
        Change change = EntryTable.change(turn, current, step, blobs);
        tell(turn, change.now(), beside.lines());
        // Last: a turn that fails must not leave the mark ahead of the disk.
        for (Made made : beside.entries()) ids.get(id.shard()).cover(turn, made.entry().id());
        return new Settled(Optional.of(change), true);
    }

    /** Nothing follows the lines that end an entry, so they need not be counted. */
    private static void tell(Turn turn, QueueEntry entry, List<StoryLine> lines)
            throws IOException {
        long id = entry.id().value();
        if (lines.isEmpty()) return;
        if (entry.isDone()) StoryTables.append(turn, id, entry.received(), lines);
        else StoryTables.appendFew(turn, id, entry.received(), lines);
    }

    /** True when somebody else changed a recipient that the step would change. */
    private static boolean conflicts(QueueEntry current, QueueEntry seen, Step step)
            throws IOException {
        for (int i = 0; i < current.recipients().size(); i++) {
            Recipient is = current.recipients().get(i);
            Recipient was = seen.recipients().get(i);
            if (is.equals(was)) continue;
            boolean changes = !step.of(i, is).equals(is.progress());
            if (changes || !step.of(i, was).equals(was.progress())) return true;
        }
        return false;
    }

    private static QueueEntry apply(QueueEntry entry, Step step) throws IOException {
        List<Recipient> recipients = new ArrayList<>(entry.recipients());
        for (int i = 0; i < recipients.size(); i++) {
            Recipient now = recipients.get(i);
            recipients.set(i, now.with(step.of(i, now)));
        }
        return entry.with(recipients);
    }

    /**
     * True when what the step does must not be lost. A delivery here may be: the receipt in the
     * account says the same.
     */
    private static boolean isDear(QueueEntry seen, Step step) throws IOException {
        QueueEntry now = apply(seen, step);
        for (int i = 0; i < now.recipients().size(); i++) {
            Recipient is = now.recipients().get(i);
            boolean dear = is.progress() instanceof Progress.Held || (is.isDone() && !is.isLocal());
            if (dear && !seen.recipients().get(i).equals(is)) return true;
        }
        return false;
    }

    private List<Made> reports(QueueEntry before, QueueEntry now) throws IOException {
        List<Made> made = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            List<Recipient> told = new ArrayList<>();
            for (int i = 0; i < now.recipients().size(); i++) {
                Recipient was = before.recipients().get(i);
                Recipient is = now.recipients().get(i);
                if (!was.equals(is) && tells(was, is, kind)) told.add(is);
            }
            if (kind == Kind.DELIVERED) told = oncePerAddress(before, told);
            for (int from = 0; from < told.size(); from += Reports.MAX_RECIPIENTS) {
                int to = Math.min(told.size(), from + Reports.MAX_RECIPIENTS);
                report(before, kind, told.subList(from, to))
                        .ifPresent(it -> made.add(made(it, before)));
            }
        }
        return made;
    }

    /**
     * An alias can lead into several mailboxes. How many is not the sender's to know: the first one
     * stands for all.
     */
    private static List<Recipient> oncePerAddress(QueueEntry before, List<Recipient> told) {
        Set<Address> known = new HashSet<>();
        for (Recipient it : before.recipients()) {
            if (it.progress() instanceof Progress.Done(Fate.LocalDelivered _))
                known.add(it.forwardPath());
        }
        return told.stream().filter(it -> known.add(it.forwardPath())).toList();
    }

    private static boolean tells(Recipient was, Recipient is, Kind kind) {
        return switch (kind) {
            case FAILED ->
                    is.wish().wants(Notify.FAILURE)
                            && is.progress() instanceof Progress.Done(Fate fate)
                            && (fate instanceof Fate.Failed || fate instanceof Fate.Expired);
            case RELAYED ->
                    is.wish().wants(Notify.SUCCESS)
                            && is.progress() instanceof Progress.Done(Fate.Delivered fate)
                            && !fate.dsnPassedOn();
            case DELIVERED ->
                    is.wish().wants(Notify.SUCCESS)
                            && is.progress() instanceof Progress.Done(Fate.LocalDelivered _);
            case DELAYED ->
                    !is.isLocal() // A full disk is the administrator's to know.
                            && is.wish().wants(Notify.DELAY)
                            && is.progress() instanceof Progress.Waiting now
                            && now.notices() > noticesOf(was.progress());
        };
    }

    private static int noticesOf(Progress progress) {
        return switch (progress) {
            case Progress.Waiting waiting -> waiting.notices();
            case Progress.DotSent sent -> sent.before().notices();
            case Progress.Held held -> held.before().notices();
            case Progress.Done _ -> Integer.MAX_VALUE;
        };
    }

    private Optional<QueueEntry> report(QueueEntry entry, Kind kind, List<Recipient> told)
            throws IOException {
        QueueId id = ids.get(entry.id().shard()).next();
        Instant now = time.now();
        Duration lifetime = settings.schedule().lifetime();
        Occasion occasion =
                new Occasion(entry, kind, told, now, entry.received().plus(lifetime), id);
        Optional<QueueEntry> report = about(occasion).map(it -> it.acceptedAt(now));
        if (report.isPresent() && !report.get().id().equals(id))
            throw new IllegalStateException("a report under " + report.get().id());
        return report;
    }

    /**
     * An error of ours in a report is no reason to forget what it would tell, nor to put that off
     * for ever: the second time a simple one has to do.
     */
    private Optional<QueueEntry> about(Occasion occasion) throws IOException {
        QueueId id = occasion.entry().id();
        boolean simply = reportFaults.contains(id);
        try {
            Optional<QueueEntry> report =
                    simply ? reports.simplyAbout(occasion) : reports.about(occasion);
            if (simply) reportFaults.remove(id);
            return report;
        } catch (RuntimeException e) {
            if (reportFaults.size() < MAX_REPORT_FAULTS) reportFaults.add(id);
            log.atError().addKeyValue("qid", id).setCause(e).log("a report cannot be made");
            throw new IOException("a report cannot be made: " + e, e);
        }
    }

    private static Made made(QueueEntry report, QueueEntry about) {
        return new Made(
                report,
                new StoryLine(report.received(), "received", "made here", "on " + about.id()));
    }

    /** Tells the lanes what is to be done next for the recipients that changed. */
    private void passOn(Change change) {
        ItemSink items = new ItemSink(this, change.now(), LONGEST);
        for (int i = 0; i < change.now().recipients().size(); i++) {
            Recipient was = change.before().recipients().get(i);
            Recipient is = change.now().recipients().get(i);
            if (was.equals(is) || is.isLocal()) continue;
            if (!waitsAsBefore(was.progress(), is.progress())) items.add(is);
            if (isHeld(is) != isHeld(was)) tellHeld(change.now(), carrier.lane(change.now(), is));
        }
        items.flush();
    }

    /** Its item still stands for it. */
    private static boolean waitsAsBefore(Progress was, Progress is) {
        return was instanceof Progress.Waiting before
                && is instanceof Progress.Waiting now
                && before.notBefore().equals(now.notBefore());
    }

    private static boolean isHeld(Recipient recipient) {
        return !recipient.isLocal() && recipient.progress() instanceof Progress.Held;
    }

    private void tellHeld(QueueEntry entry, Lane lane) {
        int held = 0;
        for (Recipient it : entry.recipients())
            if (isHeld(it) && carrier.lane(entry, it).equals(lane)) held++;
        lanes.setHeld(lane, entry.id(), held);
    }

    /** The entry is gone, and those of it that were held with it. */
    void forgetHeld(QueueEntry entry) {
        for (Recipient it : entry.recipients())
            if (isHeld(it)) lanes.setHeld(carrier.lane(entry, it), entry.id(), 0);
    }

    /** Tells the lanes all of an entry. */
    void take(QueueEntry entry) {
        ItemSink items = new ItemSink(this, entry, settings.schedule().max()).hurryingHome();
        for (Recipient recipient : entry.recipients()) {
            if (recipient.isLocal()) continue;
            items.add(recipient);
            if (isHeld(recipient)) tellHeld(entry, carrier.lane(entry, recipient));
        }
        items.flush();
    }

    /**
     * Tells the lanes of those that an item which was taken out stood for.
     *
     * @param flags of the item
     */
    void takeAgain(QueueEntry entry, int flags) {
        ItemSink items = new ItemSink(this, entry, settings.schedule().max());
        for (Recipient recipient : entry.recipients()) {
            if (!recipient.isLocal() && ItemFlags.isMadeFor(flags, recipient.progress()))
                items.add(recipient);
        }
        items.flush();
    }

    /** Tells the lanes of those that wait for an answer. */
    void takeUnanswered(QueueEntry entry) {
        ItemSink items = new ItemSink(this, entry, settings.schedule().max());
        for (Recipient recipient : entry.recipients()) {
            if (recipient.progress() instanceof Progress.DotSent) items.add(recipient);
        }
        items.flush();
    }

    boolean leadsHome(Lane lane) {
        return carrier.leadsHome(lane);
    }

    Lane laneOf(QueueEntry entry, Recipient recipient) {
        return carrier.lane(entry, recipient);
    }

    /** How long until a stored time, at most {@code most}, whatever the clock says by now. */
    Duration until(Instant at, Duration most) {
        Duration wait = Duration.between(time.now(), at);
        if (wait.isNegative()) return Duration.ZERO;
        return wait.compareTo(most) < 0 ? wait : most;
    }

    QueueSettings settings() {
        return settings;
    }

    Lanes lanes() {
        return lanes;
    }

    private Partition shard(QueueId id) {
        return shards.get(id.shard());
    }

    static StoryHead headOf(QueueEntry entry) {
        return new StoryHead(
                entry.id().value(),
                entry.received(),
                entry.messageId(),
                entry.envelope().reversePath().map(Object::toString).orElse("<>"),
                entry.recipients().stream()
                        .limit(StoryHead.MAX_RECIPIENTS)
                        .map(recipient -> recipient.forwardPath().toString())
                        .toList(),
                entry.recipients().size(),
                entry.content().length());
    }

    /** The schedule of a lane's terms, or the usual one. */
    Schedule scheduleOf(Carrier.Terms terms) {
        return terms.schedule().orElse(settings.schedule());
    }
}
