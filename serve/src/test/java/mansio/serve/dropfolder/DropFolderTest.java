package mansio.serve.dropfolder;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.Time;
import mansio.net.time.Work;
import mansio.serve.inbound.Forwarding;
import mansio.serve.inbound.Inbound;
import mansio.serve.inbound.InboundSettings;
import mansio.serve.inbound.LocalCourier;
import mansio.state.directory.Account;
import mansio.state.directory.AliasEditor;
import mansio.state.directory.AliasInfo;
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
import mansio.state.queue.Queue;
import mansio.state.queue.QueueEntry;
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
import mansio.testkit.sim.Simulation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.stream.Stream;

/** Files in, messages out, with the real rooms in a simulation and a folder of the test's own. */
class DropFolderTest {
    private static final Domain DOMAIN = Domain.parse("example.org");
    private static final Address ANNA = Address.parse("anna@example.org");
    private static final long MAX_BYTES = 5 << 20;

    @TempDir Path place;

    private Path drop() {
        return place.resolve("drop");
    }

    /** The rooms of one life of the program. */
    private final class Rooms {
        final Simulation simulation;
        final Store store;
        final StoredDirectory directory;
        final DirectoryEditor editor;
        final Accounts accounts;
        final Queue queue;
        final DropFolder folder;

        Rooms(Simulation simulation, Simulation.Node node, MemoryDisk disk, int perHour)
                throws IOException {
            this(simulation, node, disk, perHour, simulation.time());
        }

        Rooms(Simulation simulation, Simulation.Node node, MemoryDisk disk, int perHour, Time time)
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
            Inbound inbound =
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
            Stories stories =
                    new Stories(Queue.shardPartitions(store, 1), time, Duration.ofDays(30));
            folder =
                    DropFolder.open(
                            settings(perHour),
                            new DropFolder.Places(inbound, queue, stories, directory),
                            name -> !name.equals("nosuch"),
                            time);
            queue.start();
        }

        AccountId addAnna() throws IOException {
            assertThat(editor.addDomain(DOMAIN)).isInstanceOf(Done.class);
            return ((Done<Account>) editor.addAccount(ANNA, Optional.empty())).value().id();
        }

        List<String> inbox(AccountId id) throws IOException {
            simulation.time().sleep(Duration.ofSeconds(1));
            MailAccount account = accounts.open(id);
            var view =
                    account.view(account.mailbox(MailboxName.INBOX).orElseThrow().id())
                            .orElseThrow();
            List<String> messages = new ArrayList<>();
            for (Placement placement : account.placements(view.mailboxId(), view.uids(), 1000))
                messages.add(
                        text(account.emails(List.of(placement.emailId())).getFirst().content()));
            return messages;
        }

