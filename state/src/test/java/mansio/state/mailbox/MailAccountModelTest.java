package mansio.state.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.state.mailbox.Delivery.Attempt;
import mansio.state.mailbox.Model.Box;
import mansio.state.mailbox.Model.Message;
import mansio.state.store.BlobWriter;
import mansio.state.store.Content;
import mansio.state.store.Finding;
import mansio.state.store.StoreStoppedError;
import mansio.testkit.sim.Seeds;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * Random commands against an account on a disk that crashes, beside a model made of maps. A seed
 * that fails is named by the test; it fails again.
 */
class MailAccountModelTest {
    private static final int STEPS = 120;

    /** Small steps, so that large commands are common. */
    private static final MailLimits LIMITS =
            new MailLimits(30, 20, 200, Duration.ofDays(14), 7, 4, 60);

    static LongStream seeds() {
        return Seeds.of(10);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void theAccountIsWhatTheModelSays(long seed) throws IOException {
        try (Post post = new Post(LIMITS)) {
            new Run(post, new Random(seed)).steps();
        }
    }

    /** What a client knew of a mailbox when it went away. */
    private record Client(long mailboxId, long modSeq, Map<Long, Flags> flags) {}

    /** One seed's life of an account. */
    private static final class Run {
        private final Post post;
        private final Random random;
        private final List<Client> clients = new ArrayList<>();
        private final Map<Long, MailboxView> views = new HashMap<>();
        private Model model = new Model();
        private long queueId;
        private int texts;

        Run(Post post, Random random) throws IOException {
            this.post = post;
            this.random = random;
            this.model = Model.of(post, model);
        }

        void steps() throws IOException {
            for (int i = 0; i < STEPS; i++) {
                if (random.nextInt(12) == 0) crashWithin();
                else step();
                compare();
                if (random.nextInt(4) == 0) remember();
                if (random.nextInt(10) == 0) checkClients();
            }
            checkClients();
            purgeAndVerify();
        }

        private void step() throws IOException {
            switch (random.nextInt(14)) {
                case 0, 1, 2 -> deliver();
                case 3, 4 -> append(1);
                case 5 -> append(1 + random.nextInt(20));
                case 6 -> copy();
                case 7 -> move();
                case 8, 9 -> store();
                case 10 -> expunge();
                case 11 -> mailboxes();
                case 12 -> {
                    if (random.nextInt(3) == 0) {
                        post.crash(random);
                        views.clear();
                    }
                }
                case 13 -> {
                    post.time.move(Duration.ofDays(random.nextInt(10)));
                    post.accounts.maintain();
                }
                default -> throw new AssertionError();
            }
        }

        /**
         * The machine stops somewhere within a command: afterwards the account is as before it, or
         * as behind it. Only commands that promise to be whole are tried.
         */
        private void crashWithin() throws IOException {
            Model before = model.copy();
            boolean done = false;
            post.disk.failWritesAfter(random.nextInt(4));
            try {
                switch (random.nextInt(4)) {
                    case 0 -> deliver();
                    case 1 -> append(1 + random.nextInt(20));
                    case 2 -> copy();
                    default -> mailboxes();
                }
                done = true;
            } catch (IOException | StoreStoppedError e) {
                assertThat(e).isNotNull();
            }
            Model after = model;
            post.crash(random);
            views.clear();
            Model real = Model.of(post, before);
            if (done) assertThat(real.sameMail(after)).as("acknowledged").isTrue();
            else if (!real.sameMail(before)) {
                // It was done, but not told: it must have been done as a whole.
                unacknowledged(before, real);
            }
            model = real;
        }

        /** The number of placements that the command under way would add; 0 for any. */
        private int underWay;

        private void unacknowledged(Model before, Model real) {
            long added = real.use().messages() - before.use().messages();
            if (underWay > 0) assertThat(added).as("all or nothing").isEqualTo(underWay);
        }

        private long anyBox() {
            List<Long> ids = new ArrayList<>(model.boxes.keySet());
            ids.sort(null);
            return ids.get(random.nextInt(ids.size()));
        }

        private Flags anyFlags() {
            Flags flags = Flags.NONE;
            for (SystemFlag flag : SystemFlag.values())
                if (random.nextInt(4) == 0) flags = flags.plus(Flags.of(flag));
            if (random.nextInt(3) == 0)
                flags = flags.plus(Flags.of(List.of(), List.of("key" + random.nextInt(15))));
            return flags;
        }

        private UidSet anyUids(long mailboxId) {
            UidSet.Builder uids = new UidSet.Builder();
            long highest = model.boxes.get(mailboxId).highestUid + 2;
            if (random.nextInt(3) == 0) uids.addRange(1 + random.nextInt((int) highest), highest);
            for (int i = random.nextInt(8); i >= 0; i--) uids.add(1 + random.nextLong(highest));
            return uids.build();
        }

        private String anyText() {
            return "text " + texts++ + "x".repeat(random.nextInt(200));
        }

        private void deliver() throws IOException {
            long id = queueId++;
            String text = anyText();
            underWay = 1;
            Attempt attempt = random.nextBoolean() ? Attempt.FIRST : Attempt.REPEATED;
            Delivered delivered = post.deliver(id, text, attempt);
            add(delivered.mailboxId(), delivered.uid(), text, Flags.NONE, delivered.emailId());
            if (random.nextBoolean()) {
                Delivered again = post.deliver(id, text, Attempt.REPEATED);
                assertThat(again.repeated()).isTrue();
                assertThat(again.uid()).isEqualTo(delivered.uid());
            }
        }

        private void add(long mailboxId, long uid, String text, Flags flags, long emailId)
                throws IOException {
            Box box = model.boxes.get(mailboxId);
            assertThat(uid).as("a UID is never used again").isGreaterThan(box.highestUid);
            box.highestUid = uid;
            box.messages.put(uid, new Message(text, flags, emailId, -1));
        }

        private void append(int count) throws IOException {
            long box = anyBox();
            underWay = count;
            List<BlobWriter> writers = new ArrayList<>();
            try {
                List<NewMessage> messages = new ArrayList<>();
                List<String> bodies = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    String text = anyText();
                    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                    BlobWriter blob = post.store.blobs().create();
                    writers.add(blob);
                    blob.write(bytes, 0, bytes.length);
                    blob.finish();
                    Content content =
                            Content.of(blob.id(), bytes.length)
                                    .prepend(
                                            "Return-Path: <>\r\n".getBytes(StandardCharsets.UTF_8));
                    bodies.add(text);
                    messages.add(
                            new NewMessage(content, Post.derived(text), anyFlags(), Post.DATE));
                }
                Placed.Done done =
                        (Placed.Done) post.alice.append(box, messages, QuotaLimit.UNLIMITED);
                assertThat(done.to().size()).isEqualTo(count);
                for (int i = 0; i < count; i++) {
                    long uid = done.to().select(i);
                    add(box, uid, bodies.get(i), messages.get(i).flags(), done.emailIds().get(i));
                }
            } finally {
                for (BlobWriter writer : writers) writer.close();
            }
        }

        private void copy() throws IOException {
            long from = anyBox();
            long to = anyBox();
            UidSet uids = anyUids(from);
            TreeMap<Long, Message> chosen = chosen(from, uids);
            underWay = chosen.size();
            Placed.Done done =
                    (Placed.Done)
                            post.alice.copy(new Transfer(from, uids, to), QuotaLimit.UNLIMITED);
            assertThat(done.from().toArray())
                    .containsExactly(chosen.keySet().stream().mapToLong(Long::longValue).toArray());
            int i = 0;
            for (Message message : chosen.values()) {
                assertThat(done.emailIds().get(i)).isEqualTo(message.emailId());
                add(to, done.to().select(i++), message.text(), message.flags(), message.emailId());
            }
        }

        private TreeMap<Long, Message> chosen(long mailboxId, UidSet uids) {
            TreeMap<Long, Message> chosen = new TreeMap<>(model.boxes.get(mailboxId).messages);
            chosen.keySet().removeIf(uid -> !uids.contains(uid));
            return chosen;
        }

        private void move() throws IOException {
            long from = anyBox();
            long to = anyBox();
            UidSet uids = anyUids(from);
            TreeMap<Long, Message> chosen = chosen(from, uids);
            Placed.Done done = (Placed.Done) post.alice.move(new Transfer(from, uids, to));
            assertThat(done.from().size()).isEqualTo(chosen.size());
            int i = 0;
            for (Message message : chosen.values())
                add(to, done.to().select(i++), message.text(), message.flags(), message.emailId());
            model.boxes.get(from).messages.keySet().removeAll(chosen.keySet());
        }

        private void store() throws IOException {
            long mailboxId = anyBox();
            Box box = model.boxes.get(mailboxId);
            UidSet uids = anyUids(mailboxId);
            FlagChange.Mode mode =
                    FlagChange.Mode.values()[random.nextInt(FlagChange.Mode.values().length)];
            FlagChange change = new FlagChange(mode, anyFlags());
            OptionalLong since =
                    random.nextInt(3) == 0
                            ? OptionalLong.of(random.nextLong(box.highestModSeq + 1))
                            : OptionalLong.empty();
            Stored.Done done = (Stored.Done) post.alice.store(mailboxId, uids, change, since);
            UidSet.Builder changed = new UidSet.Builder();
            UidSet.Builder modified = new UidSet.Builder();
            chosen(mailboxId, uids)
                    .forEach(
                            (uid, message) -> {
                                Flags now = change.apply(message.flags());
                                if (since.isPresent() && message.modSeq() > since.getAsLong()) {
                                    modified.add(uid);
                                } else if (!now.equals(message.flags())) {
                                    changed.add(uid);
                                    box.messages.put(uid, message.with(now, -1));
                                }
                            });
            assertThat(done.changed()).isEqualTo(changed.build());
            assertThat(done.modified()).isEqualTo(modified.build());
        }

        private void expunge() throws IOException {
            long mailboxId = anyBox();
            UidSet uids = anyUids(mailboxId);
            Box box = model.boxes.get(mailboxId);
            UidSet.Builder gone = new UidSet.Builder();
            chosen(mailboxId, uids)
                    .forEach(
                            (uid, message) -> {
                                if (message.flags().has(SystemFlag.DELETED)) gone.add(uid);
                            });
            Expunged expunged = post.alice.expungeDeleted(mailboxId, uids);
            assertThat(expunged.uids()).isEqualTo(gone.build());
            box.messages.keySet().removeIf(expunged.uids()::contains);
        }

        private void mailboxes() throws IOException {
            underWay = 0;
            String name = "box" + random.nextInt(5);
            Optional<MailboxInfo> existing = post.alice.mailbox(Post.name(name));
            if (existing.isEmpty()) {
                long id = post.mailbox(name);
                assertThat(model.boxes).doesNotContainKey(id);
                model.boxes.put(id, new Box(name));
            } else if (random.nextInt(3) == 0) {
                post.alice.delete(Post.name(name));
                model.boxes.remove(existing.get().id());
                clients.removeIf(client -> client.mailboxId() == existing.get().id());
                views.remove(existing.get().id());
            }
        }

        /** The account holds what the model says, and MODSEQs grow only with changes. */
        private void compare() throws IOException {
            Model real = Model.of(post, model);
            assertThat(real.sameMail(model)).as("is\n%s\nshould be\n%s", real, model).isTrue();
            assertThat(post.alice.quota()).isEqualTo(real.use());
            for (Map.Entry<Long, Box> entry : real.boxes.entrySet()) {
                Box before = model.boxes.get(entry.getKey());
                checkModSeqs(before, entry.getValue());
                checkView(entry.getKey());
            }
            model = real;
        }

        private static void checkModSeqs(Box before, Box now) {
            assertThat(now.highestModSeq).isGreaterThanOrEqualTo(before.highestModSeq);
            for (Map.Entry<Long, Message> entry : now.messages.entrySet()) {
                long modSeq = entry.getValue().modSeq();
                Message earlier = before.messages.get(entry.getKey());
                assertThat(modSeq).isPositive().isLessThanOrEqualTo(now.highestModSeq);
                if (earlier.modSeq() < 0) assertThat(modSeq).isGreaterThan(before.highestModSeq);
                else assertThat(modSeq).isEqualTo(earlier.modSeq());
            }
        }

        /** A view and the difference to the one before it agree. */
        private void checkView(long mailboxId) throws IOException {
            MailboxView now = post.view(mailboxId);
            long last = 0;
            int unseen = 0;
            for (int i = 0; i < now.size(); i++) {
                assertThat(now.uid(i)).as("each placement once").isGreaterThan(last);
                last = now.uid(i);
                if (!now.flags(i).has(SystemFlag.SEEN)) unseen++;
            }
            assertThat(now.counts().unseen()).isEqualTo(unseen);
            MailboxView then = views.put(mailboxId, now);
            if (then == null) return;
            ViewDiff difference = now.since(then);
            assertThat(then.uids().or(difference.arrived()).andNot(difference.gone()))
                    .isEqualTo(now.uids());
            assertThat(difference.arrived().or(difference.changed()))
                    .isEqualTo(now.changedAfter(then.counts().highestModSeq()));
        }

        private void remember() throws IOException {
            long mailboxId = anyBox();
            MailboxView view = post.view(mailboxId);
            Map<Long, Flags> flags = new HashMap<>();
            for (int i = 0; i < view.size(); i++) flags.put(view.uid(i), view.flags(i));
            clients.add(new Client(mailboxId, view.counts().highestModSeq(), flags));
        }

        /** QRESYNC is complete: whoever applies the changes knows the mailbox. */
        private void checkClients() throws IOException {
            for (Client client : clients) {
                if (!model.boxes.containsKey(client.mailboxId())) continue;
                MailboxView view = post.view(client.mailboxId());
                Changes changes = post.alice.changesSince(view, client.modSeq());
                Map<Long, Flags> known = new HashMap<>(client.flags());
                changes.vanished().forEach(known::remove);
                changes.changed().forEach(uid -> known.put(uid, view.flags(view.indexOf(uid))));
                Map<Long, Flags> truth = new HashMap<>();
                for (int i = 0; i < view.size(); i++) truth.put(view.uid(i), view.flags(i));
                assertThat(known).isEqualTo(truth);
            }
            clients.clear();
        }

        /** When all that is kept is purged, what is held is what is placed. */
        private void purgeAndVerify() throws IOException {
            verify();
            post.time.move(Duration.ofDays(30));
            post.accounts.maintain();
            compare();
            verify();
        }

        private void verify() throws IOException {
            List<Finding> findings = new ArrayList<>();
            post.store.verify(List.of(new AccountVerifier()), findings::add);
            assertThat(findings).isEmpty();
        }
    }
}
