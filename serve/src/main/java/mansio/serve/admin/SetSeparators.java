package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;

import java.io.IOException;

/**
 * {@code domain separators}: what parts a local part from its subaddress detail (RFC 5233).
 *
 * @param separators each character is one; empty for no subaddresses
 */
public record SetSeparators(Domain domain, String separators) implements Operation<DomainFacts> {
    @Override
    public Outcome<DomainFacts> run(Rooms rooms) throws IOException {
        return rooms.names().editor().setSeparators(domain, separators).map(DomainFacts::of);
    }
}
