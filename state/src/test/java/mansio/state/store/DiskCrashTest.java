package mansio.state.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** What the disk may look like after a crash, and what recovery makes of it. */
class DiskCrashTest {
    private static final PartitionId ALICE = PartitionId.account(1);
    private static final Key TABLE = Key.table(5);
    private static final String MARK = "high-water";

    @TempDir Path folder;
    private final RealTime time = new RealTime();
    private final List<String> halts = new ArrayList<>();
    private int copies;

    private Store open(Path data, DiskSettings.Loss loss) throws IOException {
        return new Stores(
                        new Surroundings(
                                time,
                                (name, task) -> Thread.ofVirtual().name(name).start(task),
                                new Random(1),
                                (reason, _) -> halts.add(reason)))
                .disk(new DiskSettings(data, 0, loss));
    }

    private static long write(Store store, int blobBytes) throws IOException {
        try (BlobWriter writer = store.blobs().create()) {
            writer.write(new byte[blobBytes], 0, blobBytes);
            writer.finish();
            return store.partition(ALICE)
                    .write(
                            turn -> {
                                turn.hold(writer.id());
                                turn.put(TABLE.u64(turn.version()), writer.id().toBytes());
                                return turn.version();
                            });
        }
    }

    /** Reads all that is there: versions without a gap, each with its blob; how many. */
    private static long check(Store store) throws IOException {
        Partition alice = store.partition(ALICE);
        long version = alice.version();
        byte[] to = new byte[Blobs.PIECE_BYTES];
        for (long v = 1; v <= version; v++) {
            byte[] id = alice.get(TABLE.u64(v)).orElseThrow();
            assertThat(store.blobs().read(BlobId.ofBytes(id, 0), 0, to, 0, to.length)).isPositive();
        }
        assertThat(alice.get(TABLE.u64(version + 1))).isEmpty();
        List<Finding> findings = new ArrayList<>();
        store.verify(List.of(), findings::add);
        assertThat(findings).noneMatch(f -> f.severity() == Finding.Severity.DAMAGE);
        return version;
    }

