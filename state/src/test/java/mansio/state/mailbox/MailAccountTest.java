package mansio.state.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import mansio.state.mailbox.Delivery.Attempt;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;

/** What the commands of an account do, one by one. */
class MailAccountTest {
    private static final Flags SEEN = Flags.of(SystemFlag.SEEN);
    private static final Flags DELETED = Flags.of(SystemFlag.DELETED);

    private Post post;

    @BeforeEach
    void open() throws IOException {
        post = new Post();
    }

    @AfterEach
    void close() {
        post.close();
    }

    @Test
    void aNewAccountHasItsMailboxes() throws IOException {
        assertThat(post.alice.mailboxes().mailboxes())
                .extracting(info -> info.name() + " " + info.use().orElseThrow())
                .containsExactly(
                        "INBOX INBOX",
                        "Archive ARCHIVE",
                        "Drafts DRAFTS",
                        "Junk JUNK",
                        "Sent SENT",
                        "Trash TRASH");
        assertThat(post.alice.mailboxes().mailboxes()).allMatch(MailboxInfo::subscribed);
        assertThat(
                        post.alice.mailboxes().mailboxes().stream()
                                .map(info -> info.counts().uidValidity()))
                .doesNotHaveDuplicates();
    }

    @Test
    void whatIsAppendedIsThereAfterACrash() throws IOException {
        long inbox = post.inbox();
        long uid = post.append(inbox, "one", SEEN);
        post.crash(new Random(1));
        MailboxView view = post.view(inbox);
        assertThat(view.uids()).isEqualTo(UidSet.of(uid));
        assertThat(view.flags(0)).isEqualTo(SEEN);
        Email email = post.email(inbox, uid);
        assertThat(post.read(email)).isEqualTo("one");
        assertThat(email.facts()).isEqualTo("one".getBytes(UTF_8));
        assertThat(new String(post.alice.headers(List.of(email.id())).getFirst(), UTF_8))
                .isEqualTo("Subject: one");
        Placement placement = post.alice.placements(inbox, UidSet.of(uid), 1).getFirst();
        assertThat(placement.internalDate()).isEqualTo(Post.DATE);
        assertThat(view.counts().sizeBytes()).isEqualTo(email.size());
        assertThat(post.alice.quota()).isEqualTo(new QuotaUse(email.size(), 1));
        assertThat(post.alice.whereabouts(email.id())).containsExactly(new MailboxUid(inbox, uid));
    }

    @Test
    void aRepeatedDeliveryDoesNothing() throws IOException {
        Delivered first = post.deliver(7, "hello", Attempt.FIRST);
        long version = post.alice.mailboxes().version();
        Delivered second = post.deliver(7, "hello", Attempt.REPEATED);
        assertThat(second)
                .isEqualTo(new Delivered(first.mailboxId(), first.uid(), first.emailId(), true));
        assertThat(post.alice.mailboxes().version()).isEqualTo(version);
        assertThat(post.view(post.inbox()).size()).isEqualTo(1);
        Receipt receipt = post.alice.receipt(7, Instant.EPOCH.plusSeconds(7)).orElseThrow();
        assertThat(receipt.line().reason()).isEqualTo("hello");
        post.alice.dropReceipts(Instant.EPOCH.plusSeconds(7));
        assertThat(post.alice.receipt(7, Instant.EPOCH.plusSeconds(7))).isPresent();
        post.alice.dropReceipts(Instant.EPOCH.plusSeconds(8));
        assertThat(post.alice.receipt(7, Instant.EPOCH.plusSeconds(7))).isEmpty();
    }

