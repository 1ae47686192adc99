package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.state.directory.Outcome;

import java.io.IOException;
import java.util.List;

/** {@code alias remove}. */
public record RemoveAlias(Address address) implements Operation<RemoveAlias.Removed> {
    /** It is gone. */
    public record Removed(String name) implements Answer {
        @Override
        public List<String> lines() {
            return List.of("The alias " + name + " is removed.");
        }
    }

    @Override
    public Outcome<Removed> run(Rooms rooms) throws IOException {
        return rooms.names().aliases().remove(address).map(alias -> new Removed(alias.name()));
    }
}