    private Path copy(Path from) throws IOException {
        Path to = folder.resolve("copy-" + copies++);
        Files.walkFileTree(
                from,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes a)
                            throws IOException {
                        Files.createDirectories(to.resolve(from.relativize(dir).toString()));
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes a)
                            throws IOException {
                        Files.copy(file, to.resolve(from.relativize(file).toString()));
                        return FileVisitResult.CONTINUE;
                    }
                });
        return to;
    }

    /**
     * A copy of a store that is in use, as a crash would leave it. A real crash leaves all files of
     * one moment; so a copy that took so long that files came or went is made again, and the mark
     * is that of the beginning: what it vouches for is in the files that are copied after it.
     */
    private Path copyInUse(Path data) throws IOException {
        while (true) {
            String before = files(data);
            byte[] mark = Files.readAllBytes(data.resolve(MARK));
            try {
                Path copy = copy(data);
                Files.write(copy.resolve(MARK), mark);
                if (files(data).equals(before)) return copy;
            } catch (NoSuchFileException e) {
                // It went meanwhile.
            }
        }
    }

    /** The engine's files, and how long the list is that it keeps of them. */
    private static String files(Path data) throws IOException {
        StringBuilder all = new StringBuilder();
        try (var files = Files.list(data.resolve("engine"))) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                all.append(name).append('\n');
                if (name.startsWith("MANIFEST")) all.append(Files.size(file)).append('\n');
            }
        }
        return all.toString();
    }

    private static Path log(Path data) throws IOException {
        try (var files = Files.list(data.resolve("engine"))) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
        }
    }

    @Test
    void aCopyTakenAtAnyMomentHasAllThatWasAcknowledged() throws Exception {
        Path data = folder.resolve("data");
        Random random = new Random(4);
        try (Store store = open(data, DiskSettings.Loss.REFUSE)) {
            AtomicLong acknowledged = new AtomicLong();
            AtomicLong wanted = new AtomicLong(Long.MAX_VALUE);
            List<Thread> writers = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                int size = i == 0 ? 100_000 : 1_000 * i;
                writers.add(
                        Thread.startVirtualThread(
                                () -> writeUntil(store, size, acknowledged, wanted)));
            }
            List<Path> taken = new ArrayList<>();
            List<Long> before = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                long next = acknowledged.get() + 1 + random.nextInt(20);
                while (acknowledged.get() < next) Thread.onSpinWait();
                before.add(acknowledged.get());
                taken.add(copyInUse(data));
            }
            wanted.set(0);
            for (Thread writer : writers) writer.join();
            for (int i = 0; i < taken.size(); i++) {
                try (Store copy = open(taken.get(i), DiskSettings.Loss.REFUSE)) {
                    assertThat(check(copy)).isGreaterThanOrEqualTo(before.get(i));
                }
            }
        }
        assertThat(halts).isEmpty();
    }

    private static void writeUntil(
            Store store, int size, AtomicLong acknowledged, AtomicLong wanted) {
        try {
            while (wanted.get() > 0) {
                long version = write(store, size);
                acknowledged.accumulateAndGet(version, Math::max);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** A folder whose high-water file says that the first 20 commands are durable. */
    private Path withHighWater() throws IOException {
        Path data = folder.resolve("data");
        try (Store store = open(data, DiskSettings.Loss.REFUSE)) {
            for (int i = 0; i < 20; i++) write(store, 500);
            time.moveNanos(Duration.ofSeconds(2));
            // The mark is written after the first of these, before the second.
            for (int i = 0; i < 10; i++) write(store, 500);
            return copy(data);
        }
    }

    @Test
    void aTornTailOrAFlippedBitIsNeverASilentLoss() throws IOException {
        Path crashed = withHighWater();
        long size = Files.size(log(crashed));
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 25; i++) {
            Path data = copy(crashed);
            try (RandomAccessFile log = new RandomAccessFile(log(data).toFile(), "rw")) {
                if (i % 2 == 0) {
                    log.setLength((long) (size * random.nextDouble()));
                } else {
                    long at = (long) (size * random.nextDouble());
                    log.seek(at);
                    int before = log.read();
                    log.seek(at);
                    log.write(before ^ 1 << random.nextInt(8));
                }
            }
            try (Store store = open(data, DiskSettings.Loss.REFUSE)) {
                assertThat(check(store)).as("trial " + i).isGreaterThanOrEqualTo(20);
            } catch (IOException e) {
                refused++;
                assertThat(e.getMessage())
                        .as("trial " + i)
                        .containsAnyOf("lost acknowledged changes", "cannot be opened");
                try (Store store = open(data, DiskSettings.Loss.ACCEPT)) {
                    var _ = check(store);
                }
                // Accepted once is accepted.
                open(data, DiskSettings.Loss.REFUSE).close();
            }
        }
        assertThat(refused).isBetween(5, 24);
    }

    @Test
    void recoveryBelowTheMarkNamesTheGap() throws IOException {
        Path data = withHighWater();
        try (RandomAccessFile log = new RandomAccessFile(log(data).toFile(), "rw")) {
            log.setLength(log.length() / 3);
        }
        assertThatThrownBy(() -> open(data, DiskSettings.Loss.REFUSE))
                .hasMessageMatching(
                        "the store lost acknowledged changes: recovery ended at change \\d+, but"
                                + " changes up to \\d+ had been durable: \\d+ are missing;.*");
    }

    @Test
    void oneDamagedSlotOfTheMarkIsNoMatterBothAre() throws IOException {
        Path data = withHighWater();
        Path mark = data.resolve(MARK);
        byte[] good = Files.readAllBytes(mark);
        byte[] torn = good.clone();
        torn[17] ^= 1;
        Files.write(mark, torn);
        open(data, DiskSettings.Loss.REFUSE).close();
        torn[4096 + 17] ^= 1;
        Files.write(mark, torn);
        assertThatThrownBy(() -> open(data, DiskSettings.Loss.REFUSE))
                .hasMessageContaining("high-water file is damaged");
        open(data, DiskSettings.Loss.ACCEPT).close();
        open(data, DiskSettings.Loss.REFUSE).close();
    }
}
