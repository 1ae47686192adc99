package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.state.directory.Outcome;

import java.io.IOException;

/** {@code alias comment}: what it is for; empty takes the comment away. */
public record SetAliasComment(Address address, String comment) implements Operation<AliasFacts> {
    @Override
    public Outcome<AliasFacts> run(Rooms rooms) throws IOException {
        return rooms.names().aliases().setComment(address, comment).map(AliasFacts::of);
    }
}
