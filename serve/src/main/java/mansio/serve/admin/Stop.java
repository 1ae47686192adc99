package mansio.serve.admin;

import mansio.state.directory.Outcome;

import java.io.IOException;
import java.util.List;

/** {@code stop}: the running server ends its sessions and itself. */
public record Stop() implements Operation<Stop.Stopping> {
    /**
     * It has begun to stop.
     *
     * @param pid whose end to wait for
     */
    public record Stopping(long pid) implements Answer {
        @Override
        public List<String> lines() {
            return List.of("Mansio (pid " + pid + ") is stopped.");
        }
    }

    @Override
    public Outcome<Stopping> run(Rooms rooms) throws IOException {
        if (rooms.site().server().isEmpty()) {
            return Outcome.refused(
                    Outcome.Problem.NOT_FOUND,
                    "no server runs on the data folder " + rooms.site().folder());
        }
        rooms.site().server().get().stop();
        return Outcome.done(new Stopping(ProcessHandle.current().pid()));
    }
}
