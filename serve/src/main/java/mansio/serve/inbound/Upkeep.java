package mansio.serve.inbound;

import mansio.net.time.Rounds;
import mansio.net.time.Threads;
import mansio.net.time.Time;
import mansio.state.directory.StoredDirectory;
import mansio.state.mailbox.Accounts;
import mansio.state.queue.Queue;
import mansio.state.store.AccountId;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.story.Stories;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What is done once an hour: expunged mail that was kept long enough is purged, old stories and old
 * receipts are dropped, and mail of removed accounts is erased that could not be erased at once.
 * One thread; {@link #close} ends it.
 *
 * <p>A receipt is needed as long as its queue entry can come back after a crash. Reads see durable
 * state only, so an entry that is not read any more cannot; a day is added nevertheless.
 */
public final class Upkeep implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration EVERY = Duration.ofHours(1);
    private static final Duration KEEP_RECEIPTS = Duration.ofHours(24);
    private static final int PAGE = 500;

    private final Kept kept;
    private final Time time;
    private final Rounds rounds;

    /** What is looked after. */
    public record Kept(
            Store store,
            StoredDirectory directory,
            Accounts accounts,
            Queue queue,
            Stories stories) {}

    private Upkeep(Kept kept, Time time) {
        this.kept = kept;
        this.time = time;
        this.rounds = new Rounds(time);
    }

    /** Starts the thread; the first round is after an hour. */
    public static Upkeep start(Kept kept, Time time, Threads threads) {
        Upkeep upkeep = new Upkeep(kept, time);
        threads.start("upkeep", upkeep::rounds);
        return upkeep;
    }

    private void rounds() {
        while (rounds.pause(EVERY)) {
            attempt(this::round);
            attempt(this::eraseRemoved); // Behind the rest, which would still meet what is erased.
        }
    }

    /** Something that is done each hour. */
    @FunctionalInterface
    private interface Task {
        void run() throws IOException;
    }

    private static void attempt(Task task) {
        try {
            task.run();
        } catch (IOException e) {
            log.atWarn().log("upkeep is left for the next hour: {}", e.getMessage());
        } catch (RuntimeException | Error e) {
            // An Error too: the thread is the only one, and its other tasks are not to blame.
            log.atError().setCause(e).log("upkeep failed; it is tried again in an hour");
        }
    }

    private void round() throws IOException {
        kept.accounts().maintain();
        kept.stories().forgetOld();
        kept.queue().maintain();
        kept.directory().returnPaths().forgetOld();
        kept.directory().returnPaths().taggedTime().keep();
        Instant now = time.now();
        Instant oldest = kept.queue().oldest().filter(made -> made.isBefore(now)).orElse(now);
        dropReceipts(oldest.minus(KEEP_RECEIPTS));
    }

    /** A note stays until its mail is gone. */
    private void eraseRemoved() throws IOException {
        List<AccountId> page;
        do {
            page = kept.directory().toErase();
            for (AccountId id : page) {
                kept.accounts().erase(id);
                kept.directory().erased(id);
            }
        } while (!page.isEmpty());
    }

    private void dropReceipts(Instant madeBefore) throws IOException {
        long after = 0;
        while (true) {
            List<PartitionId> page = kept.store().partitions(PartitionId.Kind.ACCOUNT, after, PAGE);
            for (PartitionId id : page) {
                kept.accounts().open(new AccountId(id.number())).dropReceipts(madeBefore);
            }
            if (page.size() < PAGE) return;
            after = page.getLast().number();
        }
    }

    @Override
    public void close() {
        rounds.close();
    }
}