        private String text(Content content) throws IOException {
            ContentReader in = new ContentReader(store.blobs(), content);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            byte[] chunk = new byte[1000];
            for (int n = in.read(chunk, 0, 1000); n >= 0; n = in.read(chunk, 0, 1000))
                bytes.write(chunk, 0, n);
            return bytes.toString(UTF_8);
        }
    }

    /** Kills the program at one of the moments when it looks at a clock: between its steps. */
    private static final class DeadlyTime implements Time {
        private final Simulation simulation;
        private final Simulation.Node node;
        private int looksLeft;

        DeadlyTime(Simulation simulation, Simulation.Node node) {
            this.simulation = simulation;
            this.node = node;
            this.looksLeft = simulation.random().nextInt(1, 80);
        }

        private void look() {
            if (--looksLeft == 0) node.kill();
        }

        @Override
        public Instant now() {
            look();
            return simulation.time().now();
        }

        @Override
        public long nanos() {
            look();
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

    private DropSettings settings(int perHour) {
        return new DropSettings(
                drop(),
                Domain.parse("mx.example.org"),
                Optional.empty(),
                Optional.empty(),
                Set.of("root", "trusted"),
                perHour);
    }

    private Rooms rooms(Simulation simulation) throws IOException {
        return new Rooms(simulation, simulation.node("mansio"), new MemoryDisk(), 1_000_000);
    }

    private Path put(String name, String text) throws IOException {
        return Files.writeString(drop().resolve(name), text);
    }

    private static String file(String head, String message) {
        return "mansio-drop 1\n" + head + "message\n" + message;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.walk(drop())) {
            return all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .map(path -> path.getFileName().toString())
                    .filter(name -> !name.equals(".size-limit"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aFileBecomesAMessage() {
        Simulation.run(
                1,
                simulation -> {
                    Rooms rooms = rooms(simulation);
                    AccountId anna = rooms.addAnna();
                    put(
                            "new.1",
                            file(
                                    "name Anna\nfrom-header yes\n",
                                    "To: ANNA\nBcc: else@example.com\nSubject: hi\n\nGrüße\n.\n"));
                    put("tmp.2", file("to anna\n", "not yet whole"));
                    rooms.folder.round();
                    assertThat(names()).containsExactly("tmp.2");
                    assertThat(rooms.inbox(anna))
                            .singleElement()
                            .asString()
                            .startsWith("Return-Path: <")
                            .contains("@local userid ", "\r\nDate: ", "\r\nMessage-ID: <")
                            .contains("To: ANNA@example.org\r\nSubject: hi\r\nFrom: Anna <")
                            .contains("Content-Transfer-Encoding: 8bit\r\n\r\nGrüße\r\n.\r\n")
                            .doesNotContain("Bcc", "else@example.com");
                    QueueEntry left = rooms.queue.list(Queue.FIRST, 10).getFirst();
                    assertThat(left.recipients())
                            .anyMatch(to -> to.forwardPath().toString().equals("else@example.com"));
                });
    }

    @Test
    void theFolderLetsOthersPutFilesInAndNothingElse() {
        Simulation.run(
                2,
                simulation -> {
                    Files.createDirectory(drop());
                    rooms(simulation);
                    assertThat((Integer) Files.getAttribute(drop(), "unix:mode") & 07777)
                            .isEqualTo(03733);
                    Path taken = drop().resolve(".taken");
                    assertThat((Integer) Files.getAttribute(taken, "unix:mode") & 0777)
                            .isEqualTo(0700);
                    assertThat(Files.readString(drop().resolve(".size-limit")))
                            .isEqualTo(MAX_BYTES + "\n");
                });
    }

    @Test
    void whatIsNoPlainFileIsRemovedUnread() throws Exception {
        Files.createDirectory(drop());
        ProcessBuilder mkfifo = new ProcessBuilder("mkfifo", drop() + "/new.4");
        assertThat(mkfifo.start().waitFor()).isZero();
        Simulation.run(
                3,
                simulation -> {
                    Rooms rooms = rooms(simulation);
                    AccountId anna = rooms.addAnna();
                    Path secret =
                            Files.writeString(place.resolve("secret"), file("to anna\n", "s3cret"));
                    Files.createSymbolicLink(drop().resolve("new.1"), secret);
                    Files.createLink(drop().resolve("new.2"), secret);
                    Files.createDirectory(drop().resolve("new.3"));
                    put("new.5", "no drop file at all");
                    put("new.6", file("to anna\n", "honest\n"));
                    rooms.folder.round();
                    assertThat(rooms.inbox(anna)).singleElement().asString().contains("honest");
                    assertThat(names()).isEmpty();
                    assertThat(secret).exists();
                });
    }

    @Test
    void whoeverCannotBeReachedIsToldToTheUser() {
        Simulation.run(
                4,
                simulation -> {
                    Rooms rooms = rooms(simulation);
                    AccountId anna = rooms.addAnna(); // The postmaster as well.
                    put("new.1", file("to nosuch@example.org\nto anna\n", "Subject: x\n\ny"));
                    put(
                            "new.2",
                            file(
                                    "from-header yes\n",
                                    "Subject: =?utf-8?q?no=0Dbo?= d\u0007y\n\ny"));
                    put("new.3", file("to anna\n", "Subject: big\n\n" + "x".repeat(16 << 20)));
                    rooms.folder.round();
                    List<String> inbox = rooms.inbox(anna);
                    assertThat(inbox).hasSize(4);
                    assertThat(inbox)
                            .filteredOn(it -> it.contains("Your mail was not sent"))
                            .hasSize(3)
                            .allMatch(it -> it.startsWith("Return-Path: <>"))
                            .anyMatch(it -> it.contains("nosuch@example.org: there is nobody"))
                            .anyMatch(
                                    it ->
                                            it.contains(
                                                    "Final-Recipient: rfc822; nosuch@example.org"
                                                            + "\r\nAction: failed\r\n"
                                                            + "Status: 5.1.1\r\n"))
                            .anyMatch(
                                    it ->
                                            it.contains(
                                                    "Final-Recipient: x-local; anna\r\n"
                                                            + "Action: failed\r\n"
                                                            + "Status: 5.3.4\r\n"))
                            .allMatch(it -> it.contains("multipart/report;"))
                            .anyMatch(it -> it.contains("text/rfc822-headers"))
                            .anyMatch(it -> it.contains("\r\nSubject: x\r\n\r\n--report."))
                            .anyMatch(it -> it.contains("It has no recipients."))
                            .anyMatch(it -> it.contains("\r\nIts subject: no bo d y\r\n"))
                            .anyMatch(it -> it.contains("larger than this server takes"));
                    assertThat(names()).isEmpty();
                });
    }

    @Test
    void aUserWhoSendsTooMuchWaits() {
        assertThat(System.getProperty("user.name")).isNotNull();
        Simulation.run(
                5,
                simulation -> {
                    Rooms rooms =
                            new Rooms(simulation, simulation.node("mansio"), new MemoryDisk(), 3);
                    AccountId anna = rooms.addAnna();
                    boolean root = (Integer) Files.getAttribute(drop(), "unix:uid") == 0;
                    for (int i = 0; i < 60; i++) {
                        Path file = put("new." + i, file("to anna\n", "x"));
                        // Root has no limit: these are another user's.
                        if (root) Files.setAttribute(file, "unix:uid", 65_534);
                    }
                    rooms.folder.round();
                    assertThat(rooms.inbox(anna)).hasSize(3);
                    rooms.folder.round();
                    assertThat(rooms.inbox(anna)).hasSize(3);
                    simulation.time().sleep(Duration.ofHours(1));
                    rooms.folder.round();
                    assertThat(rooms.inbox(anna)).hasSize(6);
                    if (!root) return;
                    // Root has none, but has its turn as others have.
                    for (int i = 0; i < 60; i++) put("new.r" + i, file("to anna\n", "x"));
                    rooms.folder.round();
                    assertThat(rooms.inbox(anna)).hasSize(56);
                    rooms.folder.round();
                    assertThat(rooms.inbox(anna)).hasSize(66);
                });
    }

    @Test
    void whatNobodyFinishedIsRemovedAfterADay() {
        Simulation.run(
                6,
                simulation -> {
                    Rooms rooms = rooms(simulation);
                    Path file = put("tmp.1", "x");
                    Files.setLastModifiedTime(
                            file, java.nio.file.attribute.FileTime.from(simulation.time().now()));
                    simulation.time().sleep(Duration.ofHours(23));
                    rooms.folder.round();
                    assertThat(names()).containsExactly("tmp.1");
                    simulation.time().sleep(Duration.ofHours(2));
                    rooms.folder.round();
                    assertThat(names()).isEmpty();
                });
    }

    @Test
    void aFileWhoseMessageTheQueueHadIsNotTakenAgain() {
        Simulation.run(
                7,
                simulation -> {
                    MemoryDisk disk = new MemoryDisk();
                    Simulation.Node node = simulation.node("first");
                    Rooms first = new Rooms(simulation, node, disk, 1000);
                    AccountId anna = first.addAnna();
                    String text = file("to anna\n", "Subject: once\n\n");
                    put("new.1", text);
                    first.folder.round();
                    String received = first.inbox(anna).getFirst();
                    QueueId id =
                            QueueId.parse(
                                            received.replaceAll(
                                                    "(?s).*?\\sid ([0-9a-z]{13}).*", "$1"))
                                    .orElseThrow();
                    node.kill();
                    disk.crash(simulation.random());
                    // As if the program had died before it removed the file; and another, before
                    // it was accepted.
                    Files.writeString(drop().resolve(".taken").resolve(id.toString()), text);
                    put(".taken/0000000000001", file("to anna\n", "Subject: two\n\n"));

                    Rooms second = new Rooms(simulation, simulation.node("second"), disk, 1000);
                    second.folder.round();
                    List<String> inbox = second.inbox(anna);
                    assertThat(inbox).hasSize(2);
                    assertThat(inbox).filteredOn(it -> it.contains("Subject: once")).hasSize(1);
                    assertThat(names()).isEmpty();
                });
    }

    @Test
    void eachFileArrivesOnceThroughManyCrashes() {
        for (long seed = 20; seed < 50; seed++) Simulation.run(seed, this::livesThatCrash);
    }

    private void livesThatCrash(Simulation simulation) throws Exception {
        MemoryDisk disk = new MemoryDisk();
        AccountId anna = new Rooms(simulation, simulation.node("first"), disk, 1_000_000).addAnna();
        for (int life = 0; life < 5; life++) {
            for (int i = 0; i < 5; i++)
                put("new." + life + i, file("to anna\n", "Subject: m" + life + i + ".\n\n"));
            Simulation.Node node = simulation.node("life" + life);
            node.start(
                    "life",
                    () -> {
                        try {
                            Time time = new DeadlyTime(simulation, node);
                            new Rooms(simulation, node, disk, 1_000_000, time).folder.start(node);
                        } catch (IOException e) {
                            throw new java.io.UncheckedIOException(e);
                        }
                    });
            simulation.time().sleep(Duration.ofSeconds(2));
            node.kill();
            disk.crash(simulation.random());
        }
        Rooms last = new Rooms(simulation, simulation.node("last"), disk, 1_000_000);
        last.folder.round();
        last.folder.round();
        List<String> inbox = last.inbox(anna);
        for (int life = 0; life < 5; life++) {
            for (int i = 0; i < 5; i++) {
                String subject = "Subject: m" + life + i + ".";
                assertThat(inbox).filteredOn(it -> it.contains(subject)).as(subject).hasSize(1);
            }
        }
        assertThat(names()).isEmpty();
    }

    @Test
    void whoMaySendAsWhom() {
        Simulation.run(
                8,
                simulation -> {
                    Rooms rooms = rooms(simulation);
                    rooms.addAnna();
                    Address shop = Address.parse("shop@example.org");
                    AliasInfo alias = new AliasInfo(shop, List.of(ANNA));
                    assertThat(new AliasEditor(rooms.directory).add(alias))
                            .isInstanceOf(Done.class);
                    Names names = new Names(settings(1), rooms.directory, _ -> true, it -> it);
                    var anna = new Dropped.User("anna", 1000);
                    var www = new Dropped.User("www-data", 33);
                    var trusted = new Dropped.User("trusted", 1001);
                    var root = new Dropped.User("root", 0);
                    // Own addresses; of who has none, the postmaster's, where a report is read.
                    assertThat(sender(names, anna, null)).isEqualTo("anna@example.org");
                    assertThat(sender(names, www, null)).isEqualTo("postmaster@example.org");
                    // What was asked for, when it is theirs.
                    assertThat(sender(names, anna, "shop@example.org"))
                            .isEqualTo("shop@example.org");
                    assertThat(sender(names, anna, "anna+x")).isEqualTo("anna+x@example.org");
                    assertThat(sender(names, anna, "<>")).isEqualTo("<>");
                    assertThat(sender(names, www, "W <www-data@mx.example.org>"))
                            .isEqualTo("www-data@mx.example.org");
                    assertThat(sender(names, root, "any@example.org")).isEqualTo("any@example.org");
                    assertThat(sender(names, trusted, "any@example.org"))
                            .isEqualTo("any@example.org");
                    // And not otherwise.
                    assertThat(sender(names, www, "anna@example.org"))
                            .isEqualTo("postmaster@example.org, changed");
                    assertThat(sender(names, anna, "www-data@example.org"))
                            .isEqualTo("anna@example.org, changed");
                    assertThat(sender(names, root, "ceo@example.com"))
                            .isEqualTo("root@example.org, changed");
                    assertThat(sender(names, anna, "not an address"))
                            .isEqualTo("anna@example.org, changed");
                });
    }

    private static String sender(
            Names names, Dropped.User user, @org.jspecify.annotations.Nullable String asked)
            throws IOException {
        Names.Sender sender = names.sender(user, Optional.ofNullable(asked));
        return sender.reversePath().map(Object::toString).orElse("<>")
                + (sender.note().isPresent() ? ", changed" : "");
    }

    @Test
    void mailOfUsersWithoutAddressGoesToTheAdmin() {
        Simulation.run(
                9,
                simulation -> {
                    Rooms rooms = rooms(simulation);
                    Address ops = Address.parse("ops@example.com");
                    DropSettings with =
                            new DropSettings(
                                    drop(),
                                    Domain.parse("host.example.net"),
                                    Optional.empty(),
                                    Optional.of(ops),
                                    Set.of(),
                                    1);
                    Names names =
                            new Names(with, rooms.directory, name -> name.equals("root"), it -> it);
                    // No domain is ours: a machine that only sends.
                    assertThat(
                                    names.recipients(List.of("root, \\root, bob, x@example.com"))
                                            .routed())
                            .extracting(it -> it.forwardPath().toString())
                            .containsExactly(
                                    "ops@example.com", "bob@host.example.net", "x@example.com");
                    rooms.addAnna();
                    Names ours =
                            new Names(
                                    with,
                                    rooms.directory,
                                    name -> name.equals("www-data"),
                                    it -> it);
                    assertThat(ours.domain()).isEqualTo(DOMAIN);
                    Names.Recipients found = ours.recipients(List.of("root, www-data, anna, bob"));
                    assertThat(found.routed())
                            .extracting(it -> it.forwardPath().toString())
                            .containsExactly(
                                    "root@example.org", "ops@example.com", "anna@example.org");
                    assertThat(found.unknown()).singleElement().asString().startsWith("bob: ");
                });
    }
}
