package mansio.serve.dropfolder;

import mansio.net.time.Rounds;
import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.serve.dropfolder.DropFiles.Waiting;
import mansio.serve.inbound.Inbound;
import mansio.state.directory.Directory;
import mansio.state.queue.Queue;
import mansio.state.queue.QueueId;
import mansio.state.story.Stories;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Takes mail of local programs out of the drop folder and brings it into the queue, each message
 * once: docs/design/sendmail.md. One thread looks each second; {@link #close} ends it.
 */
public final class DropFolder implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DropFolder.class);
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);
    private static final Duration ABANDONED = Duration.ofDays(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    /** Of one user, before the others have their turn. */
    private static final int AT_A_TIME = 50;

    private final DropSettings settings;
    private final Places places;
    private final Time time;
    private final DropFiles files;
    private final LocalMail mail;
    private final Rounds rounds;

    /** Taken, and not accepted yet; only the thread touches it, after {@link #start}. */
    private final List<Dropped> taken = new ArrayList<>();

    /** Messages of each user in the hour that began at {@link #hourBegan}. */
    private final Map<Integer, Integer> sent = new HashMap<>();

    private long hourBegan;

    /** The first of {@link #taken} was tried, and nobody knows whether the queue has it. */
    private boolean uncertain;

    private long notBefore;

    /** What it works with. */
    public record Places(Inbound inbound, Queue queue, Stories stories, Directory directory) {}

    private DropFolder(
            DropSettings settings, Places places, Predicate<String> isSystemUser, Time time)
            throws IOException {
        this.settings = settings;
        this.places = places;
        this.time = time;
        this.rounds = new Rounds(time);
        this.files = DropFiles.open(settings.folder(), places.inbound().maxMessageBytes());
        this.mail =
                new LocalMail(
                        new Names(
                                settings,
                                places.directory(),
                                isSystemUser,
                                places.inbound()::ownRecipient),
                        places.inbound());
        this.hourBegan = time.nanos();
        this.notBefore = time.nanos();
    }

    /**
     * Makes the folder ready and sees what an earlier run left. To be called before anything else
     * uses the queue: then an id that the queue knows is that of the file, and no other message's.
     *
     * @param isSystemUser whether the system knows a user of that name
     * @throws IOException with a sentence for the administrator
     */
    public static DropFolder open(
            DropSettings settings, Places places, Predicate<String> isSystemUser, Time time)
            throws IOException {
        DropFolder folder = new DropFolder(settings, places, isSystemUser, time);
        folder.recover();
        return folder;
    }

    /** Starts the thread. */
    public void start(Threads threads) {
        threads.start("drop-folder", this::rounds);
    }

    private void recover() throws IOException {
        for (Dropped left : files.left()) {
            if (wasAccepted(left.id())) files.delete(left);
            else taken.add(files.renamed(left, freshId()));
        }
        if (!taken.isEmpty()) files.sync();
    }

    /** The story is written with the entry and outlives it. */
    private boolean wasAccepted(QueueId id) throws IOException {
        if (places.queue().find(id).isPresent()) return true;
        Instant last = time.now().plus(DAY);
        for (Instant day = id.madeAt().minus(DAY); day.isBefore(last); day = day.plus(DAY)) {
            if (places.stories().byQueueId(id.value(), day).isPresent()) return true;
        }
        return places.stories().byQueueId(id.value(), last).isPresent();
    }

    /** Not the name of a file that is there: the clock may have been set back. */
    private QueueId freshId() {
        QueueId id = places.inbound().newId();
        while (files.has(id)) id = places.inbound().newId();
        return id;
    }

    private void rounds() {
        Duration pause = EVERY;
        while (rounds.pause(pause)) {
            long began = time.nanos();
            try {
                round();
            } catch (IOException e) {
                log.atWarn().log("the drop folder is left for a minute: {}", e.getMessage());
                notBefore = time.deadline(AFTER_FAILURE);
            } catch (RuntimeException e) {
                log.atError().setCause(e).log("looking into the drop folder met an error of ours");
                notBefore = time.deadline(AFTER_FAILURE);
            }
            // A folder that somebody fills with a million files takes a fifth of a processor at
            // most.
            Duration took = Duration.ofNanos(time.nanos() - began).multipliedBy(4);
            pause = took.compareTo(EVERY) > 0 ? took : EVERY;
        }
    }

    /** One look: what is there is taken, then accepted. Stops at the first failure. */
    void round() throws IOException {
        if (time.nanos() - notBefore < 0) return;
        if (time.nanos() - hourBegan >= HOUR.toNanos()) {
            hourBegan = time.nanos();
            sent.clear();
        }
        if (taken.isEmpty()) take();
        while (!taken.isEmpty() && !rounds.isClosed()) {
            acceptOrSetAside(taken.getFirst());
            taken.removeFirst();
        }
    }

    private void take() throws IOException {
        for (Waiting waiting : turns(files.waiting(time.now().minus(ABANDONED)))) {
            if (!mayGo(waiting.user())) continue;
            files.take(waiting, freshId()).ifPresent(taken::add);
        }
        if (!taken.isEmpty()) files.sync();
    }

    /** Some of each user: one who sends a thousand does not keep the others waiting. */
    private static List<Waiting> turns(List<Waiting> oldestFirst) {
        Map<Integer, List<Waiting>> ofUser = new LinkedHashMap<>();
        for (Waiting waiting : oldestFirst)
            ofUser.computeIfAbsent(waiting.user().uid(), _ -> new ArrayList<>()).add(waiting);
        return ofUser.values().stream().flatMap(all -> all.stream().limit(AT_A_TIME)).toList();
    }

    private boolean mayGo(Dropped.User user) {
        int count = sent.merge(user.uid(), 1, Integer::sum);
        if (user.isRoot() || count <= settings.messagesPerHour()) return true;
        if (count == settings.messagesPerHour() + 1)
            log.atWarn()
                    .addKeyValue("user", user.name())
                    .log(
                            "more than {} messages within an hour: the others wait",
                            settings.messagesPerHour());
        return false;
    }

    private void acceptOrSetAside(Dropped dropped) throws IOException {
        try {
            if (!uncertain || !wasAccepted(dropped.id())) {
                uncertain = true; // Until it is known how it ended.
                mail.accept(dropped);
            }
            uncertain = false;
            files.delete(dropped);
        } catch (FileSystemException e) {
            uncertain = false;
            log.atWarn()
                    .addKeyValue("qid", dropped.id())
                    .log("a file of {} is set aside: {}", dropped.user(), e.getMessage());
            files.setAside(dropped);
        } catch (RuntimeException e) {
            uncertain = false;
            log.atError()
                    .addKeyValue("qid", dropped.id())
                    .setCause(e)
                    .log("a message of {} met an error of ours and is set aside", dropped.user());
            files.setAside(dropped);
        }
    }

    @Override
    public void close() {
        rounds.close();
    }
}
