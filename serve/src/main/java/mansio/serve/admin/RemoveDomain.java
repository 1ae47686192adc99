package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;

import java.io.IOException;
import java.util.List;

/** {@code domain remove}: only when nothing is in it any more. */
public record RemoveDomain(Domain domain) implements Operation<RemoveDomain.Removed> {
    /** It is gone. */
    public record Removed(Domain domain) implements Answer {
        @Override
        public List<String> lines() {
            return List.of("The domain " + domain.toUnicode() + " is removed.");
        }
    }

    @Override
    public Outcome<Removed> run(Rooms rooms) throws IOException {
        Outcome<Removed> removed =
                rooms.names().editor().removeDomain(domain).map(info -> new Removed(info.domain()));
        if (removed instanceof Outcome.Done<Removed>) rooms.signing().keys().forget(domain);
        return removed;
    }
}
