package mansio.app.main;

import mansio.serve.admin.ListQueue;
import mansio.serve.admin.ShowQueued;
import mansio.state.directory.Outcome;
import mansio.state.queue.QueueId;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.util.Optional;

/** {@code mansio queue}. */
@Command(name = "queue", description = "The mail that is not yet where it belongs.")
final class QueueCommands {
    /** More are not listed. */
    private static final int MAX_LISTED = 10_000;

    private final Desk desk;

    QueueCommands(Desk desk) {
        this.desk = desk;
    }

    @Command(name = "list", description = "Lists the messages, the oldest first.")
    int list(@Mixin AskOptions options) throws IOException {
        return desk.ask(options, QueueCommands::all);
    }

    @Command(name = "show", description = "Shows a message and how far its recipients are.")
    int show(@Mixin AskOptions options, @Parameters(paramLabel = "ID") QueueId id)
            throws IOException {
        return desk.ask(options, new ShowQueued(id));
    }

    private static Outcome<ListQueue.Entries> all(Respondent respondent) throws IOException {
        Outcome<ListQueue.Entries> shown = respondent.ask(new ListQueue(Optional.empty()));
        while (shown instanceof Outcome.Done<ListQueue.Entries>(ListQueue.Entries some)
                && some.more()
                && some.entries().size() < MAX_LISTED) {
            QueueId last = some.entries().getLast().id();
            shown = respondent.ask(new ListQueue(Optional.of(last))).map(some::with);
        }
        return shown;
    }
}
