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

import java.util.List;
import java.util.Optional;

/** Every branch of the judgement, and what becomes of mixed verdicts. */
class JudgeTest {
    private static final Address ANNA = Address.parse("anna@example.org");
    private static final Address BEN = Address.parse("ben@example.org");
    private static final Origin OUTSIDE = new Origin.Outside();
    private static final Origin LMTP = new Origin.Lmtp();
    private static final Origin SUBMITTED = new Origin.Submission(new AccountId(1), false);
    private static final Origin ANY_SENDER = new Origin.Submission(new AccountId(1), true);

    private static RoutedRecipient local(Address to, long account) {
        return new RoutedRecipient(
                to, new Route.Local(List.of(new Route.Target(new AccountId(account), to, to, ""))));
    }

    private static Transaction transaction(Origin origin, RoutedRecipient... to) {
        Envelope.Source source =
                new Envelope.Source("192.0.2.1", "x", "ESMTP", Optional.empty(), "s");
        Envelope envelope = new Envelope(Optional.empty(), Envelope.Body.SEVEN_BIT, false, source);
        return new Transaction(envelope, origin, List.of(to), Optional.empty());
    }

    private static Verdict judge(Origin origin, int hops, Author author) {
        List<Verdict> verdicts =
                Judge.judge(transaction(origin, local(ANNA, 1)), new Evidence(hops, author));
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
    void whatOnlySomeRefuseIsQuarantinedForThem() {
        Transaction transaction = transaction(OUTSIDE, local(ANNA, 1), local(BEN, 2));
        Disposal disposal =
                Disposal.of(
                        transaction,
                        List.of(new Verdict.Accept(), new Verdict.Refuse(Refusal.LOOP)));
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
    void lmtpAnswersForEachRecipientInstead() {
        Transaction transaction = transaction(LMTP, local(ANNA, 1), local(BEN, 2));
        Disposal disposal =
                Disposal.of(
                        transaction,
                        List.of(new Verdict.Accept(), new Verdict.Refuse(Refusal.LOOP)));
        assertThat(disposal.recipients()).extracting(Recipient::forwardPath).containsExactly(ANNA);
        assertThat(disposal.refused()).containsExactly(Optional.empty(), Optional.of(Refusal.LOOP));
    }

    @Test
    void whatAllRefuseGoesNowhere() {
        Disposal disposal =
                Disposal.of(
                        transaction(OUTSIDE, local(ANNA, 1)),
                        List.of(new Verdict.Refuse(Refusal.LOOP)));
        assertThat(disposal.recipients()).isEmpty();
        assertThat(disposal.firstRefusal()).isEqualTo(Refusal.LOOP);
    }

    @Test
    void anAccountNamedTwiceGetsItOnce() {
        Transaction transaction = transaction(OUTSIDE, local(ANNA, 1), local(BEN, 1));
        Disposal disposal =
                Disposal.of(transaction, List.of(new Verdict.Accept(), new Verdict.Accept()));
        assertThat(disposal.recipients()).extracting(Recipient::forwardPath).containsExactly(ANNA);
    }

    @Test
    void quarantineIsJunkWithItsReason() {
        Disposal disposal =
                Disposal.of(
                        transaction(OUTSIDE, local(ANNA, 1)),
                        List.of(new Verdict.Quarantine("it smells")));
        assertThat(disposal.recipients())
                .extracting(JudgeTest::placing)
                .containsExactly(Placing.JUNK);
        assertThat(disposal.reasons()).containsExactly("anna@example.org: it smells");
    }

    private static Placing placing(Recipient recipient) {
        return ((Action.Deliver) recipient.action()).placing();
    }
}
