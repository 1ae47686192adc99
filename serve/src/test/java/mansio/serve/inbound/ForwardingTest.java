package mansio.serve.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.VirtualThreads;
import mansio.net.time.Work;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.state.directory.Account;
import mansio.state.directory.AliasEditor;
import mansio.state.directory.AliasInfo;
import mansio.state.directory.DirectoryEditor;
import mansio.state.directory.PasswordMaker;
import mansio.state.directory.PasswordSettings;
import mansio.state.directory.Route;
import mansio.state.directory.StoredDirectory;
import mansio.state.mailbox.Accounts;
import mansio.state.mailbox.MailLimits;
import mansio.state.password.Argon2Hash;
import mansio.state.password.PasswordHasher;
import mansio.state.queue.Action;
import mansio.state.queue.Envelope;
import mansio.state.queue.Queue;
import mansio.state.queue.QueueEntry;
import mansio.state.store.ContentReader;
import mansio.state.store.MemoryDisk;
import mansio.state.store.PartitionId;
import mansio.state.store.Store;
import mansio.state.store.Stores;
import mansio.state.store.Surroundings;
import mansio.testkit.time.FakeTime;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What leaves by an alias: reverse-paths, bytes, loops. The queue is not started. */
class ForwardingTest {
    private static final Origin OUTSIDE = new Origin.Outside();
    private static final String MESSAGE =
            "From: bob@far.example\r\nSubject: t\r\n\r\nBody  \r\n\tof \u00e4ll bytes\r\n";

    private final FakeTime time = new FakeTime();
    private final Random random = new Random(4);
    private final VirtualThreads threads = new VirtualThreads();
    private final Store store =
            new Stores(new Surroundings(time, threads, random, (_, _) -> {}))
                    .memory(new MemoryDisk());
    private StoredDirectory directory;
    private Queue queue;
    private Account anna;

    @BeforeEach
    void people() throws IOException {
        directory = StoredDirectory.open(store.partition(PartitionId.DIRECTORY), time, random);
        PasswordMaker maker =
                new PasswordMaker(
                        new PasswordHasher(new Argon2Hash.Costs(8, 1, 1), 64, Work.INLINE, random),
                        PasswordSettings.DEFAULT,
                        random);
        DirectoryEditor editor = new DirectoryEditor(directory, maker, time, random);
        done(editor.addDomain(Domain.parse("example.org")));
        anna = done(editor.addAccount(Address.parse("anna@example.org"), Optional.empty()));
        AliasEditor aliases = new AliasEditor(directory);
        done(
                aliases.add(
                        new AliasInfo(
                                Address.parse("far@example.org"),
                                List.of(Address.parse("carl@far.example")))));
        Accounts accounts = new Accounts(store, time, threads, MailLimits.DEFAULT);
        LocalCourier courier = new LocalCourier(accounts, directory, store.blobs(), time);
        queue = new Queue(store, 1, courier, new Queue.Around(time, threads));
    }

    @AfterEach
    void close() {
        queue.close();
        store.close();
    }

    private static <T> T done(mansio.state.directory.Outcome<T> outcome) {
        assertThat(outcome).isInstanceOf(mansio.state.directory.Outcome.Done.class);
        return ((mansio.state.directory.Outcome.Done<T>) outcome).value();
    }

    private Outcome receive(Forwarding settings, Mail mail, String message) throws IOException {
        Inbound inbound =
                new Inbound(
                        new Inbound.Places(
                                queue, store.blobs(), directory, directory.returnPaths()),
                        time,
                        random,
                        new InboundSettings("mx.example.org", 100_000, settings));
        Envelope.Source source =
                new Envelope.Source("192.0.2.1", "x.example", "ESMTP", Optional.empty(), "s1");
        Transaction transaction =
                new Transaction(
                        new Envelope(mail.from, Envelope.Body.EIGHT_BIT_MIME, false, source),
                        mail.origin,
                        List.of(new RoutedRecipient(mail.to, directory.route(mail.to))),
                        Optional.empty());
        try (Reception reception = inbound.begin(transaction)) {
            byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
            reception.write(bytes, 0, bytes.length);
            return reception.finish();
        }
    }

    /** An envelope with one recipient. */
    private record Mail(Origin origin, Optional<Address> from, Address to) {
        Mail(Origin origin, String from, String to) {
            this(
                    origin,
                    Optional.of(from).filter(it -> !it.isEmpty()).map(Address::parse),
                    Address.parse(to));
        }
    }

    private QueueEntry entry(Forwarding settings, Mail mail) throws IOException {
        assertThat(receive(settings, mail, MESSAGE)).isInstanceOf(Outcome.Accepted.class);
        return queue.list(Queue.FIRST, 10).getLast();
    }

    private static Action.Forward forward(QueueEntry entry) {
        assertThat(entry.recipients()).hasSize(1);
        return (Action.Forward) entry.recipients().getFirst().action();
    }