    @Test
    void manyDeliveriesMakeFewBlocks() throws IOException {
        for (int i = 0; i < 700; i++) post.deliver(i, "m" + i, Attempt.FIRST);
        MailboxView warm = post.view(post.inbox());
        assertThat(warm.size()).isEqualTo(700);
        post.crash(new Random(1));
        MailboxView cold = post.view(post.inbox());
        assertThat(cold.uids()).isEqualTo(UidSet.range(1, 700));
        assertThat(cold.uids()).isEqualTo(warm.uids());
        assertThat(cold.since(warm).isEmpty()).isTrue();
        for (int i = 0; i < 700; i++) {
            assertThat(cold.indexOf(i + 1)).isEqualTo(i);
            assertThat(cold.uid(i)).isEqualTo(i + 1);
            assertThat(cold.modSeq(i)).isEqualTo(warm.modSeq(i));
        }
        assertThat(post.alice.placements(post.inbox(), UidSet.range(1, 700), 1_000))
                .extracting(Placement::uid)
                .hasSize(700)
                .isSorted();
    }

    @Test
    void storeTellsWhatChangedAndWhatWasModified() throws IOException {
        long inbox = post.inbox();
        for (int i = 0; i < 3; i++) post.append(inbox, "m" + i, Flags.NONE);
        MailboxView before = post.view(inbox);
        post.alice.store(
                inbox,
                UidSet.of(2),
                new FlagChange(FlagChange.Mode.ADD, SEEN),
                OptionalLong.empty());
        Stored stored =
                post.alice.store(
                        inbox,
                        UidSet.range(1, 3),
                        new FlagChange(
                                FlagChange.Mode.ADD, Flags.of(List.of(), List.of("$Forwarded"))),
                        OptionalLong.of(before.counts().highestModSeq()));
        assertThat(stored).isInstanceOf(Stored.Done.class);
        Stored.Done done = (Stored.Done) stored;
        assertThat(done.changed()).isEqualTo(UidSet.of(1, 3));
        assertThat(done.modified()).isEqualTo(UidSet.of(2));
        MailboxView after = post.view(inbox);
        assertThat(after.flags(0).hasKeyword("$FORWARDED")).isTrue();
        assertThat(after.counts().unseen()).isEqualTo(2);
        assertThat(after.counts().highestModSeq()).isEqualTo(done.modSeq());
        assertThat(after.flagsInUse().imapNames()).containsExactly("\\Seen", "$Forwarded");
        assertThat(after.firstUnseen()).hasValue(1);
        assertThat(after.since(before))
                .isEqualTo(new ViewDiff(UidSet.EMPTY, UidSet.EMPTY, UidSet.range(1, 3)));
    }

    @Test
    void storeThatChangesNothingUsesNoVersion() throws IOException {
        long inbox = post.inbox();
        post.append(inbox, "m", SEEN);
        MailboxView before = post.view(inbox);
        post.alice.store(
                inbox,
                UidSet.of(1),
                new FlagChange(FlagChange.Mode.ADD, SEEN),
                OptionalLong.empty());
        assertThat(post.view(inbox).counts()).isEqualTo(before.counts());
    }

    @Test
    void expungedMessagesVanishAndAreKeptAWhile() throws IOException {
        long inbox = post.inbox();
        for (int i = 0; i < 5; i++) post.append(inbox, "m" + i, i % 2 == 0 ? DELETED : SEEN);
        MailboxView before = post.view(inbox);
        Expunged expunged = post.alice.expungeDeleted(inbox, UidSet.range(2, 5));
        assertThat(expunged.uids()).isEqualTo(UidSet.of(3, 5));
        MailboxView after = post.view(inbox);
        assertThat(after.since(before).gone()).isEqualTo(UidSet.of(3, 5));
        assertThat(after.counts().deleted()).isEqualTo(1);
        Changes changes = post.alice.changesSince(after, before.counts().highestModSeq());
        assertThat(changes).isEqualTo(new Changes(UidSet.EMPTY, UidSet.of(3, 5), true));
        // A session that was not told yet can still fetch them.
        assertThat(post.read(post.email(inbox, 3))).isEqualTo("m2");
        long emailId = post.email(inbox, 3).id();
        assertThat(post.alice.whereabouts(emailId)).isEmpty();
        post.time.move(Duration.ofDays(15));
        post.accounts.maintain();
        assertThat(post.alice.placements(inbox, UidSet.of(3), 1)).isEmpty();
        assertThat(post.alice.emails(List.of(emailId))).isEmpty();
        Changes later = post.alice.changesSince(post.view(inbox), before.counts().highestModSeq());
        assertThat(later).isEqualTo(new Changes(UidSet.EMPTY, UidSet.of(3, 5), false));
    }

