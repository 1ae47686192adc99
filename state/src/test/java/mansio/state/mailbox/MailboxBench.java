package mansio.state.mailbox;

import mansio.net.time.SystemTime;
import mansio.state.mailbox.Delivery.Attempt;
import mansio.state.store.AccountId;
import mansio.state.store.BlobWriter;
import mansio.state.store.Content;
import mansio.state.store.DiskSettings;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.state.story.StoryLine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Measures deliveries and large mailboxes on a disk: {@code MailboxBench FOLDER [DELIVERIES
 * [MESSAGES]]}. Figures in docs/design/mailbox.md.
 */
public final class MailboxBench {
    private static final int ACCOUNTS = 10;
    private static final int THREADS = 50;
    private static final int BODY_BYTES = 4096;
    private static final int FACTS_BYTES = 350;

    private final Path folder;
    private Store store;
    private Accounts accounts;

    private MailboxBench(Path folder) throws IOException {
        this.folder = folder;
        open();
    }

    public static void main(String[] arguments) throws Exception {
        MailboxBench bench = new MailboxBench(Path.of(arguments[0]));
        int deliveries = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20_000;
        int messages = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 100_000;
        bench.deliveries(deliveries);
        bench.deliveries(deliveries);
        bench.largeMailbox(messages);
        bench.store.close();
    }

    private void open() throws IOException {
        Surroundings around =
                new Surroundings(
                        new SystemTime(),
                        (name, task) -> Thread.ofVirtual().name(name).start(task),
                        new Random(1),
                        (reason, cause) -> System.exit(1));
        store = new Stores(around).disk(new DiskSettings(folder));
        accounts =
                new Accounts(
                        store,
                        new SystemTime(),
                        (name, task) -> Thread.ofVirtual().name(name).start(task),
                        MailLimits.DEFAULT);
    }

    private static double cpuMillis() {
        return ((com.sun.management.OperatingSystemMXBean)
                                ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                / 1e6;
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void measure(String what, int units, Task task) throws IOException {
        double cpu = cpuMillis();
        long start = System.nanoTime();
        task.run();
        double wall = (System.nanoTime() - start) / 1e6;
        System.out.printf(
                "%-34s %9.1f ms, %8.1f us CPU each, %9.0f/s%n",
                what, wall, (cpuMillis() - cpu) * 1000 / units, units / wall * 1000);
    }

    private void deliveries(int count) throws IOException {
        AtomicInteger next = new AtomicInteger();
        long base = System.nanoTime();
        measure(
                count + " deliveries of 4 KiB",
                count,
                () -> {
                    List<Thread> threads = new ArrayList<>();
                    for (int i = 0; i < THREADS; i++) {
                        threads.add(
                                Thread.ofVirtual()
                                        .start(
                                                () -> {
                                                    int n = next.getAndIncrement();
                                                    while (n < count) {
                                                        deliver(base + n, n);
                                                        n = next.getAndIncrement();
                                                    }
                                                }));
                    }
                    for (Thread thread : threads) join(thread);
                });
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void deliver(long queueId, int n) {
        byte[] body = new byte[BODY_BYTES];
        try (BlobWriter blob = store.blobs().create()) {
            blob.write(body, 0, body.length);
            blob.finish();
            Content content =
                    Content.of(blob.id(), body.length)
                            .prepend(
                                    "Return-Path: <a@example.org>\r\n"
                                            .getBytes(StandardCharsets.UTF_8));
            var _ =
                    accounts.open(new AccountId(1 + n % ACCOUNTS))
                            .deliver(
                                    new Delivery(
                                            queueId,
                                            0,
                                            Instant.EPOCH.plusMillis(n),
                                            Attempt.FIRST,
                                            new NewMessage(
                                                    content,
                                                    derived(queueId),
                                                    Flags.NONE,
                                                    OffsetDateTime.parse("2026-01-01T00:00:00Z")),
                                            List.of(
                                                    new Delivery.Target(
                                                            Delivery.Target.INBOX, Flags.NONE)),
                                            new StoryLine(
                                                    Instant.EPOCH,
                                                    "delivered",
                                                    "done",
                                                    "INBOX of anna@example.org")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Derived derived(long n) {
        return new Derived(
                new byte[FACTS_BYTES],
                new byte[900],
                new ThreadKeys(List.of(n + "@example.org"), "subject " + n));
    }

    private void largeMailbox(int count) throws IOException {
        MailAccount account = accounts.open(new AccountId(100));
        long inbox = account.mailbox(MailboxName.INBOX).orElseThrow().id();
        Content content =
                new Content(List.of(new Content.Inline("x".getBytes(StandardCharsets.UTF_8))));
        measure(
                count + " appended, 5,000 at once",
                count,
                () -> {
                    List<NewMessage> messages = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        messages.add(
                                new NewMessage(
                                        content,
                                        derived(i),
                                        i % 3 == 0 ? Flags.NONE : Flags.of(SystemFlag.SEEN),
                                        OffsetDateTime.parse("2026-01-01T00:00:00Z")));
                        if (messages.size() == 5_000 || i == count - 1) {
                            var _ = account.append(inbox, messages, QuotaLimit.UNLIMITED);
                            messages.clear();
                        }
                    }
                });
        store.close();
        open();
        MailAccount again = accounts.open(new AccountId(100));
        for (int i = 0; i < 3; i++) {
            measure("view, cold " + i, count, () -> again.view(inbox).orElseThrow());
            measure("UIDs of it", count, () -> again.view(inbox).orElseThrow().uids());
            again.ledger().shown().evict(inbox);
        }
        MailboxView view = again.view(inbox).orElseThrow();
        measure(
                "facts of all, by 1,000",
                count,
                () -> {
                    for (UidSet left = view.uids(); !left.isEmpty(); ) {
                        List<Placement> page = again.placements(inbox, left, 1_000);
                        var _ = again.emails(page.stream().map(Placement::emailId).toList());
                        left = left.andNot(UidSet.range(1, page.getLast().uid()));
                    }
                });
        FlagChange flagged = new FlagChange(FlagChange.Mode.ADD, Flags.of(SystemFlag.FLAGGED));
        measure(
                "STORE +FLAGS of all",
                count,
                () -> again.store(inbox, view.uids(), flagged, OptionalLong.empty()));
        measure("changes since then", count, () -> again.view(inbox).orElseThrow().since(view));
        long trash = again.mailboxes().find(SpecialUse.TRASH).orElseThrow().id();
        measure(
                "COPY of all",
                count,
                () -> again.copy(new Transfer(inbox, view.uids(), trash), QuotaLimit.UNLIMITED));
        measure("MOVE of all", count, () -> again.move(new Transfer(inbox, view.uids(), trash)));
        measure(
                "expunge of twice all",
                2 * count,
                () -> again.remove(trash, UidSet.range(1, UidSet.MAX_UID)));
    }
}
