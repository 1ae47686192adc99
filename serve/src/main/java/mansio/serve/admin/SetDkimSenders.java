package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.dkimkey.DkimKeys;
import mansio.state.dkimkey.KeyName;
import mansio.state.dkimkey.SenderPattern;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code dkim senders}: whom a key is for; nobody: everybody whom no other key is for. */
public record SetDkimSenders(Domain domain, String selector, List<String> senders)
        implements Operation<SetDkimSenders.Changed> {
    public SetDkimSenders {
        senders = List.copyOf(senders);
    }

    /** It holds from now on. */
    public record Changed(DkimFacts key) implements Answer {
        @Override
        public List<String> lines() {
            return List.of(key.line());
        }
    }

    @Override
    public Outcome<Changed> run(Rooms rooms) throws IOException {
        DkimKeys keys = rooms.signing().keys();
        Optional<KeyName> name = KeyName.of(domain, selector);
        if (name.isEmpty()) return HandleDkim.unknown(domain, selector);
        return switch (AddDkim.patterns(senders)) {
            case Outcome.Refused<List<SenderPattern>>(Problem problem, String sentence) ->
                    Outcome.refused(problem, sentence);
            case Outcome.Done<List<SenderPattern>>(List<SenderPattern> whom) ->
                    keys.setSenders(name.get(), whom)
                            .map(key -> new Changed(DkimFacts.of(key, keys)));
        };
    }
}
