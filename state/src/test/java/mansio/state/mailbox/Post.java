package mansio.state.mailbox;

import mansio.net.time.SystemTime;
import mansio.net.time.Time;
import mansio.state.store.AccountId;
import mansio.state.store.BlobWriter;
import mansio.state.store.Content;
import mansio.state.store.ContentReader;
import mansio.state.store.MemoryDisk;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.state.story.StoryLine;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** An account on a disk in memory that can crash, and short ways to say things. */
final class Post implements AutoCloseable {
    static final AccountId ALICE = new AccountId(0xA11CE);
    static final OffsetDateTime DATE = OffsetDateTime.parse("1996-07-17T02:44:25-07:00");

    final MemoryDisk disk = new MemoryDisk();
    final MovedTime time = new MovedTime();
    final MailLimits limits;

    /** One for all lives: with the clock standing still, equal seeds would give equal blob ids. */
    private final Random ids = new Random(1);

    Store store;
    Accounts accounts;
    MailAccount alice;

    Post(MailLimits limits) throws IOException {
        this.limits = limits;
        store = openStore();
        accounts = accounts();
        alice = accounts.open(ALICE);
    }

    Post() throws IOException {
        this(MailLimits.DEFAULT);
    }

    private Store openStore() {
        return new Stores(
                        new Surroundings(
                                time,
                                (name, task) -> Thread.ofVirtual().name(name).start(task),
                                ids,
                                (reason, cause) -> {}))
                .memory(disk);
    }

    Accounts accounts() {
        // Sweeps are called for by the tests themselves.
        return new Accounts(
                store, time, (name, task) -> Thread.ofVirtual().unstarted(task), limits);
    }

    /** Power fails; then all is opened again. */
    void crash(Random random) throws IOException {
        disk.crash(random);
        reopen();
    }

    void reopen() throws IOException {
        store = openStore();
        accounts = accounts();
        alice = accounts.open(ALICE);
    }

    long inbox() throws IOException {
        return alice.mailbox(MailboxName.INBOX).orElseThrow().id();
    }

    MailboxView view(long mailboxId) throws IOException {
        return alice.view(mailboxId).orElseThrow();
    }

    static MailboxName name(String path) {
        return MailboxName.parse(path).orElseThrow();
    }

    long mailbox(String path) throws IOException {
        return switch (alice.create(name(path), java.util.Optional.empty())) {
            case MailboxChange.Done(MailboxInfo made) -> made.id();
            case MailboxChange.Refused(MailboxChange.Reason reason) ->
                    throw new IllegalStateException(path + ": " + reason);
        };
    }

    /** Brings text into a blob and hands the message on while the blob may still be held. */
    <R> R message(String text, Flags flags, With<R> with) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try (BlobWriter blob = store.blobs().create()) {
            blob.write(bytes, 0, bytes.length);
            blob.finish();
            Content content =
                    Content.of(blob.id(), bytes.length)
                            .prepend("Return-Path: <>\r\n".getBytes(StandardCharsets.UTF_8));
            return with.use(new NewMessage(content, derived(text), flags, DATE));
        }
    }

    interface With<R> {
        R use(NewMessage message) throws IOException;
    }

    static Derived derived(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Derived(
                bytes, ("Subject: " + text).getBytes(StandardCharsets.UTF_8), keys(text));
    }

    private static ThreadKeys keys(String text) {
        return new ThreadKeys(List.of(text + "@local.test"), text);
    }

    /** Appends a message; returns its UID. */
    long append(long mailboxId, String text, Flags flags) throws IOException {
        Placed placed =
                message(
                        text,
                        flags,
                        m -> alice.append(mailboxId, List.of(m), QuotaLimit.UNLIMITED));
        return ((Placed.Done) placed).to().first();
    }

    Delivered deliver(long queueId, String text, Delivery.Attempt attempt) throws IOException {
        return message(
                text,
                Flags.NONE,
                m ->
                        alice.deliver(
                                new Delivery(
                                        queueId,
                                        0,
                                        Instant.EPOCH.plusSeconds(queueId),
                                        attempt,
                                        m,
                                        List.of(
                                                new Delivery.Target(
                                                        Delivery.Target.INBOX, Flags.NONE)),
                                        new StoryLine(time.now(), "delivered", "done", text))));
    }

    /** What was appended as this text comes back as. */
    String read(Email email) throws IOException {
        ContentReader in = alice.open(email.content());
        byte[] bytes = new byte[(int) email.size()];
        for (int at = 0; at < bytes.length; ) {
            int n = in.read(bytes, at, bytes.length - at);
            if (n < 0) throw new IOException("ends at " + at);
            at += n;
        }
        return new String(bytes, StandardCharsets.UTF_8).substring("Return-Path: <>\r\n".length());
    }

    Email email(long mailboxId, long uid) throws IOException {
        Placement placement = alice.placements(mailboxId, UidSet.of(uid), 1).getFirst();
        return alice.emails(List.of(placement.emailId())).getFirst();
    }

    @Override
    public void close() {
        store.close();
    }

    /** The machine's clocks, the wall clock moved by the test. */
    static final class MovedTime implements Time {
        private final Time system = new SystemTime();
        private volatile Duration moved = Duration.ZERO;

        void move(Duration by) {
            moved = moved.plus(by);
        }

        @Override
        public Instant now() {
            return system.now().plus(moved);
        }

        @Override
        public long nanos() {
            return system.nanos();
        }

        @Override
        public void sleep(Duration duration) {
            system.sleep(duration);
        }

        @Override
        public boolean await(Lock lock, Condition condition, long deadlineNanos) {
            return system.await(lock, condition, deadlineNanos);
        }
    }
}
