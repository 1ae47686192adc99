package mansio.serve.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.Time;
import mansio.net.time.Work;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.state.directory.Account;
import mansio.state.directory.DirectoryEditor;
import mansio.state.directory.Outcome.Done;
import mansio.state.directory.PasswordMaker;
import mansio.state.directory.PasswordSettings;
import mansio.state.directory.StoredDirectory;
import mansio.state.mailbox.Accounts;
import mansio.state.mailbox.MailAccount;
import mansio.state.mailbox.MailLimits;
import mansio.state.mailbox.MailboxName;
import mansio.state.mailbox.Placement;
import mansio.state.password.Argon2Hash;
import mansio.state.password.PasswordHasher;
import mansio.state.queue.Envelope;
import mansio.state.queue.Queue;
import mansio.state.queue.QueueId;
import mansio.state.rewrite.Rewrites;
import mansio.state.store.AccountId;
import mansio.state.store.Content;
import mansio.state.store.ContentReader;
import mansio.state.store.MemoryDisk;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.state.story.Stories;
import mansio.testkit.sim.Seeds;
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;

/** A message from its first byte to the mailbox, with the real rooms, in a simulation. */
class ReceptionTest {
    private static final Address ANNA = Address.parse("anna@example.org");
    private static final long MAX_BYTES = 100_000;

    /** The rooms of one life of the program. */
    private static final class Rooms {
        final Simulation simulation;
        final Store store;
        final StoredDirectory directory;
        final DirectoryEditor editor;
        final Accounts accounts;
        final Queue queue;
        final Inbound inbound;

        Rooms(Simulation simulation, Simulation.Node node, MemoryDisk disk, Time time)
                throws IOException {
            this.simulation = simulation;
            store =
                    new Stores(new Surroundings(time, node, simulation.random(), (_, _) -> {}))
                            .memory(disk);
            directory =
                    StoredDirectory.open(
                            store.partition(PartitionId.DIRECTORY), time, simulation.random());
            PasswordHasher hasher =
                    new PasswordHasher(
                            new Argon2Hash.Costs(8, 1, 1), 64, Work.INLINE, simulation.random());
            PasswordMaker maker =
                    new PasswordMaker(hasher, PasswordSettings.DEFAULT, simulation.random());
            editor = new DirectoryEditor(directory, maker, time, simulation.random());
            accounts = new Accounts(store, time, node, MailLimits.DEFAULT);
            LocalCourier courier = new LocalCourier(accounts, directory, store.blobs(), time);
            queue = new Queue(store, 1, courier, new Queue.Around(time, node));
            inbound =
                    new Inbound(
                            new Inbound.Places(
                                    queue,
                                    store.blobs(),
                                    directory,
                                    directory.returnPaths(),
                                    Rewrites.open(
                                            store.partition(PartitionId.DIRECTORY), directory)),
                            time,
                            simulation.random(),
                            new InboundSettings("mx.example.org", MAX_BYTES, Forwarding.USUAL));
            queue.start();
        }

        AccountId addAnna() throws IOException {
            assertThat(editor.addDomain(Domain.parse("example.org"))).isInstanceOf(Done.class);
            return ((Done<Account>) editor.addAccount(ANNA, Optional.empty())).value().id();
        }

        Transaction transaction(Origin origin) throws IOException {
            Envelope.Source source =
                    new Envelope.Source(
                            "192.0.2.1", "client.example", "ESMTPS", Optional.empty(), "s1");
            Envelope envelope =
                    new Envelope(
                            Optional.of(Address.parse("bob@example.com")),
                            Envelope.Body.SEVEN_BIT,
                            false,
                            source);
            return new Transaction(
                    envelope,
                    origin,
                    List.of(new RoutedRecipient(ANNA, directory.route(ANNA))),
                    Optional.empty());
        }

        Outcome receive(Origin origin, String message) throws IOException {
            try (Reception reception = inbound.begin(transaction(origin))) {
                byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
                for (int at = 0; at < bytes.length; at += 7) {
                    reception.write(bytes, at, Math.min(7, bytes.length - at));
                }
                return reception.finish();
            }
        }

