package mansio.serve.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.net.time.VirtualThreads;
import mansio.net.time.Work;
import mansio.state.directory.Account;
import mansio.state.directory.AliasEditor;
import mansio.state.directory.AliasInfo;
import mansio.state.directory.DirectoryEditor;
import mansio.state.directory.PasswordMaker;
import mansio.state.directory.PasswordSettings;
import mansio.state.directory.StoredDirectory;
import mansio.state.mailbox.Accounts;
import mansio.state.mailbox.MailLimits;
import mansio.state.password.Argon2Hash;
import mansio.state.password.PasswordHasher;
import mansio.state.queue.Action;
import mansio.state.queue.Action.Placing;
import mansio.state.queue.Carrier.Lane;
import mansio.state.queue.Courier.Delivery;
import mansio.state.queue.Envelope;
import mansio.state.queue.Envelope.Right;
import mansio.state.queue.Fate;
import mansio.state.queue.Passage.Dispatch;
import mansio.state.queue.Passage.Result;
import mansio.state.queue.QueueEntry;
import mansio.state.queue.QueueId;
import mansio.state.queue.Recipient;
import mansio.state.store.AccountId;
import mansio.state.store.Content;
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
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Where mail goes whose domain became ours, or ceased to be, while it waited. */
class MovedDomainsTest {
    private static final Domain MOVED = Domain.parse("moved.example");

    private final FakeTime time = new FakeTime();
    private final Random random = new Random(5);
    private final VirtualThreads threads = new VirtualThreads();
    private final Store store =
            new Stores(new Surroundings(time, threads, random, (_, _) -> {}))
                    .memory(new MemoryDisk());
    private final Set<AccountId> full = new HashSet<>();
    private StoredDirectory directory;
    private DirectoryEditor editor;
    private MovedDomains moved;
    private Account anna;
    private Account ben;

