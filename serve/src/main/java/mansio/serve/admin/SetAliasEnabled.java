package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.state.directory.Outcome;

import java.io.IOException;

/** {@code alias enable} and {@code alias disable}: nobody has the address of one that is off. */
public record SetAliasEnabled(Address address, boolean enabled) implements Operation<AliasFacts> {
    @Override
    public Outcome<AliasFacts> run(Rooms rooms) throws IOException {
        return rooms.names().aliases().setEnabled(address, enabled).map(AliasFacts::of);
    }
}