    @Test
    void copyKeepsTheEmailAndMoveTakesItAway() throws IOException {
        long inbox = post.inbox();
        long other = post.mailbox("Projects/2026");
        long uid = post.append(inbox, "m", SEEN);
        Placed.Done copied =
                (Placed.Done)
                        post.alice.copy(
                                new Transfer(inbox, UidSet.range(1, 100), other),
                                QuotaLimit.UNLIMITED);
        assertThat(copied.from()).isEqualTo(UidSet.of(uid));
        assertThat(post.email(other, 1).id()).isEqualTo(post.email(inbox, uid).id());
        assertThat(post.view(other).flags(0)).isEqualTo(SEEN);
        assertThat(post.alice.quota().messages()).isEqualTo(2);
        Placed.Done moved =
                (Placed.Done) post.alice.move(new Transfer(inbox, UidSet.of(uid), other));
        assertThat(moved.to()).isEqualTo(UidSet.of(2));
        assertThat(post.view(inbox).size()).isZero();
        assertThat(post.view(other).size()).isEqualTo(2);
        assertThat(post.alice.quota().messages()).isEqualTo(2);
        assertThat(post.alice.whereabouts(post.email(other, 1).id())).hasSize(2);
    }

    @Test
    void aMoveWithinAMailboxGivesNewUids() throws IOException {
        long inbox = post.inbox();
        for (int i = 0; i < 70; i++) post.append(inbox, "m" + i, Flags.NONE);
        var _ = post.alice.move(new Transfer(inbox, UidSet.range(1, UidSet.MAX_UID), inbox));
        assertThat(post.view(inbox).uids()).isEqualTo(UidSet.range(71, 140));
        assertThat(post.read(post.email(inbox, 71))).isEqualTo("m0");
    }

    @Test
    void quotaStopsAppendAndCopyButNotDelivery() throws IOException {
        long inbox = post.inbox();
        post.append(inbox, "m", Flags.NONE);
        QuotaLimit full = new QuotaLimit(post.alice.quota().bytes(), 1_000);
        assertThat(post.alice.copy(new Transfer(inbox, UidSet.of(1), inbox), full))
                .isEqualTo(new Placed.Refused(Placed.Reason.OVER_QUOTA));
        Placed appended =
                post.message("n", Flags.NONE, m -> post.alice.append(inbox, List.of(m), full));
        assertThat(appended).isEqualTo(new Placed.Refused(Placed.Reason.OVER_QUOTA));
        assertThat(post.alice.quota().allows(full, new QuotaUse(1, 1))).isFalse();
        post.deliver(1, "over", Attempt.FIRST);
        assertThat(post.view(inbox).size()).isEqualTo(2);
    }

    @Test
    void aDeliveryToADeletedMailboxGoesToInbox() throws IOException {
        long gone = post.mailbox("Gone");
        post.append(gone, "m", Flags.NONE);
        MailboxView before = post.view(gone);
        assertThat(post.alice.delete(Post.name("Gone"))).isInstanceOf(MailboxChange.Done.class);
        assertThat(post.alice.view(gone)).isEmpty();
        assertThat(post.alice.quota()).isEqualTo(QuotaUse.NOTHING);
        assertThat(post.alice.mailboxes().missing()).isEmpty();
        Delivered delivered =
                post.message(
                        "m",
                        Flags.NONE,
                        m ->
                                post.alice.deliver(
                                        new Delivery(
                                                1,
                                                0,
                                                Instant.EPOCH,
                                                Attempt.FIRST,
                                                m,
                                                List.of(new Delivery.Target(gone, SEEN)),
                                                new mansio.state.story.StoryLine(
                                                        Instant.EPOCH, "delivered", "done", ""))));
        assertThat(delivered.mailboxId()).isEqualTo(post.inbox());
        assertThat(before.size()).isEqualTo(1);
        long emailId = delivered.emailId() - 1;
        assertThat(post.alice.emails(List.of(emailId))).hasSize(1);
        post.accounts.maintain();
        assertThat(post.alice.emails(List.of(emailId))).isEmpty();
    }

