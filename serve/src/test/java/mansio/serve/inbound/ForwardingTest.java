package mansio.serve.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.VirtualThreads;
import mansio.net.time.Work;
import mansio.serve.inbound.Forwarding.Outside;
import mansio.serve.inbound.Forwarding.Tags;
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
import mansio.state.rewrite.RewriteKind;
import mansio.state.rewrite.RewritePattern;
import mansio.state.rewrite.RewriteRule;
import mansio.state.rewrite.RewriteSide;
import mansio.state.rewrite.RewriteTarget;
import mansio.state.rewrite.Rewrites;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** What leaves, by an alias too: reverse-paths, rules, bytes, loops. The queue is not started. */
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
    private DirectoryEditor editor;
    private Rewrites rewrites;
    private Queue queue;
    private Account anna;

    @BeforeEach
    void people() throws IOException {
        directory = StoredDirectory.open(store.partition(PartitionId.DIRECTORY), time, random);
        rewrites = Rewrites.open(store.partition(PartitionId.DIRECTORY), directory);
        PasswordMaker maker =
                new PasswordMaker(
                        new PasswordHasher(new Argon2Hash.Costs(8, 1, 1), 64, Work.INLINE, random),
                        PasswordSettings.DEFAULT,
                        random);
        editor = new DirectoryEditor(directory, maker, time, random);
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

    private Inbound inbound(Forwarding settings) {
        return new Inbound(
                new Inbound.Places(
                        queue, store.blobs(), directory, directory.returnPaths(), rewrites),
                time,
                random,
                new InboundSettings("mx.example.org", 1_000_000, settings));
    }

    private Outcome receive(Forwarding settings, Mail mail, String message) throws IOException {
        Inbound inbound = inbound(settings);
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
            for (int at = 0; at < bytes.length; at += 4_096) {
                reception.write(bytes, at, Math.min(4_096, bytes.length - at));
            }
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
                        new Forwarding(Outside.ALWAYS, Tags.NONE),
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
                        new Forwarding(Outside.ALWAYS, Tags.NONE),
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
                                                new Forwarding(Outside.ALWAYS, Tags.SIGNED),
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
        assertThat(
                        forward(entry(new Forwarding(Outside.NEVER, Tags.SIGNED), own))
                                .reversePath()
                                .orElseThrow())
                .asString()
                .matches("prvs=0[0-9a-f]{9}=anna@example.org");
    }

    @Test
    void whoClaimsToBeOursOutsideIsNotBelieved() throws IOException {
        assertThat(
                        forward(
                                        entry(
                                                new Forwarding(Outside.ALWAYS, Tags.SIGNED),
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
        Action.Forward signed = forward(entry(new Forwarding(Outside.NEVER, Tags.SIGNED), own));
        assertThat(signed.to()).isEqualTo(Address.parse("x@far.example"));
        Address path = signed.reversePath().orElseThrow();
        assertThat(directory.route(path)).isInstanceOf(Route.Ours.class);
    }

    private boolean foreignBounce(Tags tags, Mail mail) throws IOException {
        return inbound(new Forwarding(Outside.NEVER, tags))
                .isForeignBounce(mail.origin, mail.from, mail.to);
    }

    private boolean foreignBounce(String to) throws IOException {
        return foreignBounce(Tags.ENFORCED, new Mail(OUTSIDE, "", to));
    }

    @Test
    void bouncesToSignedSendersComeBackSigned() throws IOException {
        done(editor.addAccount(Address.parse("abuse@example.org"), Optional.empty()));
        directory.returnPaths().taggedTime().begin(true);
        time.advance(Duration.ofDays(6));
        assertThat(foreignBounce("anna@example.org")).isFalse();
        time.advance(Duration.ofDays(1));
        assertThat(foreignBounce("anna@example.org")).isTrue();
        assertThat(foreignBounce("Anna+x@example.org")).isTrue();
        assertThat(foreignBounce("anna+" + "x".repeat(44) + "@example.org")).isFalse();
        assertThat(foreignBounce("far@example.org")).isFalse();
        assertThat(foreignBounce("postmaster@example.org")).isFalse();
        assertThat(foreignBounce("abuse@example.org")).isFalse();
        Address tagged = directory.returnPaths().tagged(Address.parse("anna@example.org"));
        assertThat(foreignBounce(tagged.toWire())).isFalse();
        Mail bounce = new Mail(OUTSIDE, "", "anna@example.org");
        assertThat(foreignBounce(Tags.SIGNED, bounce)).isFalse();
        assertThat(
                        foreignBounce(
                                Tags.ENFORCED,
                                new Mail(OUTSIDE, "x@far.example", "anna@example.org")))
                .isFalse();
        for (Origin origin : List.of(new Origin.TrustedNetwork(), new Origin.Lmtp())) {
            assertThat(foreignBounce(Tags.ENFORCED, new Mail(origin, "", "anna@example.org")))
                    .isFalse();
        }
        done(
                rewrites.add(
                        new RewriteRule(
                                RewriteKind.GENERIC,
                                RewritePattern.parse("root@host.example").orElseThrow(),
                                RewriteSide.SENDER,
                                RewriteTarget.parse("anna@example.org").orElseThrow())));
        assertThat(foreignBounce("anna@example.org")).isFalse();
    }

    /** Two servers whose aliases lead to each other; ours is seen twice. */
    @Test
    void aCircleOfTwoServersEndsAtTheSecondTurn() throws IOException {
        Forwarding on = new Forwarding(Outside.ALWAYS, Tags.NONE);
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

    private void rule(String pattern, String target) throws IOException {
        done(
                rewrites.add(
                        new RewriteRule(
                                RewriteKind.CANONICAL,
                                RewritePattern.parse(pattern).orElseThrow(),
                                RewriteSide.BOTH,
                                RewriteTarget.parse(target).orElseThrow())));
    }

    private static final String OWN_MESSAGE =
            "Date: Mon, 1 Jan 2024 00:00:00 +0000\r\nMessage-ID: <1@x>\r\n"
                    + "From: =?utf-8?q?Anna?= (home)\r\n <anna+x@example.org>\r\n"
                    + "To: x@far.example,\r\n\tanna@example.org\r\n"
                    + "Subject: anna@example.org\r\n\r\nanna@example.org\r\n";

    private Outcome submitted(String from) throws IOException {
        Mail mail = new Mail(new Origin.Submission(anna.id(), false), from, "x@far.example");
        return receive(Forwarding.USUAL, mail, OWN_MESSAGE);
    }

    @Test
    void rulesChangeOwnMailAsItComes() throws IOException {
        rule("anna@example.org", "a.smith@isp.example");
        assertThat(submitted("anna@example.org")).isInstanceOf(Outcome.Accepted.class);
        QueueEntry entry = queue.list(Queue.FIRST, 10).getLast();
        assertThat(entry.envelope().reversePath()).contains(Address.parse("a.smith@isp.example"));
        assertThat(entry.envelope().source().right()).isEqualTo(Envelope.Right.OWN);
        assertThat(content(entry))
                .endsWith(
                        "\r\n"
                                + OWN_MESSAGE
                                        .replace("<anna+x@example.org>", "<a.smith+x@isp.example>")
                                        .replace("\tanna@example.org", "\ta.smith@isp.example"));
        // The bytes that came stand in the blob; what changed stands beside it.
        assertThat(entry.content().blobs()).hasSize(1);
    }

    @Test
    void rulesLeaveMailFromOutsideAlone() throws IOException {
        rule("bob@far.example", "x@x.example");
        rule("@example.org", "@x.example");
        QueueEntry entry =
                entry(
                        new Forwarding(Outside.ALWAYS, Tags.NONE),
                        new Mail(OUTSIDE, "bob@far.example", "far@example.org"));
        assertThat(content(entry)).endsWith(MESSAGE);
        assertThat(forward(entry).reversePath().orElseThrow().toString()).contains("=bob@");
        assertThat(entry.envelope().source().right()).isEqualTo(Envelope.Right.FOREIGN);
    }

    @Test
    void whoWritesOwnsTheAddressBeforeAndAfter() throws IOException {
        String foreign = OWN_MESSAGE.replace("anna+x@example.org", "eve@example.org");
        Mail mail =
                new Mail(
                        new Origin.Submission(anna.id(), false),
                        "anna@example.org",
                        "x@far.example");
        rule("eve@example.org", "anna@example.org");
        assertThat(receive(Forwarding.USUAL, mail, foreign))
                .isEqualTo(new Outcome.Refused(Refusal.NOT_YOURS));
        assertThat(submitted("anna@example.org")).isInstanceOf(Outcome.Accepted.class);
        rule("anna@example.org", "carl@example.org");
        assertThat(submitted("anna@example.org")).isEqualTo(new Outcome.Refused(Refusal.NOT_YOURS));
    }

    @Test
    void aHeaderTooLongForRulesStays() throws IOException {
        rule("anna@example.org", "a.smith@isp.example");
        String filler = ("X-Filler: " + "x".repeat(60) + "\r\n").repeat(4_000);
        String message = filler + OWN_MESSAGE;
        Mail mail =
                new Mail(
                        new Origin.Submission(anna.id(), true),
                        "anna@example.org",
                        "x@far.example");
        assertThat(receive(Forwarding.USUAL, mail, message)).isInstanceOf(Outcome.Accepted.class);
        assertThat(content(queue.list(Queue.FIRST, 10).getLast())).endsWith(message);
    }

    @Test
    void whatGoesHomeIsBounded() {
        Returns returns = new Returns(time);
        List<Boolean> taken = new ArrayList<>();
        Address bob = Address.parse("bob@far.example");
        for (int i = 0; i <= Returns.MAX_AN_HOUR; i++) taken.add(returns.take(bob));
        assertThat(taken).endsWith(true, false);
        assertThat(returns.take(Address.parse("eve@far.example"))).isTrue();
        time.advance(Duration.ofMinutes(61));
        assertThat(returns.take(bob)).isTrue();
    }
}
