package mansio.state.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.state.store.Reads.Direction;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** What every engine must show; one subclass an engine. */
abstract class StoreContract {
    static final PartitionId ALICE = PartitionId.account(0xA11CE);
    static final PartitionId BOB = PartitionId.account(-2);
    static final PartitionId SHARD = PartitionId.queueShard(7);
    static final Key TABLE = Key.table(5);

    final RealTime time = new RealTime();
    final List<String> halts = new ArrayList<>();
    long staging = Surroundings.STAGING_LIMIT_BYTES;
    Store store;

    /** Opens the store, or opens it again on the same disk. */
    abstract Store open() throws IOException;

    Surroundings around() {
        return new Surroundings(
                time,
                (name, task) -> Thread.ofVirtual().name(name).start(task),
                new Random(1),
                (reason, cause) -> halts.add(reason),
                staging);
    }

    @BeforeEach
    void openFirst() throws IOException {
        store = open();
    }

    @AfterEach
    void closeLast() {
        store.close();
    }

    void reopen() throws IOException {
        store.close();
        store = open();
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    static String get(Reads reads, Key key) throws IOException {
        return reads.get(key).map(value -> new String(value, UTF_8)).orElse("-");
    }

    static void put(Partition partition, Key key, String value) throws IOException {
        partition.write(
                turn -> {
                    turn.put(key, bytes(value));
                    return turn.version();
                });
    }

    static List<Long> numbers(Page page) {
        return page.entries().stream().map(entry -> entry.key().u64At(1)).toList();
    }

    @Test
    void whatIsWrittenIsReadAndSurvives() throws IOException {
        Partition alice = store.partition(ALICE);
        assertThat(alice.version()).isZero();
        assertThat(get(alice, TABLE.u64(1))).isEqualTo("-");
        put(alice, TABLE.u64(1), "one");
        assertThat(get(alice, TABLE.u64(1))).isEqualTo("one");
        assertThat(alice.version()).isEqualTo(1);
        put(alice, TABLE.u64(1), "uno");
        reopen();
        alice = store.partition(ALICE);
        assertThat(alice.version()).isEqualTo(2);
        assertThat(get(alice, TABLE.u64(1))).isEqualTo("uno");
        assertThat(get(store.partition(BOB), TABLE.u64(1))).isEqualTo("-");
    }

    @Test
    void emptyAndLargestValuesAreKept() throws IOException {
        Partition alice = store.partition(ALICE);
        byte[] large = new byte[Turn.MAX_VALUE_BYTES];
        new Random(3).nextBytes(large);
        Key longest = TABLE.raw(new byte[Key.MAX_BYTES - 1]);
        alice.write(
                turn -> {
                    turn.put(TABLE, new byte[0]);
                    turn.put(longest, large);
                    return 0;
                });
        assertThat(alice.get(TABLE)).hasValueSatisfying(value -> assertThat(value).isEmpty());
        assertThat(alice.get(longest)).hasValue(large);
        assertThat(alice.getAll(List.of(longest, TABLE.u64(9), TABLE)))
                .extracting(Optional::isPresent)
                .containsExactly(true, false, true);
    }

    @Test
    void aTurnSeesItsOwnWrites() throws IOException {
        Partition alice = store.partition(ALICE);
        for (long i = 1; i <= 9; i++) put(alice, TABLE.u64(i), "old");
        alice.write(
                turn -> {
                    turn.put(TABLE.u64(4), bytes("new"));
                    turn.delete(TABLE.u64(5));
                    turn.deleteRange(new Range(TABLE.u64(7), TABLE.u64(9)));
                    turn.put(TABLE.u64(8), bytes("again"));
                    turn.put(TABLE.u64(12), bytes("last"));
                    assertThat(get(turn, TABLE.u64(3))).isEqualTo("old");
                    assertThat(get(turn, TABLE.u64(4))).isEqualTo("new");
                    assertThat(get(turn, TABLE.u64(5))).isEqualTo("-");
                    assertThat(get(turn, TABLE.u64(7))).isEqualTo("-");
                    assertThat(get(turn, TABLE.u64(8))).isEqualTo("again");
                    Page all = turn.scan(Range.prefix(TABLE), Direction.FORWARD, 100, 10_000);
                    assertThat(numbers(all)).containsExactly(1L, 2L, 3L, 4L, 6L, 8L, 9L, 12L);
                    assertThat(all.more()).isFalse();
                    Page tail = turn.scan(Range.prefix(TABLE), Direction.BACKWARD, 3, 10_000);
                    assertThat(numbers(tail)).containsExactly(12L, 9L, 8L);
                    assertThat(tail.more()).isTrue();
                    assertThat(get(alice, TABLE.u64(4))).isEqualTo("old");
                    return 0;
                });
        Page all = alice.scan(Range.prefix(TABLE), Direction.FORWARD, 100, 10_000);
        assertThat(numbers(all)).containsExactly(1L, 2L, 3L, 4L, 6L, 8L, 9L, 12L);
        assertThat(all.version()).isEqualTo(10);
        reopen();
        Page again =
                store.partition(ALICE).scan(Range.prefix(TABLE), Direction.FORWARD, 100, 10_000);
        assertThat(numbers(again)).isEqualTo(numbers(all));
    }

    @Test
    void scansGiveExactPagesInBothDirections() throws IOException {
        Partition alice = store.partition(ALICE);
        alice.write(
                turn -> {
                    for (long i = 0; i < 100; i++) turn.put(TABLE.u64(i), new byte[100]);
                    turn.put(Key.table(6), bytes("next table"));
                    return 0;
                });
        put(store.partition(BOB), TABLE.u64(50), "other");
        for (Direction direction : Direction.values()) {
            List<Long> seen = new ArrayList<>();
            Range rest = Range.prefix(TABLE);
            Page page;
            do {
                page = alice.scan(rest, direction, 7, 100_000);
                seen.addAll(numbers(page));
                Key last = page.entries().getLast().key();
                rest =
                        direction == Direction.FORWARD
                                ? new Range(last.next(), rest.to())
                                : new Range(rest.from(), last);
            } while (page.more());
            if (direction == Direction.BACKWARD) seen = seen.reversed();
            assertThat(seen).hasSize(100).isSorted().doesNotHaveDuplicates();
        }
        Page byBytes = alice.scan(Range.prefix(TABLE), Direction.FORWARD, 100, 350);
        assertThat(byBytes.entries()).hasSize(3);
        assertThat(byBytes.more()).isTrue();
        Page one = alice.scan(Range.prefix(TABLE), Direction.FORWARD, 100, 1);
        assertThat(one.entries()).hasSize(1);
        Page none = alice.scan(Range.prefix(TABLE.u64(200)), Direction.BACKWARD, 1, 1);
        assertThat(none.entries()).isEmpty();
        assertThat(none.more()).isFalse();
    }

    @Test
    void aCommandThatThrowsLeavesNothing() throws IOException {
        Partition alice = store.partition(ALICE);
        put(alice, TABLE.u64(1), "kept");
        assertThatThrownBy(
                        () ->
                                alice.write(
                                        turn -> {
                                            turn.put(TABLE.u64(2), bytes("lost"));
                                            turn.deleteRange(Range.prefix(TABLE));
                                            throw new IOException("no");
                                        }))
                .hasMessage("no");
        assertThat(alice.version()).isEqualTo(1);
        alice.write(
                turn -> {
                    assertThat(turn.version()).isEqualTo(2);
                    assertThat(get(turn, TABLE.u64(1))).isEqualTo("kept");
                    assertThat(get(turn, TABLE.u64(2))).isEqualTo("-");
                    return 0;
                });
        assertThat(alice.version()).as("a command that wrote nothing").isEqualTo(1);
    }

    @Test
    void tooLargeACommandIsRefused() throws IOException {
        Partition alice = store.partition(ALICE);
        assertThatThrownBy(
                        () ->
                                alice.write(
                                        turn -> {
                                            for (int i = 0; i <= Turn.MAX_ENTRIES; i++) {
                                                turn.delete(TABLE.u64(i));
                                            }
                                            return 0;
                                        }))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(
                        () ->
                                alice.write(
                                        turn -> {
                                            turn.put(TABLE, new byte[Turn.MAX_VALUE_BYTES + 1]);
                                            return 0;
                                        }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> alice.write(_ -> alice.write(turn -> turn.version())))
                .isInstanceOf(IllegalStateException.class);
        assertThat(alice.version()).isZero();
    }

    @Test
    void versionsOfManyWritersHaveNoGap() throws Exception {
        Partition alice = store.partition(ALICE);
        List<Thread> writers = new ArrayList<>();
        AtomicLong failures = new AtomicLong();
        for (int writer = 0; writer < 20; writer++) {
            writers.add(
                    Thread.startVirtualThread(
                            () -> {
                                try {
                                    for (int i = 0; i < 20; i++) {
                                        long version = alice.write(StoreContract::countUp);
                                        if (alice.version() < version) failures.addAndGet(1);
                                    }
                                } catch (Throwable e) {
                                    failures.addAndGet(1000);
                                }
                            }));
        }
        for (Thread writer : writers) writer.join();
        assertThat(failures).hasValue(0);
        assertThat(alice.version()).isEqualTo(400);
        assertThat(get(alice, TABLE)).isEqualTo("400");
        assertThat(numbers(alice.scan(Range.prefix(Key.table(6)), Direction.FORWARD, 500, 99_999)))
                .hasSize(400);
    }

    private static long countUp(Turn turn) throws IOException {
        long count = turn.get(TABLE).map(v -> Long.parseLong(new String(v, UTF_8))).orElse(0L) + 1;
        turn.put(TABLE, bytes(Long.toString(count)));
        turn.put(Key.table(6).u64(turn.version()), bytes("x"));
        assertThat(turn.version()).isEqualTo(count);
        return turn.version();
    }

    @Test
    void lazyWritesAreSeenByLaterTurnsAndDurableWithThem() throws IOException {
        Partition alice = store.partition(ALICE);
        for (int i = 0; i < 50; i++) {
            alice.writeLazily(StoreContract::countUp);
        }
        long version = alice.write(StoreContract::countUp);
        assertThat(version).isEqualTo(51);
        reopen();
        assertThat(get(store.partition(ALICE), TABLE)).isEqualTo("51");
    }

    @Test
    void anAnswerWaitsForWhatItSaw() throws IOException {
        Partition alice = store.partition(ALICE);
        alice.writeLazily(
                turn -> {
                    turn.put(TABLE, bytes("receipt"));
                    return 0;
                });
        String seen = alice.write(turn -> get(turn, TABLE));
        assertThat(seen).isEqualTo("receipt");
        assertThat(alice.version()).as("durable when the answer is there").isEqualTo(1);
        assertThat(get(alice, TABLE)).isEqualTo("receipt");
    }

    @Test
    void listenersHearTheNewestVersion() throws Exception {
        Partition alice = store.partition(ALICE);
        AtomicLong heard = new AtomicLong();
        CountDownLatch all = new CountDownLatch(1);
        try (var _ = alice.listen(_ -> throwing());
                var _ =
                        alice.listen(
                                version -> {
                                    if (version <= heard.getAndSet(version)) heard.set(-1000);
                                    if (version == 30) all.countDown();
                                })) {
            for (int i = 0; i < 30; i++) alice.write(StoreContract::countUp);
            all.await();
        }
        assertThat(heard).hasValue(30);
        alice.write(StoreContract::countUp);
        assertThat(heard).hasValue(30);
    }

    private static void throwing() {
        throw new IllegalStateException("a listener of a test that throws");
    }

    @Test
    void partitionsAreListedInOrder() throws IOException {
        for (long number : new long[] {5, 1, 900, -3, 0}) {
            put(store.partition(PartitionId.account(number)), TABLE, "x");
        }
        put(store.partition(SHARD), TABLE, "x");
        assertThat(store.partitions(PartitionId.Kind.ACCOUNT, -1, 3)).isEmpty();
        assertThat(store.partitions(PartitionId.Kind.ACCOUNT, 0, 3))
                .extracting(PartitionId::number)
                .containsExactly(1L, 5L, 900L);
        assertThat(store.partitions(PartitionId.Kind.ACCOUNT, 900, 3))
                .extracting(PartitionId::number)
                .containsExactly(-3L);
        assertThat(store.partitions(PartitionId.Kind.QUEUE, 0, 3)).containsExactly(SHARD);
        assertThat(store.partition(SHARD)).isSameAs(store.partition(SHARD));
    }

    byte[] sample(int length) {
        byte[] sample = new byte[length];
        new Random(length).nextBytes(sample);
        return sample;
    }

    BlobWriter stage(byte[] content) throws IOException {
        BlobWriter writer = store.blobs().create();
        for (int at = 0; at < content.length; at += 10_000) {
            writer.write(content, at, Math.min(10_000, content.length - at));
        }
        writer.finish();
        return writer;
    }

    byte[] read(BlobId blob) throws IOException {
        byte[] all = new byte[3 << 20];
        int length = 0;
        for (int n; (n = store.blobs().read(blob, length, all, length, 7_777)) >= 0; ) length += n;
        return Arrays.copyOf(all, length);
    }

    static int hold(Partition partition, BlobId blob) throws IOException {
        return partition.write(
                turn -> {
                    turn.hold(blob);
                    return 0;
                });
    }

    static int release(Partition partition, BlobId blob) throws IOException {
        return partition.writeFreeing(
                turn -> {
                    turn.release(blob);
                    return 0;
                });
    }

    @Test
    void blobsOfAnyLengthAreKept() throws IOException {
        int piece = Blobs.PIECE_BYTES;
        for (int length :
                new int[] {0, 1, 5_000, piece - 1, piece, piece + 1, 2 * piece, 2_000_000}) {
            byte[] content = sample(length);
            BlobId id;
            try (BlobWriter writer = stage(content)) {
                id = writer.id();
                assertThat(writer.length()).isEqualTo(length);
                assertThat(read(id)).as("staged, %s", length).isEqualTo(content);
                hold(store.partition(SHARD), id);
            }
            assertThat(read(id)).as("held, %s", length).isEqualTo(content);
            hold(store.partition(ALICE), id);
            release(store.partition(SHARD), id);
            reopen();
            assertThat(read(id)).as("reopened, %s", length).isEqualTo(content);
        }
    }

    @Test
    void whoFoundABlobInMemoryMayComeTooLate() throws IOException {
        StagedBlob found = (StagedBlob) stage(sample(5_000));
        assertThat(found.readStaged(0, new byte[100], 0, 100)).contains(100);
        found.close(); // Its memory is given back between being found and being read.
        assertThat(found.readStaged(0, new byte[100], 0, 100)).isEmpty();
    }

    @Test
    void aBlobNobodyHoldsCannotBeHeld() throws IOException {
        Partition alice = store.partition(ALICE);
        BlobId abandoned;
        try (BlobWriter writer = stage(sample(100_000))) {
            abandoned = writer.id();
        }
        assertThatThrownBy(() -> hold(alice, abandoned)).isInstanceOf(BlobMissingException.class);
        assertThatThrownBy(() -> hold(alice, new BlobId(1, 2)))
                .isInstanceOf(BlobMissingException.class);
        try (BlobWriter unfinished = store.blobs().create()) {
            assertThatThrownBy(() -> hold(alice, unfinished.id()))
                    .isInstanceOf(BlobMissingException.class);
        }
        assertThatThrownBy(() -> read(new BlobId(1, 2))).isInstanceOf(BlobMissingException.class);
        assertThat(alice.version()).isZero();
    }

    @Test
    void aCommandThatThrowsHoldsNothing() throws IOException {
        Partition alice = store.partition(ALICE);
        BlobId id;
        try (BlobWriter writer = stage(sample(10))) {
            id = writer.id();
            assertThatThrownBy(
                            () ->
                                    alice.write(
                                            turn -> {
                                                turn.hold(id);
                                                turn.hold(new BlobId(1, 2));
                                                return 0;
                                            }))
                    .isInstanceOf(BlobMissingException.class);
        }
        assertThatThrownBy(() -> read(id)).isInstanceOf(BlobMissingException.class);
    }

    @Test
    void manyShortBlobsInOneCommand() throws IOException {
        List<BlobWriter> writers = new ArrayList<>();
        for (int i = 0; i < 40; i++) writers.add(stage(sample(50_000 + i)));
        store.partition(ALICE)
                .write(
                        turn -> {
                            for (BlobWriter writer : writers) turn.hold(writer.id());
                            return 0;
                        });
        for (BlobWriter writer : writers) writer.close();
        reopen();
        for (int i = 0; i < 40; i++) {
            assertThat(read(writers.get(i).id())).isEqualTo(sample(50_000 + i));
        }
    }

    private List<Finding> verify(Verifier... verifiers) throws IOException {
        List<Finding> findings = new ArrayList<>();
        store.verify(List.of(verifiers), findings::add);
        return findings;
    }

    @Test
    void blobsWithoutHoldersGoAfterADay() throws IOException {
        BlobId shared;
        try (BlobWriter writer = stage(sample(200_000))) {
            shared = writer.id();
            hold(store.partition(SHARD), shared);
        }
        hold(store.partition(ALICE), shared);
        release(store.partition(SHARD), shared);
        time.moveWallClock(Sweeper.GRACE.plusMinutes(1));
        store.sweep();
        assertThat(read(shared)).as("held").hasSize(200_000);
        release(store.partition(ALICE), shared);
        store.sweep();
        assertThat(read(shared)).as("released just now").hasSize(200_000);
        hold(store.partition(BOB), released(shared));
        time.moveWallClock(Sweeper.GRACE.plusMinutes(1));
        assertThat(verify()).isEmpty();
        store.sweep();
        assertThatThrownBy(() -> read(shared)).isInstanceOf(BlobMissingException.class);
        assertThatThrownBy(() -> hold(store.partition(ALICE), shared))
                .isInstanceOf(BlobMissingException.class);
        assertThat(verify()).isEmpty();
    }

    /** Another short blob, to be held meanwhile, that must stay. */
    private BlobId released(BlobId other) throws IOException {
        try (BlobWriter writer = stage(sample(20))) {
            assertThat(writer.id()).isGreaterThan(other);
            hold(store.partition(ALICE), writer.id());
            return writer.id();
        }
    }

    @Test
    void anUnfinishedUploadIsSweptAfterACrash() throws IOException {
        BlobWriter writer = store.blobs().create();
        writer.write(sample(300_000), 0, 300_000);
        // Something synced carries the pieces to the disk; then nobody closes the writer.
        put(store.partition(ALICE), TABLE, "x");
        reopen();
        assertThat(verify()).isEmpty();
        byte[] one = new byte[1];
        assertThat(store.blobs().read(writer.id(), 0, one, 0, 1)).isEqualTo(1);
        time.moveWallClock(Sweeper.GRACE.plusMinutes(1));
        store.sweep();
        assertThatThrownBy(() -> store.blobs().read(writer.id(), 0, one, 0, 1))
                .isInstanceOf(BlobMissingException.class);
        assertThat(verify()).isEmpty();
    }

    @Test
    void anErasedPartitionIsGoneForEver() throws IOException {
        BlobId mine;
        try (BlobWriter writer = stage(sample(100))) {
            mine = writer.id();
            hold(store.partition(ALICE), mine);
        }
        for (long i = 0; i < 500; i++) {
            long number = i;
            store.partition(ALICE)
                    .writeLazily(
                            turn -> {
                                turn.put(TABLE.u64(number), new byte[10]);
                                return 0;
                            });
        }
        put(store.partition(BOB), TABLE, "bob");
        store.erase(ALICE);
        assertThatThrownBy(() -> put(store.partition(ALICE), TABLE, "x"))
                .hasMessageContaining("is erased");
        reopen();
        store.sweep();
        assertThat(verify()).isEmpty();
        assertThat(store.partitions(PartitionId.Kind.ACCOUNT, 0, 10)).containsExactly(BOB);
        assertThatThrownBy(() -> put(store.partition(ALICE), TABLE, "x"))
                .hasMessageContaining("is erased");
        assertThat(get(store.partition(BOB), TABLE)).isEqualTo("bob");
        time.moveWallClock(Sweeper.GRACE.plusMinutes(1));
        store.sweep();
        assertThatThrownBy(() -> read(mine)).isInstanceOf(BlobMissingException.class);
    }

    @Test
    void verifyReconcilesReferencesWithHolds() throws IOException {
        List<BlobId> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try (BlobWriter writer = stage(sample(100_000 + i))) {
                ids.add(writer.id());
                hold(store.partition(ALICE), writer.id());
            }
        }
        BlobId never = new BlobId(7, 7);
        Verifier room =
                new Verifier() {
                    @Override
                    public boolean covers(PartitionId.Kind kind) {
                        return kind == PartitionId.Kind.ACCOUNT;
                    }

                    @Override
                    public void verify(Partition partition, Report report) {
                        if (!partition.id().equals(ALICE)) return;
                        report.refersTo(ids.get(0));
                        report.refersTo(ids.get(1));
                        report.refersTo(never);
                        report.finding(Finding.damage("mailbox 3 is odd"));
                    }
                };
        assertThat(verify(room))
                .containsExactlyInAnyOrder(
                        Finding.damage(ALICE + ": mailbox 3 is odd"),
                        Finding.damage(ALICE + " refers to blob " + never + " without holding it"),
                        Finding.waste(ALICE + " holds blob " + ids.get(2) + " for nothing"));
    }

    @Test
    void memoryForIncomingMessagesIsBoundedAndFreed() throws IOException {
        store.close();
        staging = 1 << 20;
        store = open();
        List<BlobWriter> writers = new ArrayList<>();
        assertThatThrownBy(
                        () -> {
                            while (writers.size() < 100) writers.add(stage(sample(60_000)));
                        })
                .isInstanceOf(LowSpaceException.class);
        assertThat(writers).hasSizeBetween(12, 16);
        for (BlobWriter writer : writers) writer.close();
        for (int i = 0; i < 100; i++) stage(sample(500_000)).close();
        for (int i = 0; i < 100; i++) stage(sample(500)).close();
    }
}
