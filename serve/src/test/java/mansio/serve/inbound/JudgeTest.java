package mansio.serve.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.codec.text.Address;
import mansio.serve.inbound.Evidence.Author;
import mansio.serve.inbound.Transaction.RoutedRecipient;
import mansio.state.directory.Route;
import mansio.state.queue.Action;
import mansio.state.queue.Action.Placing;
import mansio.state.queue.Envelope;
import mansio.state.queue.Recipient;
import mansio.state.store.AccountId;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Every branch of the judgement, and what becomes of mixed verdicts. */
class JudgeTest {
    private static final Address ANNA = Address.parse("anna@example.org");
    private static final Address BEN = Address.parse("ben@example.org");
    private static final Origin OUTSIDE = new Origin.Outside();
    private static final Origin LMTP = new Origin.Lmtp();
    private static final Origin SUBMITTED = new Origin.Submission(new AccountId(1), false);
    private static final Origin ANY_SENDER = new Origin.Submission(new AccountId(1), true);

    /** Forwards mail from outside only, without signatures; account 99 keeps what stays. */
    private static final Onward ONWARD =
            new Onward() {
                @Override
                public Optional<String> objection(Transaction transaction, Route.Forward forward) {
                    return transaction.origin() instanceof Origin.Outside
                            ? Optional.empty()
                            : Optional.of("it may not");
                }

                @Override
                public Action forward(Transaction transaction, Route.Forward forward) {
                    return new Action.Forward(forward.to(), Optional.empty());
                }

                @Override
                public Action relay(Transaction transaction, Route.Remote remote) {
                    return new Action.Relay();
                }

                @Override
                public AccountId keeper(Route.Forward forward) {
                    return new AccountId(99);
                }
            };

    private static RoutedRecipient local(Address to, long account) {
        return new RoutedRecipient(
                to,
                new Route.Ours(
                        List.of(new Route.Target(new AccountId(account), to, to, "")), List.of()));
    }

    private static Transaction transaction(Origin origin, RoutedRecipient... to) {
        Envelope.Source source =
                new Envelope.Source("192.0.2.1", "x", "ESMTP", Optional.empty(), "s");
        Envelope envelope = new Envelope(Optional.empty(), Envelope.Body.SEVEN_BIT, false, source);
        return new Transaction(envelope, origin, List.of(to), Optional.empty());
    }

    private static Verdict judge(Origin origin, int hops, Author author) {
        List<Verdict> verdicts =
                Judge.judge(
                        transaction(origin, local(ANNA, 1)),
                        new Evidence(hops, author, Set.of()),
                        Forwarding.Outside.ALWAYS);
        assertThat(verdicts).hasSize(1);
        return verdicts.getFirst();
    }

    @Test
    void aMessageThatRunsInACircleIsRefusedWhoeverBringsIt() {
        for (Origin origin :
                List.of(OUTSIDE, LMTP, SUBMITTED, ANY_SENDER, new Origin.TrustedNetwork())) {
            assertThat(judge(origin, 99, new Author.Clear())).isEqualTo(new Verdict.Accept());
            assertThat(judge(origin, 100, new Author.Clear()))
                    .isEqualTo(new Verdict.Refuse(Refusal.LOOP));
        }
    }

    @Test
    void whoSubmitsSaysWhoTheyAre() {
        assertThat(judge(SUBMITTED, 0, new Author.Clear())).isEqualTo(new Verdict.Accept());
        assertThat(judge(SUBMITTED, 0, new Author.Missing()))
                .isEqualTo(new Verdict.Refuse(Refusal.AUTHOR_UNCLEAR));
        assertThat(judge(SUBMITTED, 0, new Author.Unclear("two of them")))
                .isEqualTo(new Verdict.Refuse(Refusal.AUTHOR_UNCLEAR));
        assertThat(judge(SUBMITTED, 0, new Author.Foreign("x@example.com")))
                .isEqualTo(new Verdict.Refuse(Refusal.NOT_YOURS));
        assertThat(judge(ANY_SENDER, 0, new Author.Foreign("x@example.com")))
                .isEqualTo(new Verdict.Accept());
    }

