package mansio.serve.admin;

import mansio.state.directory.Outcome;

import java.io.IOException;
import java.util.List;

/** {@code srs rotate}: reverse-paths of forwarded mail are signed with a new key. */
public record RotateSrs() implements Operation<RotateSrs.Rotated> {
    /**
     * It is in use.
     *
     * @param keys how many verify now, the new one among them
     */
    public record Rotated(int keys) implements Answer {
        @Override
        public List<String> lines() {
            return List.of(
                    "Reverse-paths are signed with a new key; "
                            + (keys - 1)
                            + " older keys are still good for bounces on their way.");
        }
    }

    @Override
    public Outcome<Rotated> run(Rooms rooms) throws IOException {
        return rooms.names().directory().returnPaths().rotate().map(Rotated::new);
    }
}
