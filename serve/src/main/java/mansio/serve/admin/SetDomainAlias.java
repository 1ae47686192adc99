package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;

import java.io.IOException;
import java.util.Optional;

/**
 * {@code domain alias}: a domain that has the addresses of another one.
 *
 * @param other empty: it has its own again
 */
public record SetDomainAlias(Domain domain, Optional<Domain> other)
        implements Operation<DomainFacts> {
    @Override
    public Outcome<DomainFacts> run(Rooms rooms) throws IOException {
        return rooms.names().editor().setAliasOf(domain, other).map(DomainFacts::of);
    }
}
