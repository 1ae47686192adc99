package mansio.state.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import mansio.state.mailbox.Model.Box;
import mansio.state.mailbox.Model.Message;
import mansio.state.store.Finding;
import mansio.state.store.StoreStoppedError;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;

/**
 * MOVE, STORE, EXPUNGE and RENAME of INBOX take several steps when they concern much. The machine
 * stops before each of them in turn: every message is then whole, in one place and with the flags
 * of before or behind, and the command given again ends the work.
 */
class CommandCrashTest {
    private static final int MESSAGES = 40;
    private static final Flags MARKED = Flags.of(SystemFlag.FLAGGED);

    /** More steps than any of the commands takes. */
    private static final int MAX_STEPS = 30;

    /** Seven placements a step. */
    private static final MailLimits SMALL =
            new MailLimits(30, 20, 200, Duration.ofDays(14), 7, 4, 60);

    enum Interrupted {
        MOVE,
        STORE,
        EXPUNGE,
        RENAME_INBOX,
        RENAME_SMALL_INBOX
    }

    @ParameterizedTest
    @EnumSource
    void everyMessageIsWholeWhereverTheMachineStops(Interrupted command) throws IOException {
        int crashes = 0;
        for (int steps = 0; !endsWithin(steps, command); steps++) {
            crashes++;
            assertThat(steps).isLessThan(MAX_STEPS);
        }
        // STORE and EXPUNGE step by what a batch holds, which is more than these few.
        int atLeast = command == Interrupted.MOVE || command == Interrupted.RENAME_INBOX ? 5 : 1;
        assertThat(crashes).isGreaterThanOrEqualTo(atLeast);
    }

    /** Lets so many writes succeed; true when that was enough. */
    private static boolean endsWithin(int writes, Interrupted command) throws IOException {
        try (Post post = new Post(command == Interrupted.RENAME_SMALL_INBOX ? BIG : SMALL)) {
            for (int i = 0; i < MESSAGES; i++) {
                Flags flags = i % 2 == 0 ? Flags.of(SystemFlag.DELETED) : Flags.NONE;
                post.append(post.inbox(), "text " + i, flags);
            }
            Model before = Model.of(post, new Model());
            post.disk.failWritesAfter(writes);
            boolean done = false;
            try {
                give(post, command);
                done = true;
            } catch (IOException | StoreStoppedError e) {
                assertThat(e).isNotNull();
            }
            post.crash(new Random(writes));
            Model after = Model.of(post, before);
            new Check(post, before, after).between(command);
            verify(post);
            again(post, command);
            new Check(post, before, Model.of(post, before)).finished(command);
            verify(post);
            return done;
        }
    }

    private static final MailLimits BIG =
            new MailLimits(30, 20, 200, Duration.ofDays(14), 100, 4, 60);

    private static UidSet all() {
        return UidSet.range(1, MESSAGES);
    }

    private static long archive(Post post) throws IOException {
        return post.alice.mailbox(Post.name("Archive")).orElseThrow().id();
    }

    private static void give(Post post, Interrupted command) throws IOException {
        switch (command) {
            case MOVE -> post.alice.move(new Transfer(post.inbox(), all(), archive(post)));
            case STORE ->
                    post.alice.store(
                            post.inbox(),
                            all(),
                            new FlagChange(FlagChange.Mode.ADD, MARKED),
                            OptionalLong.empty());
            case EXPUNGE -> post.alice.expungeDeleted(post.inbox());
            case RENAME_INBOX, RENAME_SMALL_INBOX ->
                    post.alice.rename(MailboxName.INBOX, Post.name("old"));
        }
    }

    /** What a client does that was not answered. */
    private static void again(Post post, Interrupted command) throws IOException {
        var made = post.alice.mailbox(Post.name("old"));
        if (made.isPresent()) {
            post.alice.move(new Transfer(post.inbox(), all(), made.get().id()));
        } else {
            give(post, command);
        }
    }

    private static void verify(Post post) throws IOException {
        List<Finding> findings = new ArrayList<>();
        post.store.verify(List.of(new AccountVerifier()), findings::add);
        assertThat(findings).isEmpty();
    }

    /** The account before and behind the crash. */
    private record Check(Post post, Model before, Model after) {
        private List<Message> messages(Model model) throws IOException {
            List<Message> all = new ArrayList<>();
            for (Box box : model.boxes.values()) all.addAll(box.messages.values());
            return all;
        }

        void between(Interrupted command) throws IOException {
            Map<Long, Message> inbox = after.boxes.get(post.inbox()).messages;
            for (Message was : before.boxes.get(post.inbox()).messages.values()) {
                List<Message> now =
                        messages(after).stream()
                                .filter(it -> it.text().equals(was.text()))
                                .toList();
                boolean mayBeGone =
                        command == Interrupted.EXPUNGE && was.flags().has(SystemFlag.DELETED);
                if (now.isEmpty() && mayBeGone) continue;
                assertThat(now).as("%s is in one place", was.text()).hasSize(1);
                assertThat(now.getFirst().flags())
                        .isIn(
                                was.flags(),
                                command == Interrupted.STORE
                                        ? was.flags().plus(MARKED)
                                        : was.flags());
            }
            if (command == Interrupted.RENAME_SMALL_INBOX) {
                boolean made = post.alice.mailbox(Post.name("old")).isPresent();
                assertThat(inbox).as("all or nothing").hasSize(made ? 0 : MESSAGES);
            }
        }

        void finished(Interrupted command) throws IOException {
            Map<Long, Message> inbox = after.boxes.get(post.inbox()).messages;
            switch (command) {
                case MOVE, RENAME_INBOX, RENAME_SMALL_INBOX -> {
                    assertThat(inbox).isEmpty();
                    assertThat(messages(after)).hasSize(MESSAGES);
                }
                case STORE ->
                        assertThat(inbox.values())
                                .hasSize(MESSAGES)
                                .allMatch(it -> it.flags().has(SystemFlag.FLAGGED));
                case EXPUNGE ->
                        assertThat(inbox.values())
                                .hasSize(MESSAGES / 2)
                                .noneMatch(it -> it.flags().has(SystemFlag.DELETED));
            }
        }
    }
}
