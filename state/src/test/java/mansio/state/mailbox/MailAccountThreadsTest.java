package mansio.state.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.state.mailbox.Delivery.Attempt;
import mansio.state.store.Finding;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** Writers and readers of one account at the same time. */
class MailAccountThreadsTest {
    private static final int ROUNDS = 24;

    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong queueIds = new AtomicLong();

    private interface Task {
        void run() throws IOException;
    }

    /** Of the system's kind: readers never wait, and virtual ones would keep a single core. */
    private Thread start(Task task) {
        return Thread.ofPlatform()
                .daemon()
                .start(
                        () -> {
                            try {
                                task.run();
                            } catch (Throwable e) {
                                failures.add(e);
                            }
                        });
    }

    @Test
    void everyViewIsWholeWhileOthersWrite() throws Exception {
        MailLimits limits = new MailLimits(30, 20, 200, Duration.ofDays(14), 40, 4, 300);
        try (Post post = new Post(limits)) {
            long inbox = post.inbox();
            long other = post.mailbox("other");
            List<Thread> readers = new ArrayList<>();
            for (int i = 0; i < 3; i++) readers.add(start(() -> read(post, inbox)));
            readers.add(start(() -> read(post, other)));
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < 4; i++) writers.add(start(() -> deliver(post)));
            writers.add(start(() -> copy(post, inbox, other)));
            writers.add(start(() -> flag(post, inbox)));
            writers.add(start(() -> expunge(post, inbox)));
            for (Thread writer : writers) writer.join();
            over.set(true);
            for (Thread reader : readers) reader.join();
            assertThat(failures).isEmpty();
            List<Finding> findings = new ArrayList<>();
            post.store.verify(List.of(new AccountVerifier()), findings::add);
            assertThat(findings).isEmpty();
            assertThat(post.view(inbox).counts().uidNext()).isEqualTo(4 * ROUNDS * 5 + 1);
        }
    }

    private void deliver(Post post) throws IOException {
        for (int i = 0; i < ROUNDS * 5; i++) {
            long id = queueIds.incrementAndGet();
            post.deliver(id, "m" + id, Attempt.FIRST);
        }
    }

    private static void copy(Post post, long from, long to) throws IOException {
        for (int i = 0; i < ROUNDS / 4; i++) {
            UidSet uids = post.view(from).uids();
            Placed copied = post.alice.copy(new Transfer(from, uids, to), QuotaLimit.UNLIMITED);
            assertThat(copied).isInstanceOf(Placed.Done.class);
        }
    }

    private static void flag(Post post, long mailboxId) throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < ROUNDS * 2; i++) {
            long first = 1 + random.nextInt(1 + (int) post.view(mailboxId).counts().uidNext());
            SystemFlag flag = random.nextInt(3) == 0 ? SystemFlag.DELETED : SystemFlag.SEEN;
            var _ =
                    post.alice.store(
                            mailboxId,
                            UidSet.range(first, first + 20),
                            new FlagChange(FlagChange.Mode.ADD, Flags.of(flag)),
                            OptionalLong.empty());
        }
    }

    private static void expunge(Post post, long mailboxId) throws IOException {
        for (int i = 0; i < ROUNDS; i++) {
            var _ = post.alice.expungeDeleted(mailboxId);
            post.alice.ledger().shown().evict(mailboxId);
        }
    }

    /** A client that asks for changes only, and must always know the truth. */
    private void read(Post post, long mailboxId) throws IOException {
        Map<Long, Flags> known = new HashMap<>();
        long modSeq = 0;
        boolean last = false;
        while (!last) {
            last = over.get();
            MailboxView view = post.view(mailboxId);
            assertThat(view.counts().highestModSeq()).isGreaterThanOrEqualTo(modSeq);
            Changes changes = post.alice.changesSince(view, modSeq);
            changes.vanished().forEach(known::remove);
            changes.changed().forEach(uid -> known.put(uid, view.flags(view.indexOf(uid))));
            Map<Long, Flags> truth = new HashMap<>();
            for (int i = 0; i < view.size(); i++) truth.put(view.uid(i), view.flags(i));
            assertThat(known.equals(truth))
                    .as("at MODSEQ %d after %d", view.counts().highestModSeq(), modSeq)
                    .isTrue();
            List<Placement> placements = post.alice.placements(mailboxId, view.uids(), 100_000);
            assertThat(placements).hasSize(view.size());
            modSeq = view.counts().highestModSeq();
            if (view.size() % 5 == 0) post.alice.ledger().shown().evict(mailboxId);
        }
    }
}
