package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.dkimkey.DkimKey;
import mansio.state.dkimkey.DkimKeys;
import mansio.state.dkimkey.KeyName;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code dkim activate}, {@code retire} and {@code remove}. */
public record HandleDkim(Domain domain, String selector, What what)
        implements Operation<HandleDkim.Handled> {
    /** What is done to a key. */
    public enum What {
        ACTIVATE,
        RETIRE,
        REMOVE
    }

    /** It is done. */
    public record Handled(DkimFacts key, What what) implements Answer {
        @Override
        public List<String> lines() {
            return switch (what) {
                case ACTIVATE, RETIRE -> List.of(key.line());
                case REMOVE ->
                        List.of("The key " + key.selector() + " of " + key.domain() + " is gone.");
            };
        }
    }

    @Override
    public Outcome<Handled> run(Rooms rooms) throws IOException {
        DkimKeys keys = rooms.signing().keys();
        Optional<KeyName> name = KeyName.of(domain, selector);
        if (name.isEmpty()) return unknown(domain, selector);
        Outcome<DkimKey> outcome =
                switch (what) {
                    case ACTIVATE -> keys.activate(name.get());
                    case RETIRE -> keys.retire(name.get());
                    case REMOVE -> keys.remove(name.get());
                };
        return outcome.map(key -> new Handled(DkimFacts.of(key, keys), what));
    }

    static <T> Outcome<T> unknown(Domain domain, String selector) {
        return Outcome.refused(Problem.NOT_FOUND, "there is no key " + selector + " of " + domain);
    }
}
