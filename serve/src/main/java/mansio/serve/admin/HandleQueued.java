package mansio.serve.admin;

import mansio.state.directory.Outcome;
import mansio.state.queue.QueueId;
import mansio.state.queue.QueueOperations;
import mansio.state.queue.QueueOperations.Handled;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code queue retry}, {@code hold}, {@code release}, {@code remove} and {@code bounce}. */
public record HandleQueued(QueueId id, What what) implements Operation<HandleQueued.Done> {
    private static final String WHO = "an administrator";

    /** What is done to a message. */
    public enum What {
        RETRY("is tried again at once"),
        HOLD("is held"),
        RELEASE("goes on"),
        REMOVE("is removed; nobody is told"),
        BOUNCE("is given up; the sender is told");

        private final String words;

        What(String words) {
            this.words = words;
        }
    }

    /**
     * It is done.
     *
     * @param recipients for how many
     * @param beingSent for how many it was not, because they are being sent just now
     */
    public record Done(QueueId id, What what, int recipients, int beingSent) implements Answer {
        @Override
        public List<String> lines() {
            String done = "%s %s, for %d of its recipients.".formatted(id, what.words, recipients);
            return beingSent == 0
                    ? List.of(done)
                    : List.of(done, "Not for " + beingSent + " that are being sent just now.");
        }

        @Override
        public boolean satisfied() {
            return beingSent == 0;
        }
    }

    @Override
    public Outcome<Done> run(Rooms rooms) throws IOException {
        QueueOperations queue = rooms.mail().queue().operations();
        Optional<Handled> handled =
                switch (what) {
                    case RETRY -> queue.retry(id);
                    case HOLD -> queue.hold(id, "by " + WHO);
                    case RELEASE -> queue.release(id);
                    case REMOVE -> queue.remove(id, WHO);
                    case BOUNCE -> queue.bounce(id, WHO);
                };
        return handled.map(it -> Outcome.done(new Done(id, what, it.recipients(), it.beingSent())))
                .orElseGet(
                        () ->
                                Outcome.refused(
                                        Outcome.Problem.NOT_FOUND, id + " is not in the queue"));
    }
}
