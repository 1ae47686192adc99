package mansio.app.main;

import mansio.serve.admin.HandleQueued;
import mansio.serve.admin.HandleQueued.What;
import mansio.serve.admin.ListQueue;
import mansio.serve.admin.QueueLanes;
import mansio.serve.admin.RetryAllQueued;
import mansio.serve.admin.ShowQueued;
import mansio.state.directory.Outcome;
import mansio.state.queue.QueueId;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.Objects;
import java.util.Optional;

/** {@code mansio queue}. */
@Command(name = "queue", description = "The mail that is not yet where it belongs.")
final class QueueCommands {
    private static final int USUALLY_LISTED = 100;

    /** More are not listed. */
    private static final int MAX_LISTED = 10_000;

    private final Desk desk;

    QueueCommands(Desk desk) {
        this.desk = desk;
    }

    @Command(
            name = "list",
            description = "Tells where messages wait and why, then lists them, the oldest first.")
    int list(
            @Mixin AskOptions options,
            @Option(names = "--all", description = "The first 10,000 messages, not 100.")
                    boolean all)
            throws IOException {
        return desk.ask(
                options, respondent -> messages(respondent, all ? MAX_LISTED : USUALLY_LISTED));
    }

    @Command(name = "show", description = "Shows a message and how far its recipients are.")
    int show(@Mixin AskOptions options, @Parameters(paramLabel = "ID") QueueId id)
            throws IOException {
        return desk.ask(options, new ShowQueued(id));
    }

    @Command(name = "lanes", description = "Shows where mail for other servers waits, and why.")
    int lanes(@Mixin AskOptions options) throws IOException {
        return desk.ask(options, new QueueLanes());
    }

    @Command(name = "retry", description = "Tries a message at once, or all of them.")
    int retry(@Mixin AskOptions options, @ArgGroup(multiplicity = "1") Which which)
            throws IOException {
        return which.all
                ? desk.ask(options, new RetryAllQueued())
                : handle(options, Objects.requireNonNull(which.id), What.RETRY);
    }

    /** One message, or all. */
    static final class Which {
        @Parameters(paramLabel = "ID")
        @Nullable QueueId id; // Null with --all.

        @Option(names = "--all", description = "All that waits.")
        boolean all;
    }

    @Command(name = "hold", description = "Keeps a message until it is released.")
    int hold(@Mixin AskOptions options, @Parameters(paramLabel = "ID") QueueId id)
            throws IOException {
        return handle(options, id, What.HOLD);
    }

    @Command(name = "release", description = "Lets a held message go.")
    int release(@Mixin AskOptions options, @Parameters(paramLabel = "ID") QueueId id)
            throws IOException {
        return handle(options, id, What.RELEASE);
    }

    @Command(name = "remove", description = "Throws a message away; nobody is told.")
    int remove(@Mixin AskOptions options, @Parameters(paramLabel = "ID") QueueId id)
            throws IOException {
        return handle(options, id, What.REMOVE);
    }

    @Command(name = "bounce", description = "Gives a message up and tells its sender.")
    int bounce(@Mixin AskOptions options, @Parameters(paramLabel = "ID") QueueId id)
            throws IOException {
        return handle(options, id, What.BOUNCE);
    }

    private int handle(AskOptions options, QueueId id, What what) throws IOException {
        return desk.ask(options, new HandleQueued(id, what));
    }

    /** The whole queue, as far as it is listed. */
    static Outcome<ListQueue.Entries> all(Respondent respondent) throws IOException {
        return messages(respondent, MAX_LISTED);
    }

    private static Outcome<ListQueue.Entries> messages(Respondent respondent, int most)
            throws IOException {
        Outcome<ListQueue.Entries> shown = respondent.ask(new ListQueue(Optional.empty()));
        while (shown instanceof Outcome.Done<ListQueue.Entries>(ListQueue.Entries some)
                && some.more()
                && some.entries().size() < most) {
            QueueId last = some.entries().getLast().id();
            shown = respondent.ask(new ListQueue(Optional.of(last))).map(some::with);
        }
        return shown.map(it -> it.first(most));
    }
}