    @BeforeEach
    void people() throws IOException {
        directory = StoredDirectory.open(store.partition(PartitionId.DIRECTORY), time, random);
        PasswordMaker maker =
                new PasswordMaker(
                        new PasswordHasher(new Argon2Hash.Costs(8, 1, 1), 64, Work.INLINE, random),
                        PasswordSettings.DEFAULT,
                        random);
        editor = new DirectoryEditor(directory, maker, time, random);
        done(editor.addDomain(Domain.parse("example.org")));
        anna = done(editor.addAccount(Address.parse("anna@example.org"), Optional.empty()));
        done(editor.addDomain(MOVED));
        ben = done(editor.addAccount(Address.parse("ben@moved.example"), Optional.empty()));
        alias("both", "anna@example.org", "ben@moved.example");
        alias("far", "carl@far.example");
        moved = moved(Forwarding.USUAL);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private MovedDomains moved(Forwarding forwarding) {
        return new MovedDomains(
                new MovedDomains.Places(directory, (account, _) -> !full.contains(account)),
                forwarding,
                time);
    }

    private static <T> T done(mansio.state.directory.Outcome<T> outcome) {
        assertThat(outcome).isInstanceOf(mansio.state.directory.Outcome.Done.class);
        return ((mansio.state.directory.Outcome.Done<T>) outcome).value();
    }

    private void alias(String name, String... to) throws IOException {
        List<Address> targets = List.of(to).stream().map(Address::parse).toList();
        AliasInfo info = new AliasInfo(Address.of(name, MOVED), targets);
        done(new AliasEditor(directory).add(info));
    }

    private static QueueEntry entry(Right right, Recipient... recipients) {
        Envelope.Source source =
                new Envelope.Source(
                        "192.0.2.1", "x.example", "ESMTP", Optional.empty(), "s1", right);
        byte[] text = "Subject: t\r\n\r\nHello.\r\n".getBytes(StandardCharsets.UTF_8);
        return new QueueEntry(
                new QueueId(1L << 40),
                FakeTime.START,
                new Envelope(
                        Optional.of(Address.parse("bob@sender.example")),
                        Envelope.Body.SEVEN_BIT,
                        false,
                        source),
                new Content(List.of(new Content.Inline(text))),
                "",
                List.of(recipients));
    }

    private static Recipient to(String address) {
        return Recipient.fresh(Address.parse(address), new Action.Relay());
    }

    private List<Result> arrive(Right right, Recipient... recipients) throws IOException {
        QueueEntry entry = entry(right, recipients);
        List<Integer> all = IntStream.range(0, recipients.length).boxed().toList();
        return moved.arrive(new Dispatch(entry, new Lane("", "moved.example"), all));
    }

    private static List<Action> actions(Result result) {
        assertThat(result).isInstanceOf(Result.GoesOn.class);
        return ((Result.GoesOn) result).recipients().stream().map(Recipient::action).toList();
    }

    private static Action deliver(Account account) {
        return new Action.Deliver(account.id(), Optional.empty(), Placing.INBOX);
    }

    @Test
    void itGoesWhereMailThatComesNowGoes() throws IOException {
        List<Result> results =
                arrive(
                        Right.OWN,
                        to("ben+x@moved.example"),
                        to("both@moved.example"),
                        to("far@moved.example"));
        assertThat(actions(results.getFirst()))
                .containsExactly(new Action.Deliver(ben.id(), Optional.of("x"), Placing.INBOX));
        assertThat(actions(results.get(1))).containsExactly(deliver(anna), deliver(ben));
        // A sender of another domain: its bounces come to us, who send it on.
        Action.Forward far = (Action.Forward) actions(results.get(2)).getFirst();
        assertThat(far.to()).isEqualTo(Address.parse("carl@far.example"));
        assertThat(far.reversePath().orElseThrow().toString())
                .startsWith("SRS0=")
                .endsWith("=sender.example=bob@moved.example");
    }

    /** An alias of ours led to the address: the sender knows the alias only. */
    @Test
    void whatAnAliasSentThereIsStillTheAliass() throws IOException {
        Address alias = Address.parse("friend@example.org");
        Action forward =
                new Action.Forward(
                        Address.parse("ben@moved.example"),
                        Optional.of(Address.parse("SRS0=x=sender.example=bob@example.org")));
        List<Result> results = arrive(Right.VERIFIED, Recipient.fresh(alias, forward));
        assertThat(((Result.GoesOn) results.getFirst()).recipients())
                .containsExactly(Recipient.fresh(alias, deliver(ben)));
    }

    private static String status(Result result) {
        return switch (result) {
            case Result.Deferred(var failure) -> failure.status();
            case Result.Ended(Fate.Failed(var failure)) -> failure.status();
            case Result.Ended _, Result.GoesOn _ -> result.toString();
        };
    }

    @Test
    void accountsMayFollowTheirDomainWithinADay() throws IOException {
        assertThat(status(arrive(Right.OWN, to("new@moved.example")).getFirst()))
                .isEqualTo("4.1.1");
        time.advance(Duration.ofDays(1));
        assertThat(status(arrive(Right.OWN, to("new@moved.example")).getFirst()))
                .isEqualTo("5.1.1");
    }

    @Test
    void aFullMailboxIsTriedLater() throws IOException {
        full.add(ben.id());
        assertThat(status(arrive(Right.OWN, to("ben@moved.example")).getFirst()))
                .isEqualTo("4.2.2");
        assertThat(actions(arrive(Right.OWN, to("both@moved.example")).getFirst())).hasSize(2);
    }

    @Test
    void moreThanOneMessageHoldsComesLater() throws IOException {
        String[] many =
                IntStream.range(0, 400)
                        .mapToObj(i -> "u" + i + "@far.example")
                        .toArray(String[]::new);
        for (int i = 0; i < 3; i++) alias("many" + i, many);
        List<Result> results =
                arrive(
                        Right.OWN,
                        to("many0@moved.example"),
                        to("many1@moved.example"),
                        to("many2@moved.example"),
                        to("ben@moved.example"));
        assertThat(results.stream().map(MovedDomainsTest::status))
                .satisfiesExactly(
                        it -> assertThat(it).startsWith("GoesOn"),
                        it -> assertThat(it).startsWith("GoesOn"),
                        it -> assertThat(it).isEqualTo("4.5.3"),
                        it -> assertThat(it).startsWith("GoesOn"));
    }

    @Test
    void whatMayNotBeForwardedIsReturned() throws IOException {
        moved = moved(new Forwarding(Forwarding.Outside.NEVER, Forwarding.Tags.NONE));
        Result result = arrive(Right.VERIFIED, to("far@moved.example")).getFirst();
        assertThat(status(result)).isEqualTo("5.7.1");
    }

    private Delivery deliver(Right right, Placing placing) throws IOException {
        Action action = new Action.Deliver(ben.id(), Optional.empty(), placing);
        Recipient recipient = Recipient.fresh(Address.parse("ben@moved.example"), action);
        LocalCourier courier =
                new LocalCourier(
                        new LocalCourier.Places(
                                new Accounts(store, time, threads, MailLimits.DEFAULT),
                                directory,
                                store.blobs(),
                                Optional.of(moved)),
                        time,
                        Optional.empty());
        return courier.deliver(entry(right, recipient), recipient, Optional.empty());
    }

    private void moveAway() throws IOException {
        for (String name : List.of("both", "far")) {
            done(new AliasEditor(directory).remove(Address.of(name, MOVED)));
        }
        done(editor.setAdmin(MOVED, Address.parse("anna@example.org")));
        done(editor.removeAccount(Address.parse("ben@moved.example")));
    }

    @Test
    void whatWaitsForAnAccountThatMovedAwayFollowsIt() throws IOException {
        moveAway();
        // The domain is ours still.
        assertThat(deliver(Right.FOREIGN, Placing.INBOX).result())
                .startsWith("INBOX of anna@example.org");
        done(editor.removeDomain(MOVED));
        Delivery own = deliver(Right.OWN, Placing.INBOX);
        assertThat(own.onward()).contains(to("ben@moved.example"));
        Delivery foreign = deliver(Right.FOREIGN, Placing.INBOX);
        Action.Forward forward = (Action.Forward) foreign.onward().orElseThrow().action();
        assertThat(forward.to()).isEqualTo(Address.parse("ben@moved.example"));
        assertThat(forward.reversePath().orElseThrow().toString())
                .endsWith("=sender.example=bob@example.org");
        // Junk is never sent on.
        assertThat(deliver(Right.FOREIGN, Placing.JUNK).result())
                .startsWith("Junk of anna@example.org");
    }
}
