package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;

import java.io.IOException;
import java.util.List;

/** {@code domain add}: mail for the domain ends here from now on. */
public record AddDomain(Domain domain) implements Operation<AddDomain.Added> {
    /** It is there. */
    public record Added(Domain domain) implements Answer {
        @Override
        public List<String> lines() {
            return List.of("The domain " + domain.toUnicode() + " is added.");
        }
    }

    @Override
    public Outcome<Added> run(Rooms rooms) throws IOException {
        return rooms.names().editor().addDomain(domain).map(info -> new Added(info.domain()));
    }
}