    private String content(QueueEntry entry) throws IOException {
        ContentReader in = new ContentReader(store.blobs(), entry.content());
        byte[] bytes = new byte[(int) entry.content().length()];
        int at = 0;
        while (at < bytes.length) at += in.read(bytes, at, bytes.length - at);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Test
    void aForeignSenderLeavesWithAPathThatLeadsHome() throws IOException {
        QueueEntry entry =
                entry(
                        new Forwarding(true, false),
                        new Mail(OUTSIDE, "bob@far.example", "far@example.org"));
        Action.Forward forward = forward(entry);
        assertThat(forward.to()).isEqualTo(Address.parse("carl@far.example"));
        Address path = forward.reversePath().orElseThrow();
        assertThat(path.toString()).startsWith("SRS0=").endsWith("=far.example=bob@example.org");
        assertThat(entry.recipients().getFirst().forwardPath())
                .isEqualTo(Address.parse("far@example.org"));
        QueueEntry bounce = entry(Forwarding.USUAL, new Mail(OUTSIDE, Optional.empty(), path));
        assertThat(forward(bounce))
                .isEqualTo(new Action.Forward(Address.parse("bob@far.example"), Optional.empty()));
        // Somebody answers to it: that goes home too, and its bounces come to us.
        QueueEntry answer =
                entry(
                        Forwarding.USUAL,
                        new Mail(OUTSIDE, Optional.of(Address.parse("d@d.example")), path));
        assertThat(forward(answer).reversePath().orElseThrow().toString())
                .endsWith("=d.example=d@example.org");
    }

    @Test
    void theBytesThatCameAreNotTouched() throws IOException {
        QueueEntry entry =
                entry(
                        new Forwarding(true, false),
                        new Mail(OUTSIDE, "bob@far.example", "far@example.org"));
        String content = content(entry);
        assertThat(content).endsWith(MESSAGE).startsWith("Received: ");
        assertThat(content.substring(0, content.length() - MESSAGE.length()))
                .containsPattern("\r\nMansio-Forwarded: [A-Z2-7]{16}\r\n$")
                .doesNotContain("carl");
    }

    @Test
    void nullStaysNullAndOwnSendersStayThemselves() throws IOException {
        assertThat(
                        forward(
                                        entry(
                                                new Forwarding(true, true),
                                                new Mail(OUTSIDE, "", "far@example.org")))
                                .reversePath())
                .isEmpty();
        Mail own =
                new Mail(
                        new Origin.Submission(anna.id(), true),
                        "anna@example.org",
                        "far@example.org");
        assertThat(forward(entry(Forwarding.USUAL, own)).reversePath())
                .contains(Address.parse("anna@example.org"));
        assertThat(forward(entry(new Forwarding(false, true), own)).reversePath().orElseThrow())
                .asString()
                .matches("prvs=0[0-9a-f]{9}=anna@example.org");
    }

    @Test
    void whoClaimsToBeOursOutsideIsNotBelieved() throws IOException {
        assertThat(
                        forward(
                                        entry(
                                                new Forwarding(true, true),
                                                new Mail(
                                                        OUTSIDE,
                                                        "anna@example.org",
                                                        "far@example.org")))
                                .reversePath()
                                .orElseThrow()
                                .toString())
                .startsWith("SRS0=");
    }

    @Test
    void ownMailToOthersIsSignedWhenWanted() throws IOException {
        Mail own =
                new Mail(
                        new Origin.Submission(anna.id(), true),
                        "anna@example.org",
                        "x@far.example");
        assertThat(entry(Forwarding.USUAL, own).recipients().getFirst().action())
                .isEqualTo(new Action.Relay());
        Action.Forward signed = forward(entry(new Forwarding(false, true), own));
        assertThat(signed.to()).isEqualTo(Address.parse("x@far.example"));
        Address path = signed.reversePath().orElseThrow();
        assertThat(directory.route(path)).isInstanceOf(Route.Ours.class);
    }

    /** Two servers whose aliases lead to each other; ours is seen twice. */
    @Test
    void aCircleOfTwoServersEndsAtTheSecondTurn() throws IOException {
        Forwarding on = new Forwarding(true, false);
        Mail mail = new Mail(OUTSIDE, "bob@far.example", "far@example.org");
        String first = content(entry(on, mail));
        String back = "Received: from us by them; Sat, 1 Jan 2022 00:00:00 +0000\r\n" + first;
        assertThat(receive(on, mail, back))
                .isEqualTo(new Outcome.Refused(Refusal.FORWARDED_BEFORE));
        // The mark is of this address only, and made-up ones do nothing.
        Mail other = new Mail(OUTSIDE, "bob@far.example", "anna@example.org");
        assertThat(receive(on, other, back)).isInstanceOf(Outcome.Accepted.class);
        String made = "Mansio-Forwarded: AAAAAAAAAAAAAAAA\r\n".repeat(300) + MESSAGE;
        assertThat(receive(on, mail, made)).isInstanceOf(Outcome.Accepted.class);
    }

    @Test
    void whatGoesHomeIsBounded() {
        Returns returns = new Returns(time);
        List<Boolean> taken = new ArrayList<>();
        Address bob = Address.parse("bob@far.example");
        for (int i = 0; i <= Returns.MAX_AN_HOUR; i++) taken.add(returns.take(bob));
        assertThat(taken).endsWith(true, false);
        assertThat(returns.take(Address.parse("eve@far.example"))).isTrue();
        time.advance(java.time.Duration.ofMinutes(61));
        assertThat(returns.take(bob)).isTrue();
    }
}
