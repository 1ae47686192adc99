package mansio.serve.admin;

import mansio.codec.text.Domain;
import mansio.codec.text.SyntaxException;
import mansio.state.directory.Outcome;
import mansio.state.directory.Outcome.Problem;
import mansio.state.dkimkey.DkimKeys;
import mansio.state.dkimkey.DkimKeys.Wish;
import mansio.state.dkimkey.KeyAlgorithm;
import mansio.state.dkimkey.SenderPattern;
import mansio.trust.dkim.KeyMaterial;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code dkim import}: a key that was made elsewhere. It signs when its record was seen in the DNS,
 * where it is already when it was in use.
 *
 * @param pem the private key; never told to anybody
 */
public record ImportDkim(Domain domain, String selector, Secret pem, List<String> senders)
        implements Operation<ImportDkim.Taken> {
    private static final int GOOD_BITS = 2_048;

    public ImportDkim {
        senders = List.copyOf(senders);
    }

    /**
     * It is here.
     *
     * @param notes what its owner should know
     */
    public record Taken(DkimFacts key, List<String> notes) implements Answer {
        public Taken {
            notes = List.copyOf(notes);
        }

        @Override
        public List<String> lines() {
            List<String> lines = new ArrayList<>(List.of(key.line()));
            notes.forEach(it -> lines.add("Note: " + it));
            return lines;
        }
    }

    @Override
    public Outcome<Taken> run(Rooms rooms) throws IOException {
        DkimKeys keys = rooms.signing().keys();
        KeyMaterial material;
        try {
            material = KeyMaterial.ofPem(pem.text());
        } catch (SyntaxException e) {
            return Outcome.refused(Problem.INVALID, "it cannot be read: " + e.getMessage());
        }
        KeyAlgorithm algorithm = KeyAlgorithm.of(material);
        List<String> notes =
                algorithm.family() == KeyAlgorithm.Family.RSA && algorithm.bits() < GOOD_BITS
                        ? List.of(
                                algorithm.bits()
                                        + " bits are few today; replace it soon: mansio dkim rotate"
                                        + " "
                                        + domain)
                        : List.of();
        Outcome<Taken> taken =
                switch (AddDkim.patterns(senders)) {
                    case Outcome.Refused<List<SenderPattern>>(Problem problem, String sentence) ->
                            Outcome.refused(problem, sentence);
                    case Outcome.Done<List<SenderPattern>>(List<SenderPattern> whom) ->
                            keys.take(
                                            domain,
                                            new Wish(Optional.of(selector), algorithm, whom),
                                            material)
                                    .map(key -> new Taken(DkimFacts.of(key, keys), notes));
                };
        rooms.signing().wake();
        return taken;
    }
}
