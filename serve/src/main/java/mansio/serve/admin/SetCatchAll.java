package mansio.serve.admin;

import mansio.codec.text.Address;
import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;

import java.io.IOException;
import java.util.Optional;

/**
 * {@code domain catch-all}: who gets the mail for addresses that nobody has.
 *
 * @param target empty for nobody: such mail is refused
 */
public record SetCatchAll(Domain domain, Optional<Address> target)
        implements Operation<DomainFacts> {
    @Override
    public Outcome<DomainFacts> run(Rooms rooms) throws IOException {
        return rooms.names().editor().setCatchAll(domain, target).map(DomainFacts::of);
    }
}