        List<String> inbox(AccountId id) throws IOException {
            MailAccount account = accounts.open(id);
            var view =
                    account.view(account.mailbox(MailboxName.INBOX).orElseThrow().id())
                            .orElseThrow();
            List<String> messages = new ArrayList<>();
            for (Placement placement : account.placements(view.mailboxId(), view.uids(), 1000)) {
                messages.add(
                        text(account.emails(List.of(placement.emailId())).getFirst().content()));
            }
            return messages;
        }

        private String text(Content content) throws IOException {
            ContentReader in = new ContentReader(store.blobs(), content);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] chunk = new byte[1000];
            for (int n = in.read(chunk, 0, 1000); n >= 0; n = in.read(chunk, 0, 1000))
                bytes.write(chunk, 0, n);
            return bytes.toString(StandardCharsets.UTF_8);
        }
    }

    /** Kills the program at one of the moments when it looks at the clock: between its steps. */
    private static final class DeadlyTime implements Time {
        private final Simulation simulation;
        private final Simulation.Node node;
        private int looksLeft;

        DeadlyTime(Simulation simulation, Simulation.Node node) {
            this.simulation = simulation;
            this.node = node;
            this.looksLeft = simulation.random().nextInt(1, 80);
        }

        @Override
        public Instant now() {
            if (--looksLeft == 0) node.kill();
            return simulation.time().now();
        }

        @Override
        public long nanos() {
            return simulation.time().nanos();
        }

        @Override
        public void sleep(Duration duration) {
            simulation.time().sleep(duration);
        }

        @Override
        public boolean await(Lock lock, Condition condition, long deadlineNanos) {
            return simulation.time().await(lock, condition, deadlineNanos);
        }
    }

    private static Rooms rooms(Simulation simulation) throws IOException {
        return new Rooms(
                simulation, simulation.node("mansio"), new MemoryDisk(), simulation.time());
    }

    @Test
    void aMessageArrivesByteForByteBehindItsTraceFields() {
        Simulation.run(
                1,
                simulation -> {
                    Rooms rooms = rooms(simulation);
                    AccountId anna = rooms.addAnna();
                    String message = "From: bob@example.com\r\nSubject: hi\r\n\r\n.\r\nbody\r\n";
                    Outcome.Accepted accepted =
                            (Outcome.Accepted) rooms.receive(new Origin.Outside(), message);
                    simulation.time().sleep(Duration.ofSeconds(1));
                    assertThat(rooms.inbox(anna))
                            .hasSize(1)
                            .first()
                            .asString()
                            .startsWith(
                                    "Return-Path: <bob@example.com>\r\n"
                                            + "Received: from client.example ([192.0.2.1])\r\n"
                                            + "\tby mx.example.org with ESMTPS id "
                                            + accepted.id()
                                            + "\r\n"
                                            + "\tfor <anna@example.org>;\r\n\tThu, 1 Jan 2026 ")
                            .endsWith("+0000\r\n" + message);
                    assertThat(rooms.queue.list(Queue.FIRST, 10)).isEmpty();
                });
    }

    @Test
    void whatBeginsWithWhiteSpaceDoesNotGetIntoOurFields() {
        Simulation.run(
                1,
                simulation -> {
                    Rooms rooms = rooms(simulation);
                    AccountId anna = rooms.addAnna();
                    String message = " dmarc=pass\r\nFrom: bob@example.com\r\n\r\nx\r\n";
                    rooms.receive(new Origin.Lmtp(), message);
                    simulation.time().sleep(Duration.ofSeconds(1));
                    assertThat(rooms.inbox(anna))
                            .hasSize(1)
                            .first()
                            .asString()
                            .endsWith(" +0000\r\n\r\n" + message);
                });
    }

    @Test
    void whoSubmitsGetsDateAndMessageIdAddedWhenTheyAreMissing() {
        Simulation.run(
                2,
                simulation -> {
                    Rooms rooms = rooms(simulation);
                    AccountId anna = rooms.addAnna();
                    Origin by = new Origin.Submission(anna, false);
                    assertThat(rooms.receive(by, "From: anna@example.org\r\n\r\nx\r\n"))
                            .isInstanceOf(Outcome.Accepted.class);
                    String whole =
                            "From: anna@example.org\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\n"
                                    + "Message-ID: <1@example.org>\r\n\r\nx\r\n";
                    assertThat(rooms.receive(by, whole)).isInstanceOf(Outcome.Accepted.class);
                    simulation.time().sleep(Duration.ofSeconds(1));
                    List<String> inbox = rooms.inbox(anna);
                    assertThat(inbox).hasSize(2);
                    String repaired =
                            inbox.stream()
                                    .filter(text -> !text.contains("<1@example.org>"))
                                    .findFirst()
                                    .orElseThrow();
                    String untouched =
                            inbox.stream()
                                    .filter(text -> text.contains("<1@example.org>"))
                                    .findFirst()
                                    .orElseThrow();
                    assertThat(repaired)
                            .containsPattern(
                                    "\r\n"
                                            + "Date: [^\r"
                                            + "]*\r\n"
                                            + "Message-ID: <[^>]*@mx.example.org>\r\n"
                                            + "From: ");
                    assertThat(untouched).endsWith("+0000\r\n" + whole).containsOnlyOnce("Date:");
                });
    }

    /** RFC 8601 section 5: results in our name are ours alone. */
    @Test
    void whoSubmitsCannotSayWhatWeFound() {
        Simulation.run(
                2,
                simulation -> {
                    Rooms rooms = rooms(simulation);
                    AccountId anna = rooms.addAnna();
                    String forged = "Authentication-Results: mx.example.org; dkim=pass\r\n";
                    String other = "Authentication-Results: mx.example.net; dkim=pass\r\n";
                    String rest =
                            "From: anna@example.org\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\n"
                                    + "Message-ID: <1@example.org>\r\n\r\nx\r\n";
                    rooms.receive(new Origin.Submission(anna, false), other + forged + rest);
                    simulation.time().sleep(Duration.ofSeconds(1));
                    assertThat(rooms.inbox(anna))
                            .singleElement()
                            .asString()
                            .endsWith("+0000\r\n" + other + rest);
                });
    }

    @Test
    void whoSubmitsCannotSendAsSomebodyElse() {
        Simulation.run(
                3,
                simulation -> {
                    Rooms rooms = rooms(simulation);
                    Origin by = new Origin.Submission(rooms.addAnna(), false);
                    assertThat(rooms.receive(by, "From: ceo@example.com\r\n\r\nx\r\n"))
                            .isEqualTo(new Outcome.Refused(Refusal.NOT_YOURS));
                    assertThat(
                                    rooms.receive(
                                            by,
                                            "From: anna@example.org\r\n"
                                                    + "Sender: ceo@example.com\r\n\r\n"
                                                    + "x\r\n"))
                            .isEqualTo(new Outcome.Refused(Refusal.NOT_YOURS));
                    assertThat(
                                    rooms.receive(
                                            by,
                                            "From: anna@example.org\r\n"
                                                    + "From: ceo@example.com\r\n\r\n"
                                                    + "x\r\n"))
                            .isEqualTo(new Outcome.Refused(Refusal.AUTHOR_UNCLEAR));
                    assertThat(rooms.receive(by, "Subject: none\r\n\r\nx\r\n"))
                            .isEqualTo(new Outcome.Refused(Refusal.AUTHOR_UNCLEAR));
                });
    }

    /** What cannot be read is not looked over. */
    @Test
    void everyAuthorAndSenderIsChecked() {
        Simulation.run(
                7,
                simulation -> {
                    Rooms rooms = rooms(simulation);
                    Origin by = new Origin.Submission(rooms.addAnna(), false);
                    String own = "From: anna@example.org\r\n";
                    for (String fields :
                            List.of(
                                    own + "Sender: the boss\r\n",
                                    own + "Sender:\r\n",
                                    own + "Sender: boss: ceo@example.com;\r\n",
                                    own + "Sender: <@anna.example:ceo@example.com>\r\n",
                                    own + "Sender: anna@example.org\r\nSender: ceo@example.com\r\n",
                                    own + "Sender: anna@example.org (x) ceo@example.com\r\n",
                                    "From: anna@example.org, ceo@example.com\r\n",
                                    "From: anna@example.org, the boss\r\n",
                                    "From: anna@example.org, <ceo@bank@example.com>\r\n",
                                    "From: anna@example.org"
                                            + ", anna@example.org".repeat(200)
                                            + ", ceo@example.com\r\n",
                                    "From: anna@example.org"
                                            + ",\r\n anna@example.org".repeat(2_000)
                                            + ",\r\n ceo@example.com\r\n")) {
                        assertThat(rooms.receive(by, fields + "\r\nx\r\n"))
                                .as(fields.substring(Math.max(0, fields.length() - 60)))
                                .isInstanceOf(Outcome.Refused.class);
                    }
                    assertThat(
                                    rooms.receive(
                                            by,
                                            own + "Sender: Anna <anna@example.org>\r\n\r\nx\r\n"))
                            .isInstanceOf(Outcome.Accepted.class);
                    assertThat(
                                    rooms.receive(
                                            by,
                                            "From: anna@example.org, anna+x@example.org\r\n"
                                                    + "Sender: anna@example.org\r\n\r\nx\r\n"))
                            .isInstanceOf(Outcome.Accepted.class);
                });
    }

    @Test
    void theLimitOfSizeIsTheLimit() {
        Simulation.run(
                4,
                simulation -> {
                    Rooms rooms = rooms(simulation);
                    rooms.addAnna();
                    String head = "From: bob@example.com\r\n\r\n";
                    String largest = head + "x".repeat((int) MAX_BYTES - head.length());
                    assertThat(rooms.receive(new Origin.Outside(), largest))
                            .isInstanceOf(Outcome.Accepted.class);
                    assertThat(rooms.receive(new Origin.Outside(), largest + "x"))
                            .isEqualTo(new Outcome.Refused(Refusal.TOO_LARGE));
                });
    }

    @Test
    void aHundredReceivedFieldsAreALoop() {
        Simulation.run(
                5,
                simulation -> {
                    Rooms rooms = rooms(simulation);
                    rooms.addAnna();
                    String hop = "Received: from a by b; Thu, 1 Jan 2026 00:00:00 +0000\r\n";
                    assertThat(rooms.receive(new Origin.Outside(), hop.repeat(99) + "\r\nx\r\n"))
                            .isInstanceOf(Outcome.Accepted.class);
                    assertThat(rooms.receive(new Origin.Outside(), hop.repeat(100) + "\r\nx\r\n"))
                            .isEqualTo(new Outcome.Refused(Refusal.LOOP));
                });
    }

    @Test
    void theMailOfAVanishedAccountGoesToThePostmaster() {
        Simulation.run(
                6,
                simulation -> {
                    Rooms rooms = rooms(simulation);
                    AccountId anna = rooms.addAnna();
                    Address ben = Address.parse("ben@example.org");
                    assertThat(rooms.editor.addAccount(ben, Optional.empty()))
                            .isInstanceOf(Done.class);
                    Transaction transaction =
                            new Transaction(
                                    rooms.transaction(new Origin.Outside()).envelope(),
                                    new Origin.Outside(),
                                    List.of(new RoutedRecipient(ben, rooms.directory.route(ben))),
                                    Optional.empty());
                    assertThat(rooms.editor.removeAccount(ben)).isInstanceOf(Done.class);
                    try (Reception reception = rooms.inbound.begin(transaction)) {
                        byte[] bytes =
                                "Subject: for ben\r\n\r\nx\r\n".getBytes(StandardCharsets.UTF_8);
                        reception.write(bytes, 0, bytes.length);
                        assertThat(reception.finish()).isInstanceOf(Outcome.Accepted.class);
                    }
                    simulation.time().sleep(Duration.ofSeconds(1));
                    assertThat(rooms.inbox(anna))
                            .hasSize(1)
                            .first()
                            .asString()
                            .contains("Subject: for ben");
                });
    }

    @Test
    void aReceiptIsDroppedADayAfterItsEntryIsGone() {
        Simulation.run(
                7,
                simulation -> {
                    Rooms rooms = rooms(simulation);
                    AccountId anna = rooms.addAnna();
                    Stories stories =
                            new Stories(
                                    Queue.shardPartitions(rooms.store, 1),
                                    simulation.time(),
                                    Duration.ofDays(30));
                    Upkeep upkeep =
                            Upkeep.start(
                                    new Upkeep.Kept(
                                            rooms.store,
                                            rooms.directory,
                                            rooms.accounts,
                                            rooms.queue,
                                            stories),
                                    simulation.time(),
                                    simulation.threads());
                    QueueId id =
                            ((Outcome.Accepted)
                                            rooms.receive(
                                                    new Origin.Outside(), "Subject: x\r\n\r\n"))
                                    .id();
                    simulation.time().sleep(Duration.ofHours(23));
                    MailAccount account = rooms.accounts.open(anna);
                    assertThat(account.receipt(id.value(), id.madeAt())).isPresent();
                    simulation.time().sleep(Duration.ofHours(3));
                    assertThat(account.receipt(id.value(), id.madeAt())).isEmpty();
                    upkeep.close();
                });
    }

    @Test
    void mailOfARemovedAccountIsErasedThoughACrashCameBetween() {
        Simulation.run(
                8,
                simulation -> {
                    MemoryDisk disk = new MemoryDisk();
                    Simulation.Node node = simulation.node("first");
                    Rooms first = new Rooms(simulation, node, disk, simulation.time());
                    AccountId anna = first.addAnna();
                    first.accounts.open(anna);
                    assertThat(first.editor.removeAccount(ANNA)).isInstanceOf(Done.class);
                    node.kill(); // Before its mail was erased.
                    disk.crash(simulation.random());

                    Rooms rooms =
                            new Rooms(
                                    simulation, simulation.node("second"), disk, simulation.time());
                    assertThat(rooms.store.partitions(PartitionId.Kind.ACCOUNT, 0, 10))
                            .containsExactly(anna.partition());
                    Stories stories =
                            new Stories(
                                    Queue.shardPartitions(rooms.store, 1),
                                    simulation.time(),
                                    Duration.ofDays(30));
                    Upkeep upkeep =
                            Upkeep.start(
                                    new Upkeep.Kept(
                                            rooms.store,
                                            rooms.directory,
                                            rooms.accounts,
                                            rooms.queue,
                                            stories),
                                    simulation.time(),
                                    simulation.threads());
                    simulation.time().sleep(Duration.ofMinutes(61));
                    rooms.store.sweep();
                    assertThat(rooms.store.partitions(PartitionId.Kind.ACCOUNT, 0, 10)).isEmpty();
                    assertThat(rooms.directory.toErase()).isEmpty();
                    upkeep.close();
                });
    }

    @Test
    void whatWasAcceptedIsThereOnceAfterEachCrash() {
        Seeds.of(20).forEach(seed -> Simulation.run(seed, this::livesThatCrash));
    }

    private void livesThatCrash(Simulation simulation) throws Exception {
        MemoryDisk disk = new MemoryDisk();
        List<String> accepted = new ArrayList<>();
        Simulation.Node first = simulation.node("first");
        AccountId anna = new Rooms(simulation, first, disk, simulation.time()).addAnna();
        first.kill();
        for (int life = 0; life < 6; life++) {
            Simulation.Node node = simulation.node("life" + life);
            int number = life;
            node.start(
                    "receives",
                    () -> receiveMany(simulation, node, disk, "life" + number, accepted));
            simulation.time().sleep(Duration.ofMillis(simulation.random().nextInt(1, 2000)));
            node.kill();
            disk.crash(simulation.random());
        }
        Rooms last = new Rooms(simulation, simulation.node("last"), disk, simulation.time());
        simulation.time().sleep(Duration.ofMinutes(5));
        List<String> subjects =
                last.inbox(anna).stream()
                        .map(
                                text ->
                                        text.substring(
                                                text.indexOf("Subject: ") + 9,
                                                text.indexOf("\r\n\r\n")))
                        .toList();
        assertThat(subjects).doesNotHaveDuplicates().containsAll(accepted);
        assertThat(accepted).isNotEmpty();
    }

    private static void receiveMany(
            Simulation simulation,
            Simulation.Node node,
            MemoryDisk disk,
            String life,
            List<String> accepted) {
        try {
            Rooms rooms = new Rooms(simulation, node, disk, new DeadlyTime(simulation, node));
            for (int i = 0; ; i++) {
                String subject = life + "-" + i;
                Outcome outcome =
                        rooms.receive(
                                new Origin.Outside(), "Subject: " + subject + "\r\n\r\nx\r\n");
                assertThat(outcome).isInstanceOf(Outcome.Accepted.class);
                accepted.add(subject);
                simulation.time().sleep(Duration.ofMillis(simulation.random().nextInt(30)));
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
