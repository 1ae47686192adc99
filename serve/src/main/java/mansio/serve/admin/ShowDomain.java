package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;

import java.io.IOException;

/** {@code domain show}. */
public record ShowDomain(Domain domain) implements Operation<DomainFacts> {
    @Override
    public Outcome<DomainFacts> run(Rooms rooms) throws IOException {
        return rooms.names().editor().domain(domain).map(DomainFacts::of);
    }
}
