package mansio.serve.admin;

import mansio.state.directory.Outcome;

import java.util.List;

/** {@code queue retry --all}. */
public record RetryAllQueued() implements Operation<RetryAllQueued.Retried> {
    /**
     * It has begun.
     *
     * @param waiting messages that are tried as soon as there is room
     */
    public record Retried(int waiting) implements Answer {
        @Override
        public List<String> lines() {
            return List.of(
                    (waiting == 1 ? "1 message is" : waiting + " messages are")
                            + " tried as soon as there is room.");
        }
    }

    @Override
    public Outcome<Retried> run(Rooms rooms) {
        if (rooms.site().server().isEmpty()) {
            return Outcome.refused(
                    Outcome.Problem.INVALID, "no server runs that could try what is in the queue");
        }
        rooms.mail().queue().operations().retryAll();
        return Outcome.done(new Retried(rooms.mail().queue().operations().summary(0).waiting()));
    }
}
