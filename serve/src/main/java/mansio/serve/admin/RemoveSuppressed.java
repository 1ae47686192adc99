package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.state.directory.Outcome;

import java.io.IOException;
import java.util.List;

/** {@code queue suppressed remove}. */
public record RemoveSuppressed(Address address) implements Operation<RemoveSuppressed.Removed> {
    /** It is tried again from now on. */
    public record Removed(Address address) implements Answer {
        @Override
        public List<String> lines() {
            return List.of(address.toDisplay() + " is tried again.");
        }
    }

    @Override
    public Outcome<Removed> run(Rooms rooms) throws IOException {
        return rooms.mail().queue().suppressions().remove(address)
                ? Outcome.done(new Removed(address))
                : Outcome.refused(
                        Outcome.Problem.NOT_FOUND, address.toDisplay() + " is not suppressed");
    }
}