    @Test
    void namesAreMadeRenamedAndKeptApart() throws IOException {
        long leaf = post.mailbox("a/b/c");
        assertThat(post.alice.create(Post.name("a/b"), Optional.empty()))
                .isEqualTo(new MailboxChange.Refused(MailboxChange.Reason.ALREADY_EXISTS));
        assertThat(post.alice.delete(Post.name("a/b")))
                .isEqualTo(new MailboxChange.Refused(MailboxChange.Reason.HAS_CHILDREN));
        assertThat(post.alice.rename(Post.name("a"), Post.name("a/b/x")))
                .isEqualTo(new MailboxChange.Refused(MailboxChange.Reason.CANNOT));
        assertThat(post.alice.rename(Post.name("a"), Post.name("x/y")))
                .isInstanceOf(MailboxChange.Done.class);
        assertThat(post.alice.mailbox(leaf).orElseThrow().name()).isEqualTo(Post.name("x/y/b/c"));
        assertThat(post.alice.create(Post.name("Sent2"), Optional.of(SpecialUse.SENT)))
                .isEqualTo(new MailboxChange.Refused(MailboxChange.Reason.USE_TAKEN));
        assertThat(post.alice.delete(Post.name("inbox")))
                .isEqualTo(new MailboxChange.Refused(MailboxChange.Reason.CANNOT));
        assertThat(MailboxName.parse("a//b")).isEmpty();
        assertThat(MailboxName.parse("a/*")).isEmpty();
        assertThat(Post.name("InBox/x")).isEqualTo(Post.name("INBOX/x"));
        assertThat(Post.name("e\u0301")).isEqualTo(Post.name("\u00e9"));
    }

    @Test
    void aMailboxMadeAgainHasAnotherUidValidity() throws IOException {
        long first = post.mailbox("box");
        long validity = post.alice.mailbox(first).orElseThrow().counts().uidValidity();
        post.alice.subscribe(Post.name("box"));
        post.alice.delete(Post.name("box"));
        assertThat(post.alice.mailboxes().missing()).containsExactly(Post.name("box"));
        post.crash(new Random(3));
        long second = post.mailbox("box");
        assertThat(second).isNotEqualTo(first);
        MailboxInfo info = post.alice.mailbox(second).orElseThrow();
        assertThat(info.counts().uidValidity()).isGreaterThan(validity);
        assertThat(info.subscribed()).isTrue();
        assertThat(post.alice.mailboxes().missing()).isEmpty();
    }

    @Test
    void renamingInboxMovesItsMessages() throws IOException {
        long inbox = post.inbox();
        long child = post.mailbox("INBOX/child");
        for (int i = 0; i < 3; i++) post.append(inbox, "m" + i, Flags.NONE);
        MailboxInfo renamed =
                ((MailboxChange.Done) post.alice.rename(MailboxName.INBOX, Post.name("old")))
                        .mailbox();
        assertThat(renamed.counts().messages()).isEqualTo(3);
        assertThat(post.inbox()).isEqualTo(inbox);
        assertThat(post.view(inbox).size()).isZero();
        assertThat(post.alice.mailbox(child).orElseThrow().name())
                .isEqualTo(Post.name("INBOX/child"));
    }

