package mansio.state.store;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What goes into one write, and in which order. */
class CommitterTest {
    private final FakeTime time = new FakeTime();
    private final List<List<Op>> writes = new ArrayList<>();
    private final List<Boolean> synced = new ArrayList<>();
    private int highWater;

    private final Engine engine =
            new Engine() {
                @Override
                public Optional<byte[]> get(Space space, byte[] key) {
                    throw new AssertionError();
                }

                @Override
                public List<Optional<byte[]>> getAll(Space space, List<byte[]> keys) {
                    throw new AssertionError();
                }

                @Override
                public Found scan(Scan scan) {
                    throw new AssertionError();
                }

                @Override
                public void write(List<Op> ops, boolean sync) throws IOException {
                    writes.add(List.copyOf(ops));
                    synced.add(sync);
                }

                @Override
                public void writeHighWater() {
                    highWater++;
                }

                @Override
                public void close() {}
            };

    private final Committer committer =
            new Committer(
                    engine,
                    time,
                    new Committer.Pace(Duration.ofMillis(50), Duration.ofSeconds(1)),
                    (reason, cause) -> {
                        throw new AssertionError(reason, cause);
                    });

    private Commit submit(Commit.Urgency urgency, int key, int bytes) {
        Commit commit =
                new Commit(
                        List.of(new Op.Put(Space.DATA, new byte[] {(byte) key}, new byte[bytes])),
                        urgency,
                        () -> {});
        committer.submit(commit);
        return commit;
    }

    /** Everything was submitted before the committer starts: it all waits together. */
    private void runToTheEnd() throws InterruptedException {
        Thread thread = Thread.startVirtualThread(committer);
        committer.close();
        thread.join();
    }

    private static List<Integer> keys(List<Op> ops) {
        return ops.stream().map(op -> (int) ((Op.Put) op).key()[0]).toList();
    }

    @Test
    void whatWaitsTogetherIsOneSyncedWrite() throws InterruptedException {
        List<Commit> commits = new ArrayList<>();
        for (int i = 0; i < 50; i++) commits.add(submit(Commit.Urgency.SYNCED, i, 4096));
        runToTheEnd();
        assertThat(writes).hasSize(1);
        assertThat(synced).containsExactly(true);
        assertThat(keys(writes.getFirst())).hasSize(50).isSorted();
        assertThat(commits).allMatch(Commit::isDone);
        assertThat(highWater).isEqualTo(1);
    }

    @Test
    void aWriteCarriesAtMostOneMebibyte() throws InterruptedException {
        for (int i = 0; i < 40; i++) submit(Commit.Urgency.SYNCED, i, 60_000);
        runToTheEnd();
        assertThat(writes).hasSize(3);
        assertThat(writes)
                .allSatisfy(
                        ops ->
                                assertThat(ops.stream().mapToInt(Op::bytes).sum())
                                        .isLessThanOrEqualTo(Committer.WRITE_BYTES));
    }

    @Test
    void piecesAreNeverBehindTheCommitThatCameAfterThem() throws InterruptedException {
        submit(Commit.Urgency.SYNCED, 100, 10);
        for (int i = 0; i < 20; i++) submit(Commit.Urgency.AHEAD, i, 64 << 10);
        submit(Commit.Urgency.SYNCED, 101, 10);
        runToTheEnd();
        List<Integer> order = new ArrayList<>();
        for (List<Op> write : writes) order.addAll(keys(write));
        assertThat(order).hasSize(22).endsWith(101);
        assertThat(order.indexOf(100)).isLessThan(order.indexOf(101));
        assertThat(synced.getLast()).isTrue();
    }

    @Test
    void piecesAloneAreNotSynced() throws InterruptedException {
        submit(Commit.Urgency.AHEAD, 1, 1000);
        runToTheEnd();
        assertThat(synced).containsExactly(false);
    }

    @Test
    void aLazyCommitWaitsForCompanyButNotLong() throws InterruptedException {
        Commit lazy = submit(Commit.Urgency.LAZY, 1, 1000);
        Thread thread = Thread.startVirtualThread(committer);
        // The fake clock jumps to the deadline when the committer waits for it.
        lazy.await();
        assertThat(synced).containsExactly(true);
        committer.close();
        thread.join();
    }
}