    @Test
    void mailFromOutsideMayClaimAnything() {
        for (Author author :
                List.of(new Author.Missing(), new Author.Unclear("x"), new Author.Clear())) {
            assertThat(judge(OUTSIDE, 0, author)).isEqualTo(new Verdict.Accept());
        }
    }

    @Test
    void whatOnlySomeRefuseIsQuarantinedForThem() throws IOException {
        Transaction transaction = transaction(OUTSIDE, local(ANNA, 1), local(BEN, 2));
        Disposal disposal =
                Disposal.of(
                        transaction,
                        List.of(new Verdict.Accept(), new Verdict.Refuse(Refusal.LOOP)),
                        ONWARD);
        assertThat(disposal.recipients())
                .extracting(JudgeTest::placing)
                .containsExactly(Placing.INBOX, Placing.JUNK);
        assertThat(disposal.reasons())
                .hasSize(1)
                .first()
                .asString()
                .contains("ben@example.org", "loop");
    }

    @Test
    void lmtpAnswersForEachRecipientInstead() throws IOException {
        Transaction transaction = transaction(LMTP, local(ANNA, 1), local(BEN, 2));
        Disposal disposal =
                Disposal.of(
                        transaction,
                        List.of(new Verdict.Accept(), new Verdict.Refuse(Refusal.LOOP)),
                        ONWARD);
        assertThat(disposal.recipients()).extracting(Recipient::forwardPath).containsExactly(ANNA);
        assertThat(disposal.refused()).containsExactly(Optional.empty(), Optional.of(Refusal.LOOP));
    }

    @Test
    void whatAllRefuseGoesNowhere() throws IOException {
        Disposal disposal =
                Disposal.of(
                        transaction(OUTSIDE, local(ANNA, 1)),
                        List.of(new Verdict.Refuse(Refusal.LOOP)),
                        ONWARD);
        assertThat(disposal.recipients()).isEmpty();
        assertThat(disposal.firstRefusal()).isEqualTo(Refusal.LOOP);
    }

    @Test
    void anAccountNamedTwiceGetsItOnce() throws IOException {
        Transaction transaction = transaction(OUTSIDE, local(ANNA, 1), local(BEN, 1));
        Disposal disposal =
                Disposal.of(
                        transaction, List.of(new Verdict.Accept(), new Verdict.Accept()), ONWARD);
        assertThat(disposal.recipients()).extracting(Recipient::forwardPath).containsExactly(ANNA);
    }

    @Test
    void quarantineIsJunkWithItsReason() throws IOException {
        Disposal disposal =
                Disposal.of(
                        transaction(OUTSIDE, local(ANNA, 1)),
                        List.of(new Verdict.Quarantine("it smells")),
                        ONWARD);
        assertThat(disposal.recipients())
                .extracting(JudgeTest::placing)
                .containsExactly(Placing.JUNK);
        assertThat(disposal.reasons()).containsExactly("anna@example.org: it smells");
    }

    private static RoutedRecipient forwarded(Address to, long account, String... elsewhere) {
        List<Route.Target> targets =
                account == 0
                        ? List.of()
                        : List.of(new Route.Target(new AccountId(account), to, to, ""));
        return new RoutedRecipient(
                to,
                new Route.Ours(
                        targets,
                        Stream.of(elsewhere)
                                .map(
                                        it ->
                                                new Route.Forward(
                                                        Address.parse(it),
                                                        to.domain().orElseThrow(),
                                                        Route.Reason.ALIAS))
                                .toList()));
    }

