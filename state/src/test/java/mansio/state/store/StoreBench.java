package mansio.state.store;

import mansio.net.time.SystemTime;
import mansio.net.time.VirtualThreads;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Measures the store on this machine's disk: {@code StoreBench FOLDER [SECONDS [ONLY]]}. Not a
 * test; its figures stand in docs/design/store.md.
 */
public final class StoreBench {
    private static final int MAX_SAMPLES = 2_000_000;
    private static final Key ENTRIES = Key.table(5);

    private final Path folder;
    private final Duration each;
    private final String only;

    private StoreBench(Path folder, Duration each, String only) {
        this.folder = folder;
        this.each = each;
        this.only = only;
    }

    /** A piece of work done over and over by each of several threads. */
    private interface Work {
        void run(int thread, long round) throws IOException;
    }

    /** Runs all measurements, and prints a line each. */
    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        Files.createDirectories(folder);
        int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
        new StoreBench(folder, Duration.ofSeconds(seconds), args.length > 2 ? args[2] : "").run();
    }

    private void run() throws Exception {
        raw("raw fdatasync, 4 KiB");
        Surroundings around =
                new Surroundings(
                        new SystemTime(),
                        new VirtualThreads(),
                        new Random(),
                        (reason, _) -> {
                            System.err.println(reason);
                            Runtime.getRuntime().halt(1);
                        });
        try (Store store = new Stores(around).disk(new DiskSettings(folder.resolve("data")))) {
            byte[] value = random(4096);
            Work put =
                    (thread, round) ->
                            store.partition(PartitionId.account(thread))
                                    .write(
                                            turn -> {
                                                turn.put(ENTRIES.u64(round), value);
                                                return 0;
                                            });
            measure("warm-up", 50, put);
            measure("one writer, 4 KiB", 1, put);
            measure("50 writers, 4 KiB", 50, put);
            Work onePartition =
                    (thread, round) ->
                            store.partition(PartitionId.account(1000))
                                    .write(
                                            turn -> {
                                                turn.put(ENTRIES.u64(round).u8(thread), value);
                                                return 0;
                                            });
            measure("50 writers of one partition, 4 KiB", 50, onePartition);
            for (int size : new int[] {4 << 10, 50 << 10, 1 << 20}) {
                byte[] message = random(size);
                int threads = size > 500_000 ? 10 : 50;
                String name = threads + " sessions, mail of " + (size >> 10) + " KiB";
                measure(name, threads, (thread, round) -> mail(store, message, thread, round));
            }
            byte[] message = random(4096);
            measure("one session, mail of 4 KiB", 1, (t, r) -> mail(store, message, t, r));
            raw("raw fdatasync, 4 KiB");
            System.out.println(rss());
        }
    }

    /** Queue entry, delivery to an account, and the note that it is done. */
    private static void mail(Store store, byte[] message, int thread, long round)
            throws IOException {
        Partition shard = store.partition(PartitionId.queueShard(thread % 4));
        Partition account = store.partition(PartitionId.account(thread));
        Key entry = ENTRIES.u64(round).u8(thread);
        byte[] small = Arrays.copyOf(message, 300);
        try (BlobWriter writer = store.blobs().create()) {
            for (int at = 0; at < message.length; at += 16 << 10) {
                writer.write(message, at, Math.min(16 << 10, message.length - at));
            }
            writer.finish();
            shard.write(
                    turn -> {
                        turn.hold(writer.id());
                        for (int i = 0; i < 3; i++) turn.put(entry.u8(i), small);
                        return 0;
                    });
            account.write(
                    turn -> {
                        turn.hold(writer.id());
                        var _ = turn.get(Key.table(6));
                        turn.put(Key.table(6), small);
                        for (int i = 0; i < 5; i++) turn.put(entry.u8(i), small);
                        return 0;
                    });
            shard.writeLazily(
                    turn -> {
                        turn.release(writer.id());
                        for (int i = 0; i < 3; i++) turn.delete(entry.u8(i));
                        return 0;
                    });
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new SplittableRandom(size).nextBytes(bytes);
        return bytes;
    }

    private void raw(String name) throws IOException {
        Path file = folder.resolve("raw");
        long[] nanos = new long[MAX_SAMPLES];
        int count = 0;
        try (FileChannel out =
                FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer block = ByteBuffer.wrap(random(4096));
            long end = System.nanoTime() + Duration.ofSeconds(2).toNanos();
            while (System.nanoTime() < end) {
                long start = System.nanoTime();
                out.write(block.rewind());
                out.force(false);
                nanos[count++] = System.nanoTime() - start;
            }
        }
        Files.delete(file);
        print(name, count, Arrays.copyOf(nanos, count), 2e9, 0);
    }

    private void measure(String name, int threads, Work work) throws InterruptedException {
        if (!name.contains(only)) return;
        long[] nanos = new long[MAX_SAMPLES];
        AtomicInteger count = new AtomicInteger();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(threads);
        long start = System.nanoTime();
        long cpu = cpuNanos();
        Map<String, Long> threadsBefore = threadTicks();
        long end = start + each.toNanos();
        for (int i = 0; i < threads; i++) {
            int thread = i;
            Thread.startVirtualThread(
                    () -> {
                        try {
                            for (long round = start; System.nanoTime() < end; round++) {
                                long before = System.nanoTime();
                                work.run(thread, round);
                                int at = count.getAndIncrement();
                                if (at < MAX_SAMPLES) nanos[at] = System.nanoTime() - before;
                            }
                        } catch (Throwable e) {
                            failure.set(e);
                        } finally {
                            done.countDown();
                        }
                    });
        }
        done.await();
        if (failure.get() != null) throw new IllegalStateException(failure.get());
        long took = System.nanoTime() - start;
        long used = cpuNanos() - cpu;
        int samples = Math.min(MAX_SAMPLES, count.get());
        print(name, count.get(), Arrays.copyOf(nanos, samples), took, used);
        StringBuilder line = new StringBuilder("    us each by thread:");
        threadTicks()
                .forEach(
                        (thread, ticks) -> {
                            double each = (ticks - threadsBefore.getOrDefault(thread, 0L)) * 1e4;
                            if (each / count.get() >= 0.5) {
                                line.append(String.format("  %s %.1f", thread, each / count.get()));
                            }
                        });
        System.out.println(line);
    }

    /** CPU time of this process by thread name, in hundredths of a second. */
    private static Map<String, Long> threadTicks() {
        Map<String, Long> sums = new TreeMap<>();
        try (var tasks = Files.list(Path.of("/proc/self/task"))) {
            for (Path task : tasks.toList()) {
                String[] stat = Files.readString(task.resolve("stat")).split("[()]");
                String[] fields = stat[2].trim().split(" ");
                String name = stat[1].replaceAll("[-#0-9]+$", "");
                sums.merge(
                        name, Long.parseLong(fields[11]) + Long.parseLong(fields[12]), Long::sum);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sums;
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static void print(String name, int count, long[] nanos, double took, long cpu) {
        Arrays.sort(nanos);
        System.out.printf(
                "%-40s %8.0f/s  p50 %7.3f ms  p99 %7.3f ms  cpu %6.1f us each%n",
                name,
                count / took * 1e9,
                nanos[nanos.length / 2] / 1e6,
                nanos[nanos.length * 99 / 100] / 1e6,
                cpu / 1e3 / count);
    }

    private static String rss() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS") || line.startsWith("VmHWM"))
                .reduce("", (a, b) -> a + " " + b);
    }
}