    @Test
    void answersJoinTheThread() throws IOException {
        long inbox = post.inbox();
        List<Long> threads = new ArrayList<>();
        for (ThreadKeys keys :
                List.of(
                        new ThreadKeys(List.of("1@x"), "hi"),
                        new ThreadKeys(List.of("2@x", "1@x"), "hi"),
                        new ThreadKeys(List.of("3@x", "1@x", "2@x"), "other"),
                        new ThreadKeys(List.of("5@x", "4@x"), "late"),
                        new ThreadKeys(List.of("4@x"), "late"))) {
            Placed placed =
                    post.message(
                            "m",
                            Flags.NONE,
                            m ->
                                    post.alice.append(
                                            inbox,
                                            List.of(
                                                    new NewMessage(
                                                            m.content(),
                                                            new Derived(
                                                                    new byte[0], new byte[0], keys),
                                                            m.flags(),
                                                            m.internalDate())),
                                            QuotaLimit.UNLIMITED));
            long emailId = ((Placed.Done) placed).emailIds().getFirst();
            threads.add(post.alice.emails(List.of(emailId)).getFirst().threadId());
        }
        assertThat(threads.get(1)).isEqualTo(threads.get(0));
        assertThat(threads.get(2)).isNotEqualTo(threads.get(0));
        assertThat(threads.get(4)).isEqualTo(threads.get(3)).isNotEqualTo(threads.get(0));
    }

    @Test
    void recentIsClaimedOnce() throws IOException {
        long inbox = post.inbox();
        post.append(inbox, "a", Flags.NONE);
        assertThat(post.alice.claimRecent(post.view(inbox))).isEqualTo(1);
        post.append(inbox, "b", Flags.NONE);
        assertThat(post.alice.firstRecent(inbox)).isEqualTo(2);
        assertThat(post.alice.claimRecent(post.view(inbox))).isEqualTo(2);
        assertThat(post.alice.claimRecent(post.view(inbox))).isEqualTo(3);
    }

    @Test
    void aLongListOfFactsIsCutIntoPieces() throws IOException {
        byte[] facts = new byte[200_000];
        new Random(5).nextBytes(facts);
        Placed placed =
                post.message(
                        "m",
                        Flags.NONE,
                        m ->
                                post.alice.append(
                                        post.inbox(),
                                        List.of(
                                                new NewMessage(
                                                        m.content(),
                                                        new Derived(
                                                                facts,
                                                                new byte[0],
                                                                ThreadKeys.NONE),
                                                        m.flags(),
                                                        m.internalDate())),
                                        QuotaLimit.UNLIMITED));
        long emailId = ((Placed.Done) placed).emailIds().getFirst();
        assertThat(post.alice.emails(List.of(emailId)).getFirst().facts()).isEqualTo(facts);
        assertThat(post.alice.headers(List.of(emailId)).getFirst()).isEmpty();
    }

    @Test
    void keywordsAreBounded() throws IOException {
        long inbox = post.inbox();
        post.append(inbox, "m", Flags.NONE);
        for (int i = 0; i < post.limits.keywords(); i++) {
            Flags keyword = Flags.of(List.of(), List.of("k" + i));
            assertThat(
                            post.alice.store(
                                    inbox,
                                    UidSet.of(1),
                                    new FlagChange(FlagChange.Mode.REPLACE, keyword),
                                    OptionalLong.empty()))
                    .isInstanceOf(Stored.Done.class);
        }
        Flags more = Flags.of(List.of(), List.of("more"));
        assertThat(
                        post.alice.store(
                                inbox,
                                UidSet.of(1),
                                new FlagChange(FlagChange.Mode.ADD, more),
                                OptionalLong.empty()))
                .isEqualTo(new Stored.TooManyKeywords());
        Placed refused =
                post.message(
                        "n", more, m -> post.alice.append(inbox, List.of(m), QuotaLimit.UNLIMITED));
        assertThat(refused).isEqualTo(new Placed.Refused(Placed.Reason.TOO_MANY));
    }
}