    private static String shown(Recipient recipient) {
        return switch (recipient.action()) {
            case Action.Deliver deliver -> deliver.account().value() + " " + deliver.placing();
            case Action.Forward forward -> "-> " + forward.to();
            case Action.Relay _ -> "relay";
        };
    }

    /** Only strangers have to be known before what they write goes on. */
    @Test
    void whatIsOursIsForwardedWhoeverItIsFrom() {
        Evidence evidence = new Evidence(0, new Author.Clear(), Set.of());
        RoutedRecipient far = forwarded(ANNA, 0, "x@far.example");
        for (Origin origin : List.of(SUBMITTED, LMTP, new Origin.TrustedNetwork())) {
            assertThat(
                            Judge.judge(
                                    transaction(origin, far),
                                    evidence,
                                    Forwarding.Outside.AUTHENTICATED))
                    .containsExactly(new Verdict.Accept());
        }
        assertThat(
                        Judge.judge(
                                transaction(OUTSIDE, far),
                                evidence,
                                Forwarding.Outside.AUTHENTICATED))
                .containsExactly(new Verdict.Refuse(Refusal.UNKNOWN_NOT_FORWARDED));
    }

    @Test
    void eachForeignAddressGetsItOnce() throws IOException {
        Disposal disposal =
                Disposal.of(
                        transaction(
                                OUTSIDE,
                                forwarded(ANNA, 1, "x@far.example", "y@far.example"),
                                forwarded(BEN, 0, "x@far.example")),
                        List.of(new Verdict.Accept(), new Verdict.Accept()),
                        ONWARD);
        assertThat(disposal.recipients())
                .extracting(JudgeTest::shown)
                .containsExactly("1 INBOX", "-> x@far.example", "-> y@far.example");
        assertThat(disposal.leftOut()).isEmpty();
    }

    @Test
    void whatMayNotGoOnIsLeftOutWithAReason() throws IOException {
        Disposal disposal =
                Disposal.of(
                        transaction(LMTP, forwarded(ANNA, 1, "x@far.example")),
                        List.of(new Verdict.Accept()),
                        ONWARD);
        assertThat(disposal.recipients()).extracting(JudgeTest::shown).containsExactly("1 INBOX");
        assertThat(disposal.leftOut())
                .containsExactly(
                        "anna@example.org: not forwarded to x@far.example, because it may not");
    }

    @Test
    void junkIsNeverForwardedAndNeverLost() throws IOException {
        Disposal disposal =
                Disposal.of(
                        transaction(
                                OUTSIDE,
                                forwarded(ANNA, 1, "x@far.example"),
                                forwarded(BEN, 0, "y@far.example", "z@far.example")),
                        List.of(
                                new Verdict.Quarantine("it smells"),
                                new Verdict.Refuse(Refusal.LOOP)),
                        ONWARD);
        assertThat(disposal.recipients())
                .extracting(JudgeTest::shown)
                .containsExactly("1 JUNK", "99 JUNK");
        assertThat(disposal.leftOut())
                .containsExactly(
                        "anna@example.org: not forwarded to x@far.example, because it is in"
                                + " quarantine",
                        "ben@example.org: not forwarded to y@far.example, because it is in"
                                + " quarantine; the domain's admin keeps it in Junk",
                        "ben@example.org: not forwarded to z@far.example, because it is in"
                                + " quarantine; the domain's admin keeps it in Junk");
    }

    @Test
    void whatWasForwardedBeforeIsInALoop() {
        assertThat(
                        Judge.judge(
                                transaction(OUTSIDE, local(ANNA, 1), local(BEN, 2)),
                                new Evidence(3, new Author.Clear(), Set.of(BEN)),
                                Forwarding.Outside.ALWAYS))
                .containsExactly(
                        new Verdict.Accept(), new Verdict.Refuse(Refusal.FORWARDED_BEFORE));
    }

    private static Placing placing(Recipient recipient) {
        return ((Action.Deliver) recipient.action()).placing();
    }
}
